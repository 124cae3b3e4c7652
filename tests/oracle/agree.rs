//! Both engines give the same answers.

use crate::answers::{Rows, database, of_casebook, of_sqlite};
use crate::dice::Dice;
use crate::questions::question;
use crate::store::{LARGE, MIDDLE, SMALL, Shape, Store, store};
use casebook::ErrorKind;
use rusqlite::{Connection, ErrorCode};
use std::ops::Range;

/// The seeds to try: so many, unless the environment says otherwise.
fn seeds(usual: u64) -> Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("CASEBOOK_ORACLE_FROM").unwrap_or(0);
    first..first + number("CASEBOOK_ORACLE").unwrap_or(usual)
}

/// What became of a question.
pub enum Outcome {
    Same {
        /// Whether the answer is more than nothing and no.
        says_something: bool,
        /// Whether it rests on what patterns conclude.
        is_concluded: bool,
    },
    /// It has no form in SQL yet.
    NotYet,
    /// SQLite writes out a common table expression wherever it is named, and takes a thousand tables at most: that is
    /// soon reached by patterns that rest on each other. Or it takes too many steps.
    TooLong,
    Different(String),
}

/// Asks both.
pub fn ask(store: &Store, database: &mut Connection, question: &str) -> Outcome {
    let query = match store.book.sql(question) {
        Ok(query) => query,
        Err(error) if error.kind() == ErrorKind::NotYet => return Outcome::NotYet,
        Err(error) => return Outcome::Different(format!("{question}\n{error}")),
    };
    let (theirs, measured) = match of_sqlite(database, &query) {
        Ok(answer) => answer,
        Err(error) if is_too_long(&error) => return Outcome::TooLong,
        Err(error) => return Outcome::Different(format!("{question}\n{query}\n{error}")),
    };
    let ours = match store.book.query(question) {
        Ok(answer) => of_casebook(&answer, measured),
        Err(error) => return Outcome::Different(format!("{question}\n{error}")),
    };
    let is_list = question.starts_with("cases") || question.starts_with("policies");
    let (ours, theirs) = if is_list { (ours, theirs) } else { (sorted(ours), sorted(theirs)) };
    match ours == theirs {
        true => Outcome::Same {
            says_something: ours.iter().flatten().flatten().any(|word| word != "0"),
            is_concluded: query.contains(" concluded\""),
        },
        false => Outcome::Different(format!("{question}\n{query}\n{}", rows_that_differ(&ours, &theirs))),
    }
}

fn is_too_long(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
        || error.to_string().contains("nested too deep")
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
pub struct Tally {
    compared: u32,
    /// Of these, with an answer that says something.
    said: u32,
    /// Of these, about what patterns conclude.
    concluded: u32,
    not_yet: u32,
    too_long: u32,
}

impl Tally {
    /// Takes in an outcome; gives how the answers differ, if they do.
    pub fn count(&mut self, outcome: Outcome) -> Option<String> {
        match outcome {
            Outcome::Same { says_something, is_concluded } => {
                self.compared += 1;
                self.said += u32::from(says_something);
                self.concluded += u32::from(is_concluded);
            }
            Outcome::NotYet => self.not_yet += 1,
            Outcome::TooLong => self.too_long += 1,
            Outcome::Different(difference) => return Some(difference),
        }
        None
    }

    /// That enough was compared, and was worth it.
    pub fn is_sound(&self) {
        println!("{self:?}");
        assert!(
            self.compared > 9 * (self.not_yet + self.too_long),
            "too few answers were compared: {self:?}"
        );
        assert!(self.said > self.compared / 2, "too many answers are empty: {self:?}");
        assert!(self.concluded > self.compared / 8, "too few rest on patterns: {self:?}");
    }
}

/// Asks random stores random questions, then changes them and asks others: by then something has been concluded.
fn agree(seeds: Range<u64>, shape: Shape, questions: usize) {
    let mut tally = Tally::default();
    for seed in seeds {
        let mut dice = Dice::new(seed);
        let mut store = store(&mut dice, shape);
        for round in 0..2 {
            if round > 0 {
                store.change(&mut dice);
            }
            let mut database = database(&store);
            for _ in 0..questions {
                let Some(question) = question(&mut dice, &store.world) else { continue };
                if let Some(difference) = tally.count(ask(&store, &mut database, &question)) {
                    panic!("{}\nseed {seed}: {difference}", store.told());
                }
            }
        }
    }
    tally.is_sound();
}

#[test]
fn small_stores() {
    agree(seeds(40), SMALL, 12);
}

#[test]
fn stores_with_whole_columns() {
    agree(seeds(12), MIDDLE, 12);
}

#[test]
fn stores_of_thousands_of_things() {
    agree(seeds(2), LARGE, 12);
}
