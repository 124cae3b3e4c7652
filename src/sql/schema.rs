//! The two tables that a store makes. `docs/sql.md` says what stands in each column.

use super::side::{Side, text};
use crate::facts::Snapshot;
use crate::model::{AttributeId, Claim, ThingId, Vocabulary, fold};
use std::fmt::Write;

const TABLES: &str = "\
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
  title TEXT, folded_title TEXT
);
CREATE TABLE claim (
  thing INTEGER NOT NULL, attribute TEXT NOT NULL, denied INTEGER NOT NULL,
  value TEXT NOT NULL, words TEXT NOT NULL, target INTEGER,
  low DOUBLE PRECISION, low_open INTEGER, high DOUBLE PRECISION, high_open INTEGER,
  first_day INTEGER NOT NULL, last_day INTEGER NOT NULL, ended INTEGER NOT NULL
);
";

/// After the tables are filled: to follow references from either end.
const INDEXES: &str = "\
CREATE INDEX claim_of_thing ON claim (attribute, thing);
CREATE INDEX claim_to_target ON claim (attribute, target);
";

/// The first and last day of what holds always.
pub const ALWAYS: (i32, i32) = (i32::MIN, i32::MAX);

/// The statements that make the tables and fill them.
pub fn tables(snapshot: &Snapshot) -> String {
    let mut statements = String::from(TABLES);
    let mut rows = Rows::new("thing");
    for thing in (0..snapshot.things().count()).map(ThingId) {
        rows.add(&mut statements, &thing_row(snapshot, thing));
    }
    rows.end(&mut statements);
    let mut rows = Rows::new("claim");
    snapshot.each_claim(&mut |thing, attribute, claim| {
        if let Some(row) = claim_row(snapshot, thing, attribute, claim) {
            rows.add(&mut statements, &row);
        }
    });
    rows.end(&mut statements);
    statements + INDEXES
}

fn thing_row(snapshot: &Snapshot, thing: ThingId) -> String {
    let things = snapshot.things();
    let kind = snapshot.vocabulary().kind(things.kind(thing)).name.as_str();
    let (name, title) = (things.name(thing), things.title(thing));
    let or_null = |words: Option<String>| words.map_or("NULL".to_string(), |words| text(&words));
    format!(
        "{thing}, {}, {}, {}, {}, {}",
        text(kind),
        text(&name),
        text(&fold(&name)),
        or_null(title.map(str::to_string)),
        or_null(title.map(fold))
    )
}

fn claim_row(snapshot: &Snapshot, thing: ThingId, attribute: AttributeId, claim: &Claim) -> Option<String> {
    let value = claim.value.as_ref()?;
    let side = Side::of(value, &snapshot.value_in_words(attribute, value));
    let name = text(&attribute_name(snapshot.vocabulary(), attribute));
    let when = &claim.evidence.when;
    let ((first, last), ended) = (when.extent(), u8::from(when.until.is_some()));
    Some(format!("{thing}, {name}, {}, {}, {first}, {last}, {ended}", u8::from(claim.denied), side.row()))
}

/// `cluster.industry`; `name` and `title` belong to no kind.
pub fn attribute_name(vocabulary: &Vocabulary, attribute: AttributeId) -> String {
    let attribute = vocabulary.attribute(attribute);
    match attribute.kind {
        Some(kind) => format!("{}.{}", vocabulary.kind(kind).name, attribute.name),
        None => attribute.name.to_string(),
    }
}

/// So many rows stand in one statement.
const ROWS: usize = 500;

/// Rows of one table, some hundreds a statement.
struct Rows {
    table: &'static str,
    count: usize,
}

impl Rows {
    fn new(table: &'static str) -> Rows {
        Rows { table, count: 0 }
    }

    fn add(&mut self, statements: &mut String, row: &str) {
        // To write into a text cannot fail.
        let _ = match self.count % ROWS {
            0 => {
                self.end(statements);
                write!(statements, "INSERT INTO {} VALUES\n({row})", self.table)
            }
            _ => write!(statements, ",\n({row})"),
        };
        self.count += 1;
    }

    fn end(&self, statements: &mut String) {
        if self.count > 0 {
            statements.push_str(";\n");
        }
    }
}
