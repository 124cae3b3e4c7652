//! Both answers in one form: rows of cells of words.

use crate::store::{REMARKS, Store};
use casebook::{Answer, Cell, Datum, Shown, Standing};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

/// Rows of cells; the words of a cell sorted, since the engine gives them in order of appearance.
pub type Rows = Vec<Vec<Vec<String>>>;

/// The store as SQLite has it.
pub fn database(store: &Store) -> Connection {
    let database = Connection::open_in_memory().expect("a database in memory");
    let tables = store.book.to_sql().expect("a store in memory");
    let filled = database.execute_batch(&format!("BEGIN;\n{tables}COMMIT;"));
    filled.unwrap_or_else(|error| panic!("{error}\n{}", store.told()));
    database
}

/// A question takes SQLite so many times a hundred thousand steps at most: a few seconds.
const PATIENCE: u32 = 600;

/// From here on SQLite gives a question up that takes it too long.
fn lose_patience(database: &mut Connection) {
    let mut waited = 0;
    let is_enough = move || {
        waited += 1;
        waited > PATIENCE
    };
    database.progress_handler(100_000, Some(is_enough)).expect("the database is open");
}

/// What Casebook answers. The column `measured` has what was summed, averaged, or least or greatest.
pub fn of_casebook(answer: &Answer, measured: Option<usize>) -> Rows {
    let cell = |(at, cell): (usize, &Cell)| match measured == Some(at) {
        true => cell.values.iter().map(ends).collect(),
        false => sorted(cell.values.iter().map(shown).collect()),
    };
    answer.iter().map(|row| row.cells().iter().enumerate().map(cell).collect()).collect()
}

/// What SQLite answers, and which column is measured, if one is.
pub fn of_sqlite(database: &mut Connection, query: &str) -> Result<(Rows, Option<usize>), rusqlite::Error> {
    lose_patience(database);
    let mut statement = database.prepare(query)?;
    let columns = statement.column_count();
    let measured = statement.column_names().position(|name| name == "low");
    let cells = |row: &Row| -> Result<Vec<Vec<String>>, rusqlite::Error> {
        let mut cells = Vec::new();
        let mut at = 0;
        while at < columns {
            if measured == Some(at) {
                cells.push(interval(row, at)?);
                at += 4;
            } else {
                cells.push(words(row.get_ref(at)?));
                at += 1;
            }
        }
        Ok(cells)
    };
    let rows = statement.query_map([], |row| cells(row))?.collect::<Result<Rows, _>>()?;
    Ok((rows, measured))
}

fn words(cell: ValueRef) -> Vec<String> {
    match cell {
        ValueRef::Null => Vec::new(),
        ValueRef::Integer(count) => vec![count.to_string()],
        ValueRef::Real(number) => vec![number.to_string()],
        ValueRef::Text(text) => {
            let text = String::from_utf8_lossy(text);
            let value = |value: &str| match value.strip_prefix("!= ") {
                Some(denied) => format!("!= {}", plain(denied)),
                None => plain(value),
            };
            sorted(text.split("; ").map(value).collect())
        }
        ValueRef::Blob(_) => vec!["a blob".to_string()],
    }
}

/// The two ends, to as many digits as a quotient has.
fn interval(row: &Row, at: usize) -> Result<Vec<String>, rusqlite::Error> {
    let end = |at: usize| row.get::<_, Option<f64>>(at);
    let is_open = |at: usize| Ok::<bool, rusqlite::Error>(row.get::<_, Option<i64>>(at)? == Some(1));
    Ok(match (end(at)?, end(at + 2)?) {
        (Some(low), Some(high)) => {
            let end = |at: f64, open: bool| (at.abs() < 1e299).then_some((at, open));
            vec![bounds(end(low, is_open(at + 1)?), end(high, is_open(at + 3)?))]
        }
        _ => Vec::new(),
    })
}

fn ends(shown: &Shown) -> String {
    let Datum::Number(number) = &shown.datum else { return format!("no number: {}", shown.datum) };
    let end = |end: casebook::model::End| {
        (end.value.to_string().parse::<f64>().expect("a decimal is a number"), end.open)
    };
    bounds(number.low().map(end), number.high().map(end))
}

fn bounds(low: Option<(f64, bool)>, high: Option<(f64, bool)>) -> String {
    let end = |end: Option<(f64, bool)>| match end {
        // No zero is less than another.
        Some((at, open)) => format!("{:.11e}{}", at + 0.0, if open { " left out" } else { "" }),
        None => "none".to_string(),
    };
    format!("{} to {}", end(low), end(high))
}

fn shown(shown: &Shown) -> String {
    let denied = if shown.standing == Standing::Denied { "!= " } else { "" };
    format!("{denied}{}", plain(&shown.datum.to_string()))
}

/// Of two ways to say the same the one that its first claim chose is shown: `mid 1990s` and `1994..1996` are one number,
/// `Old town` and `old_town` one text.
fn plain(words: &str) -> String {
    let parts = [("early 1990s", "1990..1993"), ("mid 1990s", "1994..1996"), ("late 1990s", "1997..1999")];
    match parts.iter().find(|(part, _)| *part == words) {
        Some((_, years)) => years.to_string(),
        None if REMARKS.contains(&words) => casebook::model::Name::new(words).folded().to_string(),
        None => words.to_string(),
    }
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort();
    words
}
