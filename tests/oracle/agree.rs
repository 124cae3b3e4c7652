//! Both engines give the same answers.

use crate::answers::{Rows, database, of_casebook, of_sqlite};
use crate::dice::Dice;
use crate::questions::question;
use crate::store::{LARGE, MIDDLE, SMALL, Shape, Store, store};
use casebook::ErrorKind;
use rusqlite::Connection;
use std::ops::Range;

/// The seeds to try: so many, unless the environment says otherwise.
fn seeds(usual: u64) -> Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("CASEBOOK_ORACLE_FROM").unwrap_or(0);
    first..first + number("CASEBOOK_ORACLE").unwrap_or(usual)
}

/// What became of a question.
enum Outcome {
    Same,
    /// It has no form in SQL yet.
    NotYet,
    /// SQLite writes out a common table expression wherever it is named, and takes a thousand tables at most: that is
    /// soon reached by patterns that rest on each other.
    TooLong,
    Different(String),
}

/// Asks both.
fn ask(store: &Store, database: &Connection, question: &str) -> Outcome {
    let query = match store.book.sql(question) {
        Ok(query) => query,
        Err(error) if error.kind() == ErrorKind::NotYet => return Outcome::NotYet,
        Err(error) => return Outcome::Different(format!("{question}\n{error}")),
    };
    let (theirs, measured) = match of_sqlite(database, &query) {
        Ok(answer) => answer,
        Err(error) if error.to_string().contains("nested too deep") => return Outcome::TooLong,
        Err(error) => return Outcome::Different(format!("{question}\n{query}\n{error}")),
    };
    let ours = match store.book.query(question) {
        Ok(answer) => of_casebook(&answer, measured),
        Err(error) => return Outcome::Different(format!("{question}\n{error}")),
    };
    let is_list = question.starts_with("cases") || question.starts_with("policies");
    let (ours, theirs) = if is_list { (ours, theirs) } else { (sorted(ours), sorted(theirs)) };
    match ours == theirs {
        true => Outcome::Same,
        false => Outcome::Different(format!("{question}\n{query}\n{}", rows_that_differ(&ours, &theirs))),
    }
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

/// How many questions were compared, and how many could not be.
#[derive(Debug, Default)]
struct Tally {
    compared: u32,
    not_yet: u32,
    too_long: u32,
}

impl Tally {
    /// That what was left out is the exception.
    fn is_sound(&self) {
        println!("{self:?}");
        assert!(
            self.compared > 9 * (self.not_yet + self.too_long),
            "too few answers were compared: {self:?}"
        );
    }
}

/// Asks random stores random questions.
fn agree(seeds: Range<u64>, shape: Shape, questions: usize) {
    let mut tally = Tally::default();
    for seed in seeds {
        let mut dice = Dice::new(seed);
        let store = store(&mut dice, shape);
        let database = database(&store);
        for _ in 0..questions {
            let Some(question) = question(&mut dice, &store.world) else { continue };
            match ask(&store, &database, &question) {
                Outcome::Same => tally.compared += 1,
                Outcome::NotYet => tally.not_yet += 1,
                Outcome::TooLong => tally.too_long += 1,
                Outcome::Different(difference) => panic!("{}\nseed {seed}: {difference}", store.told()),
            }
        }
    }
    tally.is_sound();
}

#[test]
fn small_stores() {
    agree(seeds(60), SMALL, 25);
}

#[test]
fn stores_with_whole_columns() {
    agree(seeds(12), MIDDLE, 25);
}

#[test]
fn stores_of_thousands_of_things() {
    agree(seeds(2), LARGE, 25);
}
