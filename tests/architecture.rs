//! `docs/ARCHITECTURE.md` is true: its layer table is held against the imports of `src/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Part of the crate, and the parts it may use.
fn layers() -> BTreeMap<String, BTreeSet<String>> {
    let page = fs::read_to_string(root().join("docs/ARCHITECTURE.md")).expect("the page is there");
    let table =
        page.split("## Layers").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("it has a table");
    let mut layers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let uses = match cells[2] {
            "everything above" => layers.keys().cloned().collect(),
            list => list.split(',').map(|name| name.trim().trim_matches('`').to_string()).collect(),
        };
        layers.insert(cells[0].trim_matches('`').to_string(), uses);
    }
    layers
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The part that a file of `src/` belongs to; `None` for `lib.rs` and `main.rs`.
fn part(file: &Path) -> Option<String> {
    let relative = file.strip_prefix(root().join("src")).expect("a file of src");
    let first = relative.components().next()?.as_os_str().to_string_lossy().to_string();
    let name = first.trim_end_matches(".rs").to_string();
    (name != "lib" && name != "main").then_some(name)
}

/// The file without its unit tests, which may use what they like, and without comments.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a readable file");
    let text = text.split("#[cfg(test)]\nmod").next().unwrap_or("").to_string();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_part_uses_only_what_the_page_lets_it_use() {
    let layers = layers();
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let is_test =
        |file: &Path| file.components().any(|part| part.as_os_str() == "tests") || file.ends_with("tests.rs");
    for file in files.iter().filter(|file| !is_test(file)) {
        let Some(part) = part(file) else { continue };
        let allowed = layers.get(&part).unwrap_or_else(|| panic!("`{part}` is missing in the layer table"));
        seen.insert(part.clone());
        for (at, _) in code(file).match_indices("crate::") {
            let text = code(file);
            let rest = &text[at + "crate::".len()..];
            let used: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !used.is_empty() && used != part && !allowed.contains(&used) {
                faults.push(format!("{}: `{part}` uses `{used}`", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(seen, layers.keys().cloned().collect(), "the table lists what is there, and nothing else");
}

#[test]
fn foreign_crates_stand_behind_one_door_each() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    for (foreign, home) in [
        ("sled::", "store"),
        ("bincode::", "store"),
        ("lz4_flex::", "store"),
        ("nom::", "syntax"),
        ("rustyline::", "cli"),
        ("clap::", "cli"),
        ("etcetera::", "cli"),
        ("annotate_snippets::", "report"),
    ] {
        let mut used_at_home = false;
        for file in &files {
            if code(file).contains(foreign) {
                assert_eq!(part(file).as_deref(), Some(home), "{} names {foreign}", file.display());
                used_at_home = true;
            }
        }
        assert!(used_at_home, "nothing names {foreign} any more: take it out of the manifest");
    }
}
