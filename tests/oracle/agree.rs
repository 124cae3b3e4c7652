//! Both engines give the same answers.

use crate::answers::{Rows, database, of_casebook, of_sqlite};
use crate::dice::Dice;
use crate::questions::question;
use crate::store::{LARGE, MIDDLE, SMALL, Shape, Store, store};
use casebook::ErrorKind;
use rusqlite::Connection;

/// The seeds to try: so many, unless the environment says otherwise.
fn seeds(usual: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("CASEBOOK_ORACLE_FROM").unwrap_or(0);
    first..first + number("CASEBOOK_ORACLE").unwrap_or(usual)
}

/// How the answers to a question differ, if they do; `None` also where it has no form in SQL yet.
fn difference(store: &Store, database: &Connection, question: &str) -> Option<String> {
    let query = match store.book.sql(question) {
        Ok(query) => query,
        Err(error) if error.kind() == ErrorKind::NotYet => return None,
        Err(error) => return Some(format!("{question}\n{error}")),
    };
    let (theirs, measured) = match of_sqlite(database, &query) {
        Ok(answer) => answer,
        Err(error) => return Some(format!("{question}\n{query}\n{error}")),
    };
    let ours = match store.book.query(question) {
        Ok(answer) => of_casebook(&answer, measured),
        Err(error) => return Some(format!("{question}\n{error}")),
    };
    let is_list = question.starts_with("cases") || question.starts_with("policies");
    let (ours, theirs) = if is_list { (ours, theirs) } else { (sorted(ours), sorted(theirs)) };
    (ours != theirs).then(|| format!("{question}\n{query}\n{}", rows_that_differ(&ours, &theirs)))
}

fn sorted(mut rows: Rows) -> Rows {
    rows.sort();
    rows
}

fn rows_that_differ(ours: &Rows, theirs: &Rows) -> String {
    let without = |rows: &Rows, others: &Rows| {
        let missing = rows.iter().filter(|row| !others.contains(row)).take(5);
        missing.map(|row| format!("\n  {row:?}")).collect::<String>()
    };
    let (only_ours, only_theirs) = (without(ours, theirs), without(theirs, ours));
    format!("{} rows and {}\nonly Casebook:{only_ours}\nonly SQLite:{only_theirs}", ours.len(), theirs.len())
}

/// Asks a random store random questions.
fn agree(seed: u64, shape: Shape, questions: usize) {
    let mut dice = Dice::new(seed);
    let store = store(&mut dice, shape);
    let database = database(&store);
    for _ in 0..questions {
        let Some(question) = question(&mut dice, &store.world) else { continue };
        if let Some(difference) = difference(&store, &database, &question) {
            let told = store.told();
            let told: String = told.lines().take(400).map(|line| format!("{line}\n")).collect();
            panic!("{told}\nseed {seed}: {difference}");
        }
    }
}

#[test]
fn small_stores() {
    for seed in seeds(60) {
        agree(seed, SMALL, 25);
    }
}

#[test]
fn stores_with_whole_columns() {
    for seed in seeds(12) {
        agree(seed, MIDDLE, 25);
    }
}

#[test]
fn stores_of_thousands_of_things() {
    for seed in seeds(2) {
        agree(seed, LARGE, 25);
    }
}
