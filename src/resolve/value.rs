//! Values: what a word or quantity is as a value of an attribute's type.

use super::Resolver;
use super::names::{listed, one};
use super::parameter::Bound;
use super::quantity::{self, described};
use crate::error::{Error, Result};
use crate::model::change::{StatedValue, ThingName};
use crate::model::{Name, Number, Type, Value, fold};
use crate::report::Span;
use crate::syntax::quantity as quantity_of;
use crate::syntax::tree::{self, Quantity, Word};

/// Where a value is to stand: under which name, and of which type.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub label: &'p str,
    pub value_type: &'p Type,
}

/// A value as typed.
#[derive(Clone, Copy)]
pub(super) enum Given<'t> {
    Word(&'t Word),
    Thing { kind: &'t Word, name: &'t Word },
    Quantity(&'t Quantity),
    Parameter(&'t Word),
}

impl<'t> Given<'t> {
    /// The value of a fact or conclusion; `None` for `unknown`.
    pub fn stated(value: &'t tree::StatedValue) -> Option<Given<'t>> {
        match value {
            tree::StatedValue::Word(word) => Some(Given::Word(word)),
            tree::StatedValue::Thing { kind, name } => Some(Given::Thing { kind, name }),
            tree::StatedValue::Quantity(quantity) => Some(Given::Quantity(quantity)),
            tree::StatedValue::Parameter(name) => Some(Given::Parameter(name)),
            tree::StatedValue::Unknown(_) => None,
        }
    }

    /// Where it stands.
    pub fn span(self) -> Span {
        match self {
            Given::Word(word) | Given::Parameter(word) => word.span,
            Given::Thing { kind, name } => kind.span.to(name.span),
            Given::Quantity(quantity) => quantity.span,
        }
    }
}

impl Resolver<'_> {
    /// The value that was given for this place.
    pub(super) fn value(&self, place: Place<'_>, given: Given<'_>) -> Result<Value> {
        match given {
            Given::Word(word) => self.word_value(place, word),
            Given::Thing { kind, name } => self.thing_value(place, kind, name),
            Given::Quantity(quantity) if place.value_type.is_numeric() => {
                quantity::number(quantity, place.value_type).map(Value::Number)
            }
            Given::Quantity(quantity) => {
                let word = Word { text: quantity.to_string(), quoted: true, span: quantity.span };
                self.word_value(place, &word)
            }
            Given::Parameter(name)
                if place.value_type.is_numeric()
                    && let Some(quantity) = self.parameter_quantity(name)? =>
            {
                self.value(place, Given::Quantity(&quantity))
            }
            Given::Parameter(name) => match self.parameter(name)? {
                Bound::Word(word) => self.word_value(place, &word),
                Bound::Quantity(quantity) => self.value(place, Given::Quantity(&quantity)),
            },
        }
    }

    fn word_value(&self, place: Place<'_>, word: &Word) -> Result<Value> {
        match place.value_type {
            Type::Text => Ok(Value::Text(Name::new(&word.text))),
            Type::YesNo => yes_or_no(place, word).map(Value::YesNo),
            Type::OneOf(_) | Type::Scale(_) => self.choice(place, word).map(Value::Choice),
            Type::Thing(kind) => self.thing_of(*kind, word).map(Value::Thing),
            Type::AnyThing => self.thing(word).map(Value::Thing),
            Type::Date if word.quoted => match quantity::day_of_text(&word.text) {
                Some(day) => Ok(Value::Number(Number::exactly(day.into()).in_words(&word.text))),
                None => Err(no_number(place, word)),
            },
            Type::Number { .. } | Type::Percent | Type::Year | Type::Date => Err(no_number(place, word)),
        }
    }

    fn choice(&self, place: Place<'_>, word: &Word) -> Result<u32> {
        self.vocabulary.choice(place.value_type, &word.text).ok_or_else(|| {
            let choices = place.value_type.choices();
            let error = Error::of_type(format!("`{}` is not a value of `{}`", word.text, place.label));
            self.mend(error, word, choices).note(format!("it is one of {}", listed(choices, "and")))
        })
    }

    fn thing_value(&self, place: Place<'_>, kind: &Word, name: &Word) -> Result<Value> {
        let of = self.kind(kind)?;
        let fits = match place.value_type {
            Type::Thing(wanted) => *wanted == of,
            Type::AnyThing => true,
            _ => false,
        };
        if !fits {
            let wanted = self.type_words(place.value_type);
            let error =
                Error::of_type(format!("`{}` is {wanted}, not {}", place.label, one(self.kind_name(of))));
            return Err(error.at(kind.span.to(name.span)));
        }
        self.thing_of(of, name).map(Value::Thing)
    }

    /// A type in words: "a country", "a number".
    pub(super) fn type_words(&self, value_type: &Type) -> String {
        match value_type {
            Type::Thing(kind) => one(self.kind_name(*kind)),
            other => described(other).to_string(),
        }
    }

    /// The value as commits state it, by names. `itself` is the thing of the block, which may not exist
    /// yet and may refer to itself.
    pub(super) fn stated_value(
        &self,
        place: Place<'_>,
        given: Given<'_>,
        itself: Option<&ThingName>,
    ) -> Result<StatedValue> {
        if let Some(itself) = itself
            && self.names_itself(place.value_type, given, itself)
        {
            return Ok(StatedValue::Thing(itself.clone()));
        }
        Ok(match self.value(place, given)? {
            Value::Number(number) => StatedValue::Number(number),
            Value::YesNo(yes) => StatedValue::YesNo(yes),
            Value::Thing(thing) => StatedValue::Thing(self.thing_name(thing)),
            Value::Text(text) => StatedValue::Text(text.text()),
            Value::Choice(choice) => {
                let name = place.value_type.choices().get(choice as usize);
                StatedValue::Choice(name.cloned().unwrap_or_else(|| Name::new("")))
            }
        })
    }

    /// The value that a text is which stands alone, as in the cell of a table: it needs no quotes.
    pub(crate) fn cell(&self, label: &str, value_type: &Type, text: &str) -> Result<StatedValue> {
        let place = Place { label, value_type };
        let word = Word { text: text.to_string(), quoted: true, span: Span::new(0, text.len()) };
        if fold(text) == "unknown" {
            return Err(Error::of_type("`unknown` is a standing, not a value")
                .at(word.span)
                .note("an empty cell claims nothing"));
        }
        if !value_type.is_numeric() {
            return self.stated_value(place, Given::Word(&word), None);
        }
        match quantity_of(text) {
            Some(quantity) => self.stated_value(place, Given::Quantity(&quantity), None),
            None => self.stated_value(place, Given::Word(&word), None).map_err(|error| {
                let written = if *value_type == Type::Date {
                    "`2005-09-20`, `1995`"
                } else {
                    "`2000`, `about 2000`, `> 700`, `10..15`"
                };
                error.note(format!("a cell is written as in a statement: {written}"))
            }),
        }
    }

    fn names_itself(&self, value_type: &Type, given: Given<'_>, itself: &ThingName) -> bool {
        let Type::Thing(kind) = value_type else { return false };
        let word = match given {
            Given::Word(word) | Given::Thing { name: word, .. } => word,
            _ => return false,
        };
        let same_kind = |kind| *self.kind_name(kind) == itself.kind;
        let kind_fits = match given {
            Given::Thing { kind, .. } => self.find_kind(&kind.text).is_some_and(same_kind),
            _ => true,
        };
        kind_fits && same_kind(*kind) && fold(&word.text) == itself.name.folded()
    }
}

fn yes_or_no(place: Place<'_>, word: &Word) -> Result<bool> {
    match fold(&word.text).as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => {
            Err(Error::of_type(format!("`{}` is yes or no, not `{}`", place.label, word.text)).at(word.span))
        }
    }
}

fn no_number(place: Place<'_>, word: &Word) -> Error {
    let wanted = described(place.value_type);
    Error::of_type(format!("`{}` is {wanted}, not `{}`", place.label, word.text)).at(word.span)
}
