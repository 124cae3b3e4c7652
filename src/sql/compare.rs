//! How two values compare, as SQL predicates.

use super::side::Side;
use crate::model::{Comparison, Type, Value};

/// By which columns values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// By both ends: numbers, percentages, years, dates.
    Number,
    /// By their place: choices, yes and no.
    Place,
    /// By what they refer to.
    Thing,
    /// By their folded form.
    Text,
}

impl Sort {
    /// The sort of an attribute's values.
    pub fn of_type(value_type: &Type) -> Sort {
        match value_type {
            Type::Text => Sort::Text,
            Type::YesNo | Type::OneOf(_) | Type::Scale(_) => Sort::Place,
            Type::Thing(_) | Type::AnyThing => Sort::Thing,
            Type::Number { .. } | Type::Percent | Type::Year | Type::Date => Sort::Number,
        }
    }

    /// The sort of a constant.
    pub fn of_value(value: &Value) -> Sort {
        match value {
            Value::Number(_) => Sort::Number,
            Value::YesNo(_) | Value::Choice(_) => Sort::Place,
            Value::Thing(_) => Sort::Thing,
            Value::Text(_) => Sort::Text,
        }
    }

    /// What tells two values apart that are no numbers.
    fn column(self, side: &Side) -> &str {
        match self {
            Sort::Thing => &side.target,
            Sort::Text => &side.value,
            Sort::Number | Sort::Place => &side.low,
        }
    }

    /// A statement of `a` is one of `b`: equal, or for numbers lying within.
    pub fn amounts_to(self, a: &Side, b: &Side) -> String {
        match self {
            // Of two open ends at one place neither lies farther out; of an open and a closed one, the closed.
            Sort::Number => format!(
                "({}, {}) <= ({}, {}) AND ({}, {}) <= ({}, {})",
                b.low, b.low_open, a.low, a.low_open, a.high, b.high_open, b.high, a.high_open
            ),
            _ => format!("{} = {}", self.column(a), self.column(b)),
        }
    }

    /// What has the value `a` cannot have `b`.
    pub fn excludes(self, a: &Side, b: &Side) -> String {
        match self {
            Sort::Number => format!("({} OR {})", below(a, b), below(b, a)),
            _ => format!("{} <> {}", self.column(a), self.column(b)),
        }
    }

    /// That `a comparison b` holds at every point of both.
    pub fn everywhere(self, comparison: Comparison, a: &Side, b: &Side) -> String {
        match comparison {
            Comparison::Equal => self.amounts_to(a, b),
            Comparison::NotEqual => self.excludes(a, b),
            Comparison::Less => below(a, b),
            Comparison::LessOrEqual => not_above(a, b),
            Comparison::Greater => below(b, a),
            Comparison::GreaterOrEqual => not_above(b, a),
        }
    }

    /// That it holds at no point of both.
    pub fn nowhere(self, comparison: Comparison, a: &Side, b: &Side) -> String {
        self.everywhere(comparison.opposite(), a, b)
    }
}

/// Every point of `a` is less than every point of `b`.
fn below(a: &Side, b: &Side) -> String {
    format!("({}, 1) <= ({}, {} + {})", a.high, b.low, a.high_open, b.low_open)
}

/// The same, but for a point that both have.
fn not_above(a: &Side, b: &Side) -> String {
    format!("{} <= {}", a.high, b.low)
}
