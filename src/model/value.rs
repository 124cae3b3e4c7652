//! Values of statements, and the identities that the rest of the crate speaks in.

use super::name::Name;
use super::number::Number;
use std::fmt;

macro_rules! identity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

identity! {
    /// A kind of the vocabulary, dense in order of declaration.
    KindId
}
identity! {
    /// An attribute of the vocabulary, dense in order of declaration.
    AttributeId
}
identity! {
    /// A thing of one snapshot, dense over all kinds in order of appearance.
    ThingId
}

/// What a statement says of a thing.
///
/// Years, dates and percentages are numbers: the attribute's type says how they are written. A date
/// counts days since 1970-01-01.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Number, percentage, year or date.
    Number(Number),
    /// `yes` or `no`.
    YesNo(bool),
    /// The position among the attribute's `one of` names or `scale` steps.
    Choice(u32),
    /// A reference.
    Thing(ThingId),
    /// Free text, compared as names are.
    Text(Name),
}

impl Value {
    /// Whether a thing that takes one value and has this one cannot have `other`.
    pub fn excludes(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => a.disjoint(b),
            _ => self != other,
        }
    }

    /// Whether a statement of this value is one of `other`: equal, or for numbers lying within.
    pub fn amounts_to(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => a.within(b),
            _ => self == other,
        }
    }
}
