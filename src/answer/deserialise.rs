//! Rows into a program's own types.

use super::number::{NUMBER, whole};
use super::serialise::{Digits, Shape, nearest};
use super::{Answer, Cell, Datum, Row, Shown, Standing};
use crate::error::{Error, Result};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::de::value::StringDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use std::fmt;

impl Answer {
    /// Each row as a `T`: a struct with a field for each column it wants, or a tuple in the order of the
    /// columns.
    ///
    /// A cell becomes what the field asks for: a [`Number`](crate::Number) always; an `f64` or an integer
    /// only from an exact number; a `bool` from yes or no; a `String` from any single value; a unit variant
    /// from a name; a `Vec` from any cell; an `Option` is `None` where nothing is known. The error names the
    /// row, counted from 1, and the column.
    ///
    /// ```
    /// #[derive(serde::Deserialize)]
    /// struct Cluster {
    ///     name: String,
    ///     export_share: Option<f64>,
    /// }
    /// let answer = casebook::answer::Answer::new(["name", "export_share"]);
    /// let clusters: Vec<Cluster> = answer.deserialize()?;
    /// # assert!(clusters.is_empty());
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<Vec<T>> {
        let row = |(at, row): (usize, Row)| {
            T::deserialize(RowReader(&row)).map_err(|fault| fault.in_row(at + 1, self))
        };
        self.iter().enumerate().map(row).collect()
    }
}

/// Why a cell does not become what is asked for.
#[derive(Debug)]
struct Fault {
    column: Option<String>,
    message: String,
}

impl Fault {
    fn new(message: impl Into<String>) -> Fault {
        Fault { column: None, message: message.into() }
    }

    fn in_column(self, column: &str) -> Fault {
        Fault { column: self.column.or_else(|| Some(column.to_string())), ..self }
    }

    fn in_row(self, row: usize, answer: &Answer) -> Error {
        match self.column {
            Some(column) => Error::of_type(format!("row {row}, column `{column}`: {}", self.message)),
            None => Error::of_type(format!("row {row}: {}", self.message))
                .note(format!("the answer's columns are {}", answer.columns().join(", "))),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Fault {
        Fault::new(message.to_string())
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Fault {
        Fault::new(error.to_string())
    }
}

/// A row as a map from column to cell, or as a sequence of cells.
struct RowReader<'a>(&'a Row<'a>);

impl<'de> de::Deserializer<'de> for RowReader<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(CellMap { row: self.0, next: 0 })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_seq(CellSequence { row: self.0, next: 0 })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct map struct enum identifier ignored_any
    }
}

struct CellMap<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl<'de> de::MapAccess<'de> for CellMap<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some(name) = self.row.columns().get(self.next) else { return Ok(None) };
        seed.deserialize(name.as_str().into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        self.next += 1;
        read_cell(self.row, self.next - 1, seed)
    }
}

struct CellSequence<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl<'de> de::SeqAccess<'de> for CellSequence<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        if self.next == self.row.cells().len() {
            return Ok(None);
        }
        self.next += 1;
        read_cell(self.row, self.next - 1, seed).map(Some)
    }
}

fn read_cell<'de, T: DeserializeSeed<'de>>(row: &Row, column: usize, seed: T) -> Result<T::Value, Fault> {
    let reader = ValuesReader::of(&row.cells()[column]);
    seed.deserialize(reader).map_err(|fault| fault.in_column(&row.columns()[column]))
}

/// The values of a cell, or one of them.
struct ValuesReader<'a> {
    values: &'a [Shown],
    list: bool,
}

impl<'a> ValuesReader<'a> {
    fn of(cell: &'a Cell) -> Self {
        ValuesReader { values: &cell.values, list: cell.single().is_none() }
    }

    /// The one value that is neither denied nor beside another.
    fn one(&self) -> Result<&'a Datum, Fault> {
        match self.values {
            [shown] if shown.standing == Standing::Denied => {
                Err(Fault::new(format!("`{}` is denied", shown.datum)))
            }
            [shown] => Ok(&shown.datum),
            [] => Err(Fault::new("nothing is known here; an Option takes that")),
            several => {
                let several: Vec<String> = several.iter().map(|shown| format!("`{}`", shown.datum)).collect();
                Err(Fault::new(format!("several values, {}; a Vec takes them", several.join(", "))))
            }
        }
    }

    fn exact(&self) -> Result<Decimal, Fault> {
        match self.one()? {
            Datum::Number(number) => number.exact().ok_or_else(|| {
                Fault::new(format!("`{number}` is not an exact number; casebook::Number takes it"))
            }),
            other => Err(Fault::new(format!("`{other}` is not a number"))),
        }
    }

    fn text(&self) -> Result<String, Fault> {
        Ok(match self.one()? {
            Datum::Number(number) if number.exact().is_some() => self.exact()?.to_string(),
            datum => datum.to_string(),
        })
    }

    fn json(&self) -> Result<serde_json::Value, Fault> {
        let cell = Cell { values: self.values.into(), list: self.list, unsaid: Vec::new() };
        Ok(serde_json::to_value(Shape::of(&cell, Digits::Nearest))?)
    }

    fn whole_number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let exact = self.exact()?;
        let fault = || Fault::new(format!("`{exact}` is not a whole number that fits"));
        let whole = exact.is_integer().then_some(exact).ok_or_else(fault)?;
        match (whole.to_i64(), whole.to_u64()) {
            (Some(whole), _) => visitor.visit_i64(whole),
            (None, Some(whole)) => visitor.visit_u64(whole),
            (None, None) => Err(fault()),
        }
    }
}

macro_rules! by {
    ($reader:ident: $($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.$reader(visitor)
        })*
    };
}

impl<'de> de::Deserializer<'de> for ValuesReader<'_> {
    type Error = Fault;

    by!(whole_number: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64);
    by!(whole_number: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64);
    by!(deserialize_f64: deserialize_f32);
    by!(deserialize_string: deserialize_char deserialize_str deserialize_identifier);

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        Ok(de::Deserializer::deserialize_any(self.json()?, visitor)?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_f64(nearest(self.exact()?))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.one()? {
            Datum::YesNo(yes) => visitor.visit_bool(*yes),
            other => Err(Fault::new(format!("`{other}` is neither yes nor no"))),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.values.is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_seq(ValueSequence(self.values))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if name != NUMBER {
            return visitor.visit_newtype_struct(self);
        }
        match self.one()? {
            Datum::Number(number) => Ok(de::Deserializer::deserialize_any(whole(number), visitor)?),
            other => Err(Fault::new(format!("`{other}` is not a number"))),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let text: StringDeserializer<Fault> = self.text()?.into_deserializer();
        de::Deserializer::deserialize_enum(text, name, variants, visitor)
    }

    forward_to_deserialize_any! {
        i128 u128 bytes byte_buf unit unit_struct tuple_struct map struct ignored_any
    }
}

struct ValueSequence<'a>(&'a [Shown]);

impl<'de> de::SeqAccess<'de> for ValueSequence<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some((_, rest)) = self.0.split_first() else { return Ok(None) };
        let reader = ValuesReader { values: &self.0[..1], list: false };
        self.0 = rest;
        seed.deserialize(reader).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::format::samples::{clusters, digits};
    use crate::model::Number;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Cluster {
        name: String,
        workers: Option<Number>,
        export_share: Option<f64>,
        social_capital: Vec<SocialCapital>,
        recommended: Vec<String>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum SocialCapital {
        Weak,
        Strong,
    }

    fn answer(column: &str, cell: Cell) -> Answer {
        Answer::new([column]).with_rows([vec![cell]])
    }

    #[track_caller]
    fn refused<T: DeserializeOwned + fmt::Debug>(answer: &Answer, message: &str) {
        let error = answer.deserialize::<T>().expect_err("it does not fit");
        assert_eq!(error.report().message, message);
    }

    #[test]
    fn rows_become_structs() {
        let found: Vec<Cluster> = clusters().deserialize().expect("the columns fit");
        assert_eq!(
            found[1],
            Cluster {
                name: "thai_automotive".into(),
                workers: None,
                export_share: None,
                social_capital: vec![SocialCapital::Weak, SocialCapital::Strong],
                recommended: vec!["quality_standards".into()],
            }
        );
        assert_eq!(found[0].export_share, Some(16.1));
        assert_eq!(found[0].workers.as_ref().map(ToString::to_string).as_deref(), Some("about 2000"));
    }

    #[test]
    fn rows_become_tuples() {
        let pair = Answer::new(["by", "count"]).with_rows([vec![Cell::name("cops"), Cell::count(2)]]);
        assert_eq!(pair.deserialize::<(String, u32)>().expect("it fits"), [("cops".to_string(), 2)]);
    }

    #[test]
    fn a_number_is_handed_over_whole() {
        let (low, high) = (Number::above(1.into(), true).low(), Number::below(2.into(), false).high());
        let number = Number::from_ends(low, high).expect("there is room between 1 and 2");
        let found: Vec<(Number,)> =
            answer("n", Cell::one(Datum::Number(number.clone()))).deserialize().expect("fits");
        assert_eq!(found[0].0, number);
        assert!(found[0].0.low().expect("there is one").open);
    }

    #[test]
    fn the_error_names_row_and_column() {
        #[derive(Debug, Deserialize)]
        struct Workers {
            #[serde(rename = "workers")]
            _workers: f64,
        }
        let message =
            "row 1, column `workers`: `about 2000` is not an exact number; casebook::Number takes it";
        refused::<Workers>(&clusters(), message);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let weak = answer("x", Cell::name("weak"));
        refused::<(f64,)>(&weak, "row 1, column `x`: `weak` is not a number");
        refused::<(bool,)>(&weak, "row 1, column `x`: `weak` is neither yes nor no");
        refused::<(SocialCapital,)>(
            &answer("x", Cell::name("odd")),
            "row 1, column `x`: unknown variant `odd`, expected `weak` or `strong`",
        );
        refused::<(u8,)>(
            &answer("x", Cell::count(300)),
            "row 1, column `x`: invalid value: integer `300`, expected u8",
        );
        refused::<(i64,)>(
            &answer("x", Cell::one(digits("1.5"))),
            "row 1, column `x`: `1.5` is not a whole number that fits",
        );
    }

    #[test]
    fn several_values_are_never_taken_for_one() {
        let several = answer("x", Cell::list([Datum::Name("a".into()), Datum::Name("b".into())]));
        refused::<(String,)>(&several, "row 1, column `x`: several values, `a`, `b`; a Vec takes them");
        refused::<(String,)>(
            &answer("x", Cell::default()),
            "row 1, column `x`: nothing is known here; an Option takes that",
        );
    }

    #[test]
    fn a_missing_column_is_named_among_those_there_are() {
        #[derive(Debug, Deserialize)]
        struct Odd {
            #[serde(rename = "title")]
            _title: String,
        }
        let error = answer("x", Cell::name("a")).deserialize::<Odd>().expect_err("there is no title");
        assert_eq!(error.report().message, "row 1: missing field `title`");
        assert_eq!(error.report().notes, ["the answer's columns are x"]);
    }

    #[test]
    fn rows_become_json_values() {
        let rows: Vec<serde_json::Value> = clusters().deserialize().expect("anything goes");
        let direct = serde_json::to_value(clusters()).expect("answers serialise");
        assert_eq!(serde_json::Value::Array(rows), direct);
    }
}
