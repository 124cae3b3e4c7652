//! The tables of `docs/language.md` that say what becomes of each standing: every cell is asked for.

use super::rows;
use casebook::answer::format::{Format, Options, write};
use casebook::{Answer, Casebook};
use std::fmt::Write;

const MANUAL: &str = include_str!("../../docs/language.md");

/// A table: the words of its header, and its rows.
struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The statements and the two tables behind the marker.
fn read() -> (String, Table, Table) {
    let (_, text) = MANUAL.split_once("<!-- table of standings:").expect("the manual has the tables");
    let (_, text) = text.split_once("```casebook\n").expect("statements come first");
    let (statements, text) = text.split_once("```\n").expect("they end");
    let mut lines = text.lines();
    let mut table = || {
        let cells = |line: &str| {
            let line = line.trim_matches('|');
            line.split('|').map(|cell| cell.trim().to_string()).collect::<Vec<_>>()
        };
        let columns = cells(lines.by_ref().find(|line| line.starts_with('|')).expect("a table"));
        lines.next();
        let rows = lines.by_ref().take_while(|line| line.starts_with('|')).map(cells).collect();
        Table { columns, rows }
    };
    let (conditions, questions) = (table(), table());
    (statements.to_string(), conditions, questions)
}

fn book(statements: &str) -> Casebook {
    let book = Casebook::in_memory();
    book.run_file(statements, "").unwrap_or_else(|error| panic!("{error}"));
    book
}

fn code(cell: &str) -> &str {
    cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).expect("it is code")
}

/// In a separated format, so that it tells what is denied; the first value.
fn first(answer: &Answer) -> String {
    let mut bytes = Vec::new();
    write(answer, Format::Tsv, &Options::default(), &mut bytes).expect("a vector takes everything");
    let text = String::from_utf8(bytes).expect("a format is text");
    let value = text.lines().nth(1).and_then(|line| line.split('\t').next()).unwrap_or_default();
    if value.is_empty() { "—" } else { value }.to_string()
}

#[test]
fn every_condition_comes_to_what_the_manual_says() {
    let (statements, table, _) = read();
    assert!(table.rows.len() > 15, "the table is read");
    let mut faults = String::new();
    for row in &table.rows {
        let condition = code(&row[0]);
        let book = book(&statements);
        let met = rows(&book, &format!("harbours where {condition} show name"));
        book.run("attribute verdict of harbour: one of possible").expect("a declaration");
        book.run(&format!("pattern verdict {{ for harbour verdict = possible requires {condition} }}"))
            .unwrap_or_else(|error| panic!("{error}"));
        let failed = rows(&book, "harbours where verdict != possible show name");
        for (name, said) in table.columns.iter().zip(row).skip(1) {
            let found = match (met.contains(name), failed.contains(name)) {
                (true, false) => "met",
                (false, true) => "failed",
                (true, true) => "met and failed",
                (false, false) => "open",
            };
            if found != said {
                writeln!(faults, "`{condition}` is {found} of {name}, not {said}").expect("text");
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn every_question_is_answered_as_the_manual_says() {
    let (statements, _, table) = read();
    assert!(table.rows.len() > 10, "the table is read");
    let book = book(&statements);
    let mut faults = String::new();
    for row in &table.rows {
        let asked = code(&row[1]);
        for (name, said) in table.columns.iter().zip(row).skip(2) {
            let question = asked.replace('X', name);
            let answer = book.query(&question).unwrap_or_else(|error| panic!("{error}"));
            let found = match asked.contains('X') {
                true => first(&answer),
                false => {
                    let at = answer.iter().position(|row| row["name"].to_string() == *name);
                    at.map_or("—".to_string(), |at| (at + 1).to_string())
                }
            };
            if found != *said {
                writeln!(faults, "`{question}` answers {found}, not {said}").expect("text");
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn a_path_leads_through_references_that_are_supported_or_contested() {
    let (statements, ..) = read();
    let ships = "
ship pinta { home: supported }
ship nina { home != supported }
ship santa { home: supported [pilot] }
ship santa { home: denied [chart] }
ship rosa { }";
    let book = book(&(statements + ships));
    for (condition, met) in [
        ("home.draught = 12", vec!["pinta", "santa"]),
        ("home.draught != 12", vec!["santa"]),
        ("home.quay = stone", vec!["pinta", "santa"]),
        ("not home.quay = stone", vec!["nina", "rosa"]),
        ("home.quay is unknown", vec!["nina", "rosa"]),
    ] {
        assert_eq!(rows(&book, &format!("ships where {condition} show name")), met, "{condition}");
    }
}
