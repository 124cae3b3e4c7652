//! One side of a comparison: a value as SQL expressions, one for each column that values have.

use crate::model::{End, Number, Value, fold};

/// The columns of a value, in the order of the table `claim`.
pub const COLUMNS: [&str; 7] = ["value", "words", "target", "low", "low_open", "high", "high_open"];

/// Where a number has no end: farther out than any decimal of the engine, and so far that adding one changes nothing.
pub const NO_LOW: &str = "-1e300";
/// The same above.
pub const NO_HIGH: &str = "1e300";

/// A value: a row's, or a constant.
#[derive(Clone, Debug)]
pub struct Side {
    pub value: String,
    pub words: String,
    pub target: String,
    pub low: String,
    pub low_open: String,
    pub high: String,
    pub high_open: String,
}

impl Side {
    /// The value in the row of this alias.
    pub fn of_row(alias: &str) -> Side {
        let [value, words, target, low, low_open, high, high_open] =
            COLUMNS.map(|column| format!("{alias}.{column}"));
        Side { value, words, target, low, low_open, high, high_open }
    }

    /// A constant, shown in these words.
    pub fn of(value: &Value, words: &str) -> Side {
        let place = |at: u32| Side::of_ends(&at.to_string()).named(&fold(words), words);
        match value {
            Value::Number(number) => Side {
                low: place_of(number.low(), NO_LOW),
                low_open: is_open(number.low()),
                high: place_of(number.high(), NO_HIGH),
                high_open: is_open(number.high()),
                ..Side::nothing().named(&key(number), words)
            },
            Value::YesNo(yes) => place(u32::from(*yes)),
            Value::Choice(at) => place(*at),
            Value::Thing(thing) => Side::of_thing(&thing.to_string()).named(&fold(words), words),
            Value::Text(name) => Side::nothing().named(name.folded(), words),
        }
    }

    /// The thing of this id, of which the name does not matter.
    pub fn of_thing(id: &str) -> Side {
        Side { target: id.to_string(), ..Side::nothing() }
    }

    /// An exact number.
    pub fn of_ends(number: &str) -> Side {
        Side {
            low: number.to_string(),
            low_open: "0".to_string(),
            high: number.to_string(),
            high_open: "0".to_string(),
            ..Side::nothing()
        }
    }

    fn nothing() -> Side {
        let [value, words, target, low, low_open, high, high_open] = [(); 7].map(|()| "NULL".to_string());
        Side { value, words, target, low, low_open, high, high_open }
    }

    fn named(self, value: &str, words: &str) -> Side {
        Side { value: text(value), words: text(words), ..self }
    }

    /// All columns, in order.
    pub fn row(&self) -> String {
        let Side { value, words, target, low, low_open, high, high_open } = self;
        [value, words, target, low, low_open, high, high_open].map(String::as_str).join(", ")
    }
}

fn place_of(end: Option<End>, none: &str) -> String {
    end.map_or(none.to_string(), |end| end.value.normalize().to_string())
}

fn is_open(end: Option<End>) -> String {
    u8::from(end.is_some_and(|end| end.open)).to_string()
}

/// One text for each interval, whatever the words of the source: `5`, `[9, 11]`, `(700, )`.
fn key(number: &Number) -> String {
    if let Some(exact) = number.exact() {
        return exact.normalize().to_string();
    }
    let place = |end: Option<End>| place_of(end, "");
    let bracket = |end: Option<End>, closed, open| match end {
        Some(End { open: false, .. }) => closed,
        _ => open,
    };
    let (low, high) = (number.low(), number.high());
    format!("{}{}, {}{}", bracket(low, '[', '('), place(low), place(high), bracket(high, ']', ')'))
}

/// A text as a literal.
pub fn text(words: &str) -> String {
    format!("'{}'", words.replace('\'', "''"))
}

/// A name as a column or a table has it.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
