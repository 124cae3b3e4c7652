//! Numbers are honest: intervals, written down from the design and not from the crate.

use std::fmt;

/// An end of an interval and whether it is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct End {
    pub at: i64,
    pub open: bool,
}

/// All numbers between two ends; no end is no bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    pub low: Option<End>,
    pub high: Option<End>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Comparison::Equal => "=",
            Comparison::Unequal => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        })
    }
}

/// Places on a line fine enough to tell a point from what lies just beside it.
const FINE: i64 = 4;
const FAR: i64 = i64::MAX / 8;

impl Interval {
    pub fn new(low: Option<End>, high: Option<End>) -> Interval {
        Interval { low, high }
    }

    pub fn exactly(at: i64) -> Interval {
        Interval::between(at, at)
    }

    pub fn between(low: i64, high: i64) -> Interval {
        Interval::new(Some(End { at: low, open: false }), Some(End { at: high, open: false }))
    }

    pub fn is_exact(&self) -> bool {
        self.first() == self.last()
    }

    /// The first point, as a place: just above an end that is left out.
    pub fn first(&self) -> i64 {
        self.low.map_or(-FAR, |end| end.at * FINE + i64::from(end.open))
    }

    /// The last point, as a place: just below an end that is left out.
    pub fn last(&self) -> i64 {
        self.high.map_or(FAR, |end| end.at * FINE - i64::from(end.open))
    }

    fn bounds(&self) -> (i64, i64) {
        (self.low.map_or(-FAR, |end| end.at), self.high.map_or(FAR, |end| end.at))
    }

    pub fn lies_within(&self, other: &Interval) -> bool {
        other.first() <= self.first() && self.last() <= other.last()
    }

    pub fn is_disjoint(&self, other: &Interval) -> bool {
        self.last() < other.first() || other.last() < self.first()
    }

    fn is_below(&self, other: &Interval) -> bool {
        self.last() < other.first()
    }

    fn is_not_above(&self, other: &Interval) -> bool {
        self.bounds().1 <= other.bounds().0
    }

    /// Whether every point satisfies the comparison, and whether none does.
    pub fn compare(&self, comparison: Comparison, other: &Interval) -> (bool, bool) {
        match comparison {
            Comparison::Equal => (self.lies_within(other), self.is_disjoint(other)),
            Comparison::Unequal => (self.is_disjoint(other), self.lies_within(other)),
            Comparison::Less => (self.is_below(other), other.is_not_above(self)),
            Comparison::LessOrEqual => (self.is_not_above(other), other.is_below(self)),
            Comparison::Greater => (other.is_below(self), self.is_not_above(other)),
            Comparison::GreaterOrEqual => (other.is_not_above(self), self.is_below(other)),
        }
    }

    pub fn plus(&self, other: &Interval) -> Interval {
        let add = |a: Option<End>, b: Option<End>| {
            let (a, b) = (a?, b?);
            Some(End { at: a.at + b.at, open: a.open || b.open })
        };
        Interval::new(add(self.low, other.low), add(self.high, other.high))
    }

    pub fn minus(&self, other: &Interval) -> Interval {
        let turned = |end: Option<End>| end.map(|end| End { at: -end.at, ..end });
        self.plus(&Interval::new(turned(other.high), turned(other.low)))
    }

    /// Where the lesser of two unknown points lies.
    pub fn lesser(&self, other: &Interval) -> Interval {
        let low = if self.first() <= other.first() { self.low } else { other.low };
        let high = if self.last() <= other.last() { self.high } else { other.high };
        Interval::new(low, high)
    }

    /// Where the greater of two unknown points lies.
    pub fn greater(&self, other: &Interval) -> Interval {
        let low = if self.first() >= other.first() { self.low } else { other.low };
        let high = if self.last() >= other.last() { self.high } else { other.high };
        Interval::new(low, high)
    }
}

impl fmt::Display for Interval {
    /// One form for each interval, whatever the words of the source: `[9, 11]`, `(7, )`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |end: Option<End>| end.map_or(String::new(), |end| end.at.to_string());
        let open = |end: Option<End>| end.is_none_or(|end| end.open);
        let (left, right) = (if open(self.low) { '(' } else { '[' }, if open(self.high) { ')' } else { ']' });
        write!(f, "{left}{}, {}{right}", side(self.low), side(self.high))
    }
}
