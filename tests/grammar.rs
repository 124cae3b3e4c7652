//! The grammar against the parser: what is accepted, and that it prints back.

use casebook::syntax::{Piece, parse, split};
use std::fs;
use std::path::Path;

/// The statements of every file in a folder of `grammar/`.
fn corpus(folder: &str) -> Vec<Piece> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar").join(folder);
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| split(&fs::read_to_string(path).expect("a text file"))).collect()
}

#[test]
fn what_is_accepted_prints_back() {
    for piece in corpus("accept") {
        let tree = parse(&piece.text).unwrap_or_else(|error| panic!("{}\n{error:?}", piece.text));
        let printed = tree.to_string();
        let again = parse(&printed).unwrap_or_else(|error| panic!("{printed}\n{error:?}"));
        assert_eq!(again, tree, "{}\nprints as\n{printed}", piece.text);
        assert_eq!(again.to_string(), printed);
    }
}
