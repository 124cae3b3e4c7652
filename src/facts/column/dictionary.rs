//! The distinct values of a column, sorted.

use crate::model::view::{Distinct, Kept, VALUES_PER_PAGE};
use crate::model::{Comparison, Number, ThingId, Value};
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Values by code, from 1 on: exact numbers first and ascending, then all others in order, so that what a
/// comparison with a constant holds of is one range of codes, but for the few numbers that are intervals.
#[derive(Debug, Default)]
pub struct Dictionary {
    values: Values,
    /// So many, at the beginning, are exact numbers.
    exact: usize,
}

#[derive(Debug)]
enum Values {
    Here(Distinct),
    Kept(KeptValues),
}

/// Values that a view keeps, read page by page: a search in a large dictionary reads few of them.
#[derive(Debug)]
struct KeptValues {
    kept: Arc<dyn Kept>,
    column: usize,
    count: usize,
    pages: Vec<OnceLock<Distinct>>,
}

impl Default for Values {
    fn default() -> Self {
        Values::Here(Distinct::default())
    }
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Values::Here(values) => values.len(),
            Values::Kept(kept) => kept.count,
        }
    }

    /// What `take` makes of the value at a position.
    fn get<T>(&self, at: usize, take: impl Fn(&Value) -> T) -> Option<T> {
        match self {
            Values::Here(values) => values.get(at, take),
            Values::Kept(kept) => kept.get(at, take),
        }
    }
}

impl KeptValues {
    fn get<T>(&self, at: usize, take: impl Fn(&Value) -> T) -> Option<T> {
        let per_page = VALUES_PER_PAGE as usize;
        let page = at / per_page;
        let read = || self.kept.values(self.column, page as u32);
        self.pages.get(page)?.get_or_init(read).get(at % per_page, take)
    }
}

impl Dictionary {
    /// These values in order; codes that refer to them by position from 1 on follow.
    pub fn sorted(values: Distinct, codes: &mut [u32]) -> Dictionary {
        let is_exact = |value: &Value| matches!(value, Value::Number(number) if number.exact().is_some());
        let (values, exact) = match values {
            Distinct::Things(mut things) => {
                sort(&mut things, codes, ThingId::cmp);
                (Distinct::Things(things), 0)
            }
            Distinct::Mixed(mut values) => {
                sort(&mut values, codes, |a, b| (!is_exact(a), a).cmp(&(!is_exact(b), b)));
                let exact = values.partition_point(is_exact);
                (Distinct::Mixed(values), exact)
            }
        };
        Dictionary { values: Values::Here(values), exact }
    }

    /// The values of a column that a view keeps: so many, of which so many are exact.
    pub(super) fn kept(kept: Arc<dyn Kept>, column: usize, count: usize, exact: usize) -> Dictionary {
        let pages = count.div_ceil(VALUES_PER_PAGE as usize);
        let pages = (0..pages).map(|_| OnceLock::new()).collect();
        Dictionary { values: Values::Kept(KeptValues { kept, column, count, pages }), exact }
    }

    /// How many there are: the highest code.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// So many, at the beginning, are exact numbers.
    pub(super) fn exact(&self) -> usize {
        self.exact
    }

    /// The value of a code.
    pub fn value(&self, code: u32) -> Option<Value> {
        self.values.get((code as usize).checked_sub(1)?, Value::clone)
    }

    /// The thing that is the value of a code.
    pub fn thing(&self, code: u32) -> Option<ThingId> {
        let thing = |value: &Value| if let Value::Thing(thing) = value { Some(*thing) } else { None };
        self.values.get((code as usize).checked_sub(1)?, thing)?
    }

    /// The codes of the values that are this one, which is no number.
    pub fn equal_to(&self, value: &Value) -> Range<u32> {
        let others = self.exact..self.len();
        let from = self.partition_point(others.clone(), |other| other < value);
        codes(from..self.partition_point(others, |other| other <= value))
    }

    /// The codes of the exact numbers that compare so with an exact one: one range, or two for `!=`.
    pub fn comparing(&self, comparison: Comparison, right: &Number) -> [Range<u32>; 2] {
        let right = Value::Number(right.clone());
        let from = || self.partition_point(0..self.exact, |value| *value < right);
        let to = || self.partition_point(0..self.exact, |value| *value <= right);
        let first = match comparison {
            Comparison::Equal => from()..to(),
            Comparison::NotEqual | Comparison::Less => 0..from(),
            Comparison::LessOrEqual => 0..to(),
            Comparison::Greater => to()..self.exact,
            Comparison::GreaterOrEqual => from()..self.exact,
        };
        let second = if comparison == Comparison::NotEqual { to()..self.exact } else { 0..0 };
        [codes(first), codes(second)]
    }

    /// The codes of what is not an exact number.
    pub fn others(&self) -> Range<u32> {
        codes(self.exact..self.len())
    }

    /// The first of these positions of which `is_before` does not hold; of those before it, it does.
    fn partition_point(&self, positions: Range<usize>, is_before: impl Fn(&Value) -> bool) -> usize {
        let (mut from, mut to) = (positions.start, positions.end);
        while from < to {
            let middle = from + (to - from) / 2;
            match self.values.get(middle, &is_before).unwrap_or(false) {
                true => from = middle + 1,
                false => to = middle,
            }
        }
        from
    }
}

/// Sorts values; codes that refer to them by position from 1 on follow.
fn sort<T>(values: &mut [T], codes: &mut [u32], compare: impl Fn(&T, &T) -> Ordering) {
    if values.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return;
    }
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_by(|a, b| compare(&values[*a as usize], &values[*b as usize]));
    let mut code_of = vec![0; values.len() + 1];
    for (code, old) in (1..).zip(&order) {
        code_of[*old as usize + 1] = code;
    }
    codes.iter_mut().for_each(|code| *code = code_of.get(*code as usize).copied().unwrap_or(0));
    // Each goes to its place, cycle by cycle.
    for start in 0..values.len() {
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut order[at], at as u32) as usize;
            if from == start || from == at {
                break;
            }
            values.swap(at, from);
            at = from;
        }
    }
}

/// The codes of these positions.
fn codes(positions: Range<usize>) -> Range<u32> {
    positions.start as u32 + 1..positions.end as u32 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_the_values_that_are_sorted() {
        for step in [1, 7, 5003] {
            let things: Vec<ThingId> = (0..10_007_u32).map(|at| ThingId(at * step % 10_007)).collect();
            let mut codes: Vec<u32> = (0..=10_007).collect();
            let dictionary = Dictionary::sorted(Distinct::Things(things.clone()), &mut codes);
            assert!((1..10_007).all(|code| dictionary.thing(code) < dictionary.thing(code + 1)));
            assert_eq!(codes[0], 0);
            assert!(
                things.iter().zip(&codes[1..]).all(|(thing, code)| dictionary.thing(*code) == Some(*thing))
            );
        }
    }
}
