//! Answers for serde: the shape of the JSON format.
//!
//! An answer is a list of rows, a row a map from column to cell. An unknown cell is null; a cell with one
//! value is the value, unless its column takes many; every other is a list. An exact number is a number,
//! any other the map `{low, high, text}`; yes and no are booleans; a name, a text and a source are
//! strings; a denied value is the map `{not: value}`. With sources, the key `COLUMN_sources` follows each
//! column: a list of sources, or, for a list of values, a list of such lists, in step with it; empty where
//! nothing is known.
//!
//! An argument is a list of proofs instead, in the shape that `nested` gives them.

use super::{Answer, Cell, Datum, Row, Shown, Source, Standing};
use crate::model::Number;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// How the digits of a number are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digits {
    /// All, as written; only for serde_json's serializers.
    All,
    /// As an `i64` if there are no decimals and it fits, else as the nearest `f64`.
    Nearest,
}

/// Something of an answer, to be serialised.
pub(super) struct Shape<T> {
    item: T,
    digits: Digits,
}

impl<T> Shape<T> {
    pub(super) fn of(item: T, digits: Digits) -> Self {
        Shape { item, digits }
    }

    fn with<U>(&self, item: U) -> Shape<U> {
        Shape { item, digits: self.digits }
    }
}

impl Cell {
    /// Whether the cell is one value to programs, and not a list of them.
    pub(super) fn single(&self) -> Option<&Shown> {
        match &*self.values {
            [shown] if !self.list => Some(shown),
            _ => None,
        }
    }
}

impl<'a> Shape<&'a Answer> {
    /// Its rows, each with the same keys.
    pub(super) fn rows(&self) -> impl Iterator<Item = Shape<Row<'a>>> {
        let digits = self.digits;
        self.item.iter().map(move |row| Shape::of(row, digits))
    }
}

impl Serialize for Shape<&Answer> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.item.argument {
            Some(argument) => serializer.collect_seq(&argument.proofs),
            None => serializer.collect_seq(self.rows()),
        }
    }
}

impl Serialize for Shape<Row<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = &self.item;
        let mut map = serializer.serialize_map(None)?;
        for (name, cell) in row.columns().iter().zip(row.cells()) {
            map.serialize_entry(name, &self.with(cell))?;
            if row.beside.sources {
                let list = |shown: &Shown| shown.sources.clone();
                let unsaid = cell.unsaid.iter().flat_map(|unsaid| unsaid.sources.clone()).collect();
                map.serialize_entry(&format!("{name}_sources"), &Listed { cell, list, unsaid })?;
            }
            if row.beside.marks {
                let list = |shown: &Shown| shown.marks.words();
                let unsaid = cell.unsaid.iter().map(|unsaid| unsaid.note.as_str()).collect();
                map.serialize_entry(&format!("{name}_marks"), &Listed { cell, list, unsaid })?;
            }
        }
        map.end()
    }
}

impl Serialize for Shape<&Cell> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.item.single() {
            Some(shown) => self.with(shown).serialize(serializer),
            None if self.item.is_unknown() => serializer.serialize_none(),
            None => serializer.collect_seq(self.item.values.iter().map(|shown| self.with(shown))),
        }
    }
}

impl Serialize for Shape<&Shown> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let datum = self.with(&self.item.datum);
        if self.item.standing == Standing::Denied {
            return serializer.collect_map([("not", datum)]);
        }
        datum.serialize(serializer)
    }
}

impl Serialize for Shape<&Datum> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.item {
            Datum::Number(number) => self.with(number).serialize(serializer),
            Datum::YesNo(yes) => serializer.serialize_bool(*yes),
            Datum::Name(text) | Datum::Text(text) => serializer.serialize_str(text),
            Datum::Source(source) => source.serialize(serializer),
        }
    }
}

impl Serialize for Shape<&Number> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = self.item;
        if let Some(value) = number.exact() {
            return self.with(value).serialize(serializer);
        }
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("low", &number.low().map(|end| self.with(end.value.normalize())))?;
        map.serialize_entry("high", &number.high().map(|end| self.with(end.value.normalize())))?;
        map.serialize_entry("text", &number.to_string())?;
        map.end()
    }
}

impl Serialize for Shape<Decimal> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = self.item;
        match self.digits {
            Digits::All => {
                RawValue::from_string(value.to_string()).map_err(S::Error::custom)?.serialize(serializer)
            }
            Digits::Nearest => match value.to_i64().filter(|_| value.scale() == 0) {
                Some(whole) => serializer.serialize_i64(whole),
                None => serializer.serialize_f64(nearest(value)),
            },
        }
    }
}

/// The `f64` next to it. By way of its digits: their parser rounds correctly.
pub(super) fn nearest(value: Decimal) -> f64 {
    value.to_string().parse().expect("a decimal is written as a float can be")
}

/// What stands beside a cell: a list for its one value, or such a list for each; beside an unknown one, what comes from
/// the sources that do not say.
struct Listed<'a, T, F> {
    cell: &'a Cell,
    list: F,
    unsaid: Vec<T>,
}

impl<T: Serialize, F: Fn(&Shown) -> Vec<T>> Serialize for Listed<'_, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.cell.single() {
            Some(shown) => serializer.collect_seq((self.list)(shown)),
            None if self.cell.is_unknown() => serializer.collect_seq(&self.unsaid),
            None => serializer.collect_seq(self.cell.values.iter().map(&self.list)),
        }
    }
}

impl Serialize for Source {
    /// As it is shown: `key, locator`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Answer {
    /// A list of rows, or of the proofs of an argument, as in the JSON format.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shape::of(self, Digits::Nearest).serialize(serializer)
    }
}

impl Serialize for Row<'_> {
    /// A map from column to cell; with sources and marks, `COLUMN_sources` and `COLUMN_marks` follow each.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shape::of(self.clone(), Digits::Nearest).serialize(serializer)
    }
}

impl Serialize for Cell {
    /// Null, a value or a list.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shape::of(self, Digits::Nearest).serialize(serializer)
    }
}

impl Serialize for Number {
    /// A number (an `i64`, or the nearest `f64`) if it is exact, else the map `{low, high, text}`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shape::of(self, Digits::Nearest).serialize(serializer)
    }
}
