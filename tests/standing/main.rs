//! The sentences of the design about claims, conditions, patterns and descriptions: statements in, answers
//! out.
//!
//! Each test bears the words of its sentence.

mod claims;
mod conditions;
mod describing;
mod patterns;
mod reasoning;
mod search;
mod table;

use casebook::Casebook;

/// Every test begins with these.
const VOCABULARY: &str = r#"
kind cluster
kind country plural countries
attribute industry of cluster: one of traditional, cops, supplier
attribute social_capital of cluster: scale none < weak < moderate < strong
attribute workers of cluster: number "persons"
attribute share of cluster: percent
attribute exporting of cluster: yes/no
attribute markets of cluster: many one of home, abroad, online
attribute founded of cluster: year
attribute country of cluster: country inverse clusters_within
attribute region of country: one of africa, asia
source sandee { }
source berry { }
cluster jepara { }
"#;

fn book(statements: &str) -> Casebook {
    let book = Casebook::in_memory();
    for text in [VOCABULARY, statements] {
        book.run_file(text, "").unwrap_or_else(|error| panic!("{error}"));
    }
    book
}

/// The rows of an answer, a line each; cells with ` | ` between them, empty ones at the end left out.
fn rows(book: &Casebook, question: &str) -> Vec<String> {
    let answer = book.query(question).unwrap_or_else(|error| panic!("{error}"));
    let row = |row: casebook::Row| {
        let cells: Vec<String> = row.cells().iter().map(ToString::to_string).collect();
        cells.join(" | ").trim_end_matches(" | ").to_string()
    };
    answer.iter().map(row).collect()
}

/// That these statements lead from the question to these rows.
#[track_caller]
fn check(statements: &str, question: &str, expected: &[&str]) {
    assert_eq!(rows(&book(statements), question), expected, "{question}\nafter{statements}");
}

/// Whether the condition is met of `jepara` and whether it is failed.
#[track_caller]
fn truth(statements: &str, condition: &str, met: bool, failed: bool) {
    let book = book(statements);
    let is_met = !rows(&book, &format!("clusters where {condition} show name")).is_empty();
    assert_eq!(is_met, met, "{condition} is met, after\n{statements}");
    book.run("attribute verdict of cluster: one of possible").expect("a declaration");
    book.run(&format!("pattern verdict {{ for cluster verdict = possible requires {condition} }}"))
        .unwrap_or_else(|error| panic!("{error}"));
    let is_failed = rows(&book, "jepara.verdict").iter().any(|row| row.starts_with("possible | denied"));
    assert_eq!(is_failed, failed, "{condition} is failed, after\n{statements}");
}

#[track_caller]
fn note(statements: &str, question: &str, expected: &str) {
    let answer = book(statements).query(question).unwrap_or_else(|error| panic!("{error}"));
    assert!(answer.notes().iter().any(|note| note.contains(expected)), "{:?}", answer.notes());
}

const STRONG_AND_WEAK: &str = "
assert jepara.social_capital = strong [sandee]
assert jepara.social_capital = weak [berry]";
