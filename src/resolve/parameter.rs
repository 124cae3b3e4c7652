//! What is bound to `$name` in a prepared statement.

use super::Resolver;
use crate::error::{Error, Result};
use crate::model::fold;
use crate::syntax::quantity;
use crate::syntax::tree::{Quantity, QuantityForm, Word};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A value given by a program: it means what the same value would mean if it had been typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// As a quoted word: a name or a text, never a keyword or an attribute. Where a number stands, as the one
    /// quantity that it writes: `about 50`, `mid 1990s`.
    Text(String),
    /// As a number typed.
    Number(Decimal),
    /// As `yes` or `no`.
    YesNo(bool),
}

/// Parameters by folded name, without the `$`.
pub type Parameters = BTreeMap<String, Parameter>;

impl From<&str> for Parameter {
    fn from(text: &str) -> Self {
        Parameter::Text(text.to_string())
    }
}

impl From<String> for Parameter {
    fn from(text: String) -> Self {
        Parameter::Text(text)
    }
}

impl From<i64> for Parameter {
    fn from(number: i64) -> Self {
        Parameter::Number(number.into())
    }
}

impl From<i32> for Parameter {
    fn from(number: i32) -> Self {
        Parameter::Number(number.into())
    }
}

impl From<Decimal> for Parameter {
    fn from(number: Decimal) -> Self {
        Parameter::Number(number)
    }
}

impl From<bool> for Parameter {
    fn from(yes: bool) -> Self {
        Parameter::YesNo(yes)
    }
}

impl TryFrom<f64> for Parameter {
    type Error = Error;

    /// The shortest decimal that reads back as this number: 0.1 is one tenth. Refused is what is not a
    /// finite number or has more digits than a decimal holds.
    fn try_from(number: f64) -> Result<Self> {
        let digits = Decimal::from_str_exact(&number.to_string());
        digits.map(Parameter::Number).map_err(|_| Error::of_type(format!("{number} is not an exact decimal")))
    }
}

/// A parameter as the part of a statement that could have stood in its place.
pub(super) enum Bound {
    Word(Word),
    Quantity(Quantity),
}

impl Resolver<'_> {
    /// What the parameter would have been if it had been typed.
    pub(super) fn parameter(&self, name: &Word) -> Result<Bound> {
        let word = |text: &str| Bound::Word(Word { text: text.to_string(), quoted: true, span: name.span });
        match self.parameters.get(&fold(&name.text)) {
            Some(Parameter::Text(text)) => Ok(word(text)),
            Some(Parameter::YesNo(yes)) => Ok(word(if *yes { "yes" } else { "no" })),
            Some(Parameter::Number(number)) => Ok(Bound::Quantity(Quantity {
                form: QuantityForm::Exact(number.to_string()),
                percent: false,
                span: name.span,
            })),
            None => Err(Error::unknown(format!("no value for `${}`", name.text))
                .at(name.span)
                .note("a `$name` stands for a value that the program binds before it asks")),
        }
    }

    /// The parameter where a number stands; `None` if it is not one quantity.
    pub(super) fn parameter_quantity(&self, name: &Word) -> Result<Option<Quantity>> {
        match self.parameter(name)? {
            Bound::Quantity(quantity) => Ok(Some(quantity)),
            Bound::Word(word) => {
                Ok(quantity(&word.text).map(|quantity| Quantity { span: name.span, ..quantity }))
            }
        }
    }

    /// The parameter as a word: the text, or the digits of the number.
    pub(super) fn parameter_word(&self, name: &Word) -> Result<Word> {
        match self.parameter(name)? {
            Bound::Word(word) => Ok(word),
            Bound::Quantity(quantity) => {
                Ok(Word { text: quantity.to_string(), quoted: true, span: name.span })
            }
        }
    }
}
