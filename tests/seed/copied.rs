//! The seed says everything in words of its own. `paper.words` holds what the paper's wording looks like, and not
//! the wording: for every run of [`RUN`] words a few bytes of a digest, sorted. Titles of works, names and the
//! reference list are left out.
//!
//! `CASEBOOK_PAPER=paper.txt cargo test --test seed -- --ignored` writes it anew from the paper's text.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// So many words in a row are the paper's own.
const RUN: usize = 6;
/// So many bytes of a digest tell one run from another.
const BYTES: usize = 5;

type Print = [u8; BYTES];

/// Names of works and bodies, which have no other words.
const NAMES: [&str; 3] = [
    "jan vang lauridsen circle lu se",
    "centre for innovation research and competence in the learning economy",
    "research center for urban management and regional development",
];

fn words(text: &str) -> Vec<String> {
    let letters = |c: char| !c.is_alphanumeric();
    text.split(letters).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn print(run: &[String]) -> Print {
    let digest = blake3::hash(run.join(" ").as_bytes());
    digest.as_bytes()[..BYTES].try_into().expect("a digest is longer")
}

fn place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seed/paper.words")
}

fn prints_of_the_paper() -> BTreeSet<Print> {
    let bytes = fs::read(place()).expect("the prints are kept");
    bytes.chunks_exact(BYTES).map(|chunk| chunk.try_into().expect("chunks of that size")).collect()
}

/// The texts in quotes that a statement of the seed says something in: no locators, and of a work neither its
/// title nor where it appeared.
fn sayings(line: &str) -> Vec<String> {
    let names_work = ["author:", "editor:", "publication:", "publisher:", "volume:", "pages:", "url:"];
    let line = line.trim_start();
    if line.starts_with('#')
        || line.starts_with("source ")
        || names_work.iter().any(|name| line.starts_with(name))
    {
        return Vec::new();
    }
    let (mut texts, mut text, mut depth, mut quoted) = (Vec::new(), String::new(), 0, false);
    for c in line.chars() {
        match (c, quoted) {
            ('"', true) => {
                quoted = false;
                if depth == 0 {
                    texts.push(std::mem::take(&mut text));
                }
                text.clear();
            }
            ('"', false) => quoted = true,
            (c, true) => text.push(c),
            ('[', false) => depth += 1,
            (']', false) => depth -= 1,
            _ => {}
        }
    }
    texts
}

#[test]
fn nothing_is_copied() {
    let prints = prints_of_the_paper();
    assert!(prints.len() > 9000, "{} prints", prints.len());
    let mut copies = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seed");
    for file in fs::read_dir(folder).expect("the seed is there") {
        let file = file.expect("an entry").path();
        let text = fs::read_to_string(&file).expect("a readable file");
        for (number, line) in (1..).zip(text.lines()) {
            for saying in sayings(line) {
                let words = words(&saying);
                let copied = words.windows(RUN).filter(|run| prints.contains(&print(run)));
                let copied =
                    copied.map(|run| run.join(" ")).find(|run| !NAMES.iter().any(|name| name.contains(run)));
                if let Some(run) = copied {
                    let name = file.file_name().unwrap_or_default().to_string_lossy().to_string();
                    copies.push(format!("{name}:{number}: `{run}` are the paper's words"));
                }
            }
        }
    }
    assert!(copies.is_empty(), "{}", copies.join("\n"));
}

#[test]
fn a_copy_would_be_seen() {
    // The paper's title, which its own block repeats and which therefore is no copy there.
    let title = words("Innovation policy for Asian SMEs: Exploring cluster differences");
    let prints = prints_of_the_paper();
    assert!(title.windows(RUN).all(|run| prints.contains(&print(run))));
    let said = sayings("  learning: limited \"said so\" [a \"section 1\"] (in 1990) \"and so\"");
    assert_eq!(said, ["said so", "and so"]);
}

#[test]
#[ignore = "writes tests/seed/paper.words from the paper's text"]
fn keep_the_prints() {
    let paper = std::env::var("CASEBOOK_PAPER").expect("CASEBOOK_PAPER names the paper's text");
    let text = fs::read_to_string(paper).expect("a readable file");
    let (before, rest) = text.split_once("\nReferences\n").expect("a list of references");
    let (_, after) = rest.split_once("\nTables and figures\n").expect("tables behind the list");
    let (after, _) = after.split_once("\nAvailable papers:\n").expect("a list of the series at the end");
    let mut prints = BTreeSet::new();
    for part in [before, after] {
        prints.extend(words(part).windows(RUN).map(print));
    }
    let bytes: Vec<u8> = prints.into_iter().flatten().collect();
    fs::write(place(), bytes).expect("there is room for it");
}
