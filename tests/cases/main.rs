//! What a researcher asks of the paper, with what the paper says: `*.cases` beside this file.
//!
//! A case is a block of lines, with empty lines around it:
//!
//! ```text
//! How many small firms did the cluster have in the mid nineties, and who counted them?
//! > jepara_furniture.small_firms
//! = > 2000 | sandee_1998 via chaminade_vang_2006, section 3.1, paragraph 2
//! ```
//!
//! First the question in words, then the statement that asks it, then what the answer must be:
//!
//! * `= a | b`: some row holds all these parts of text; `! a | b`: none does; `first a | b`: the first row does
//! * `rows N`: so many rows
//! * `note words`: the answer remarks on something in these words
//! * `error words`: the statement is refused, in these words
//!
//! Rows are compared as tab-separated values. The expectations come from reading the paper, not from answers.

use casebook::answer::format::{self, Format, Options};
use casebook::{Answer, Casebook};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// One question with its expectations.
struct Case<'a> {
    words: &'a str,
    statement: &'a str,
    expectations: Vec<&'a str>,
}

/// The cases of a file; `Err` names a block that is none.
fn cases(text: &str) -> Result<Vec<Case<'_>>, String> {
    text.split("\n\n").filter_map(|block| case(block).transpose()).collect()
}

fn case(block: &str) -> Result<Option<Case<'_>>, String> {
    let mut lines = block.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let Some(words) = lines.next() else { return Ok(None) };
    let statement = lines.next().and_then(|line| line.strip_prefix("> "));
    let expectations: Vec<&str> = lines.collect();
    match statement {
        Some(statement) if !expectations.is_empty() => Ok(Some(Case { words, statement, expectations })),
        _ => Err(format!("no case: {block}")),
    }
}

/// The rows as tab-separated values, without the line of titles.
fn rows(answer: &Answer) -> Vec<String> {
    let mut out = Vec::new();
    format::write(answer, Format::Tsv, &Options::default(), &mut out).expect("a vector takes everything");
    let text = String::from_utf8(out).expect("TSV is text");
    text.lines().skip(1).map(String::from).collect()
}

fn holds(row: &str, parts: &str) -> bool {
    parts.split(" | ").all(|part| row.contains(part))
}

/// Whether an answer, or a refusal, is as expected.
fn is_met(expectation: &str, rows: Result<&[String], &str>, notes: &[String]) -> bool {
    let (sort, rest) = expectation.split_once(' ').unwrap_or((expectation, ""));
    match (sort, rows) {
        ("error", Err(message)) => message.contains(rest),
        (_, Err(_)) => false,
        ("=", Ok(rows)) => rows.iter().any(|row| holds(row, rest)),
        ("!", Ok(rows)) => !rows.iter().any(|row| holds(row, rest)),
        ("first", Ok(rows)) => rows.first().is_some_and(|row| holds(row, rest)),
        ("rows", Ok(rows)) => rest.parse() == Ok(rows.len()),
        ("note", Ok(_)) => notes.iter().any(|note| note.contains(rest)),
        _ => false,
    }
}

/// What is wrong with the answer to a case.
fn faults(book: &Casebook, case: &Case) -> Option<String> {
    let answer = book.query(case.statement);
    let (rows, notes) = match &answer {
        Ok(answer) => (Ok(rows(answer)), answer.notes().to_vec()),
        Err(error) => (Err(error.to_string()), Vec::new()),
    };
    let seen = rows.as_deref().map_err(String::as_str);
    let missed = case.expectations.iter().filter(|expectation| !is_met(expectation, seen, &notes));
    let missed: Vec<&str> = missed.copied().collect();
    if missed.is_empty() {
        return None;
    }
    let answered = rows.map_or_else(|error| error, |rows| rows.join("\n"));
    Some(format!("{}\n> {}\nmissed: {}\n{answered}\n", case.words, case.statement, missed.join("\n        ")))
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "cases"));
    files.sort();
    files
}

#[test]
fn the_paper_answers_its_readers() {
    let book = Casebook::in_memory_with_paper().expect("the seed loads");
    let (mut asked, mut wrong) = (0, String::new());
    for file in files() {
        let text = fs::read_to_string(&file).expect("a readable file");
        for case in cases(&text).unwrap_or_else(|fault| panic!("{}: {fault}", file.display())) {
            asked += 1;
            if let Some(fault) = faults(&book, &case) {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                writeln!(wrong, "{name}: {fault}").expect("a string takes everything");
            }
        }
    }
    println!("{asked} questions");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(asked >= 100, "only {asked} questions");
}

#[test]
fn an_expectation_can_be_missed() {
    let book = Casebook::in_memory_with_paper().expect("the seed loads");
    for (statement, expectation) in [
        ("jepara_furniture.small_firms", "= > 2000 | samat_2004"),
        ("jepara_furniture.small_firms", "! > 2000"),
        ("jepara_furniture.small_firms", "first about"),
        ("jepara_furniture.small_firms", "rows 2"),
        ("jepara_furniture.small_firms", "note removed"),
        ("jepara_furniture.small_firms", "error no attribute"),
        ("jepara_furniture.smal_firms", "! 2000"),
        ("jepara_furniture.smal_firms", "error no thing"),
        ("jepara_furniture.small_firms", "row 1"),
    ] {
        let case = Case { words: "", statement, expectations: vec![expectation] };
        assert!(faults(&book, &case).is_some(), "{statement}: {expectation}");
    }
}
