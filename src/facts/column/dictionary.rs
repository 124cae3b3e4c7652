//! The distinct values of a column, sorted.

use crate::model::{Comparison, Number, Value};
use std::ops::Range;

/// Values by code, from 1 on: exact numbers first and ascending, then all others in order, so that what a
/// comparison with a constant holds of is one range of codes, but for the few numbers that are intervals.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    values: Vec<Value>,
    /// So many, at the beginning, are exact numbers.
    exact: usize,
}

impl Dictionary {
    /// These values in order; codes that refer to them by position from 1 on follow.
    pub fn sorted(values: Vec<Value>, codes: &mut [u32]) -> Dictionary {
        let is_exact = |value: &Value| matches!(value, Value::Number(number) if number.exact().is_some());
        let mut order: Vec<u32> = (0..values.len() as u32).collect();
        order.sort_by(|a, b| {
            let (a, b) = (&values[*a as usize], &values[*b as usize]);
            (!is_exact(a), a).cmp(&(!is_exact(b), b))
        });
        let mut code_of = vec![0; values.len() + 1];
        for (code, old) in (1..).zip(&order) {
            code_of[*old as usize + 1] = code;
        }
        codes.iter_mut().for_each(|code| *code = code_of.get(*code as usize).copied().unwrap_or(0));
        let mut values: Vec<Option<Value>> = values.into_iter().map(Some).collect();
        let values: Vec<Value> = order.iter().filter_map(|old| values[*old as usize].take()).collect();
        let exact = values.partition_point(is_exact);
        Dictionary { values, exact }
    }

    /// How many there are: the highest code.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The value of a code.
    pub fn value(&self, code: u32) -> Option<&Value> {
        self.values.get((code as usize).checked_sub(1)?)
    }

    /// All values, with their codes.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Value)> {
        (1..).zip(&self.values)
    }

    /// The codes of the values that are this one, which is no number.
    pub fn equal_to(&self, value: &Value) -> Range<u32> {
        let others = &self.values[self.exact..];
        let (from, to) = (others.partition_point(|v| v < value), others.partition_point(|v| v <= value));
        codes(self.exact + from..self.exact + to)
    }

    /// The codes of the exact numbers that compare so with an exact one: one range, or two for `!=`.
    pub fn comparing(&self, comparison: Comparison, right: &Number) -> [Range<u32>; 2] {
        let right = Value::Number(right.clone());
        let numbers = &self.values[..self.exact];
        let from = numbers.partition_point(|value| *value < right);
        let to = numbers.partition_point(|value| *value <= right);
        let first = match comparison {
            Comparison::Equal => from..to,
            Comparison::NotEqual | Comparison::Less => 0..from,
            Comparison::LessOrEqual => 0..to,
            Comparison::Greater => to..self.exact,
            Comparison::GreaterOrEqual => from..self.exact,
        };
        let second = if comparison == Comparison::NotEqual { to..self.exact } else { 0..0 };
        [codes(first), codes(second)]
    }

    /// The codes of what is not an exact number.
    pub fn others(&self) -> Range<u32> {
        codes(self.exact..self.values.len())
    }
}

/// The codes of these positions.
fn codes(positions: Range<usize>) -> Range<u32> {
    positions.start as u32 + 1..positions.end as u32 + 1
}
