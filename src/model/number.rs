//! Honest numbers: an interval of exact decimals, with the words of the source.

use super::condition::Comparison;
use super::name::Text;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// How far `about` reaches to either side, in percent of the number.
pub const ABOUT_PERCENT: u32 = 10;

/// One end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct End {
    /// Where it lies.
    pub value: Decimal,
    /// Whether `value` itself is left out.
    pub open: bool,
}

/// A number as a source gives it: `2000`, `about 2000`, `> 700`, `10..15`.
///
/// An end that is `None` is infinite. Two numbers are equal if they are the same interval, whatever
/// their words.
///
/// ```
/// use casebook::Number;
/// let about: Number = Number::about(2000.into());
/// assert_eq!(about.to_string(), "about 2000");
/// assert_eq!(about.exact(), None);
/// assert_eq!(Number::from(3).exact(), Some(3.into()));
/// ```
#[derive(Clone, Debug)]
pub struct Number {
    low: Option<End>,
    high: Option<End>,
    text: Option<Text>,
}

/// Whether a comparison holds at every point, at none, or at some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Every point satisfies it.
    Everywhere,
    /// No point does.
    Nowhere,
    /// Some do.
    Somewhere,
}

impl Number {
    /// Exactly this.
    pub fn exactly(value: Decimal) -> Self {
        let end = Some(End { value, open: false });
        Number { low: end, high: end, text: None }
    }

    /// `about value`: [`ABOUT_PERCENT`] either way.
    pub fn about(value: Decimal) -> Self {
        let reach = value.abs().checked_mul(Decimal::new(ABOUT_PERCENT.into(), 2)).unwrap_or_default();
        let low = value.checked_sub(reach).unwrap_or(value);
        let high = value.checked_add(reach).unwrap_or(value);
        Number::between(low, high).in_words(&format!("about {value}"))
    }

    /// `low..high`, both included; the ends may come in either order.
    pub fn between(low: Decimal, high: Decimal) -> Self {
        let end = |value| Some(End { value, open: false });
        Number { low: end(low.min(high)), high: end(low.max(high)), text: None }
    }

    /// The interval between two ends, `None` if nothing lies between them.
    pub fn from_ends(low: Option<End>, high: Option<End>) -> Option<Self> {
        if let (Some(l), Some(h)) = (low, high)
            && (l.value > h.value || (l.value == h.value && (l.open || h.open)))
        {
            return None;
        }
        Some(Number { low, high, text: None })
    }

    /// `> value` (open) or `>= value`.
    pub fn above(value: Decimal, open: bool) -> Self {
        Number { low: Some(End { value, open }), high: None, text: None }
    }

    /// `< value` (open) or `<= value`.
    pub fn below(value: Decimal, open: bool) -> Self {
        Number { low: None, high: Some(End { value, open }), text: None }
    }

    /// The same number, shown in these words.
    pub fn in_words(mut self, words: &str) -> Self {
        self.text = Some(Text::from(words));
        self
    }

    /// Lower end; `None` is unbounded.
    pub fn low(&self) -> Option<End> {
        self.low
    }

    /// Upper end; `None` is unbounded.
    pub fn high(&self) -> Option<End> {
        self.high
    }

    /// The words of the source, where they differ from the plain interval.
    pub fn words(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The value, if the interval is a single point.
    pub fn exact(&self) -> Option<Decimal> {
        match (self.low, self.high) {
            (Some(low), Some(high)) if low.value == high.value => Some(low.value),
            _ => None,
        }
    }

    /// Whether every point of `self` lies in `other`.
    pub fn within(&self, other: &Number) -> bool {
        low_order(other.low, self.low) != Ordering::Greater
            && high_order(self.high, other.high) != Ordering::Greater
    }

    /// Whether no point is shared.
    pub fn disjoint(&self, other: &Number) -> bool {
        self.entirely_below(other, true) || other.entirely_below(self, true)
    }

    /// Every point of `self` is below every point of `other`; touching at a point that both include
    /// counts only as `strict = false`.
    fn entirely_below(&self, other: &Number, strict: bool) -> bool {
        match (self.high, other.low) {
            (Some(high), Some(low)) if high.value == low.value => !strict || high.open || low.open,
            (Some(high), Some(low)) => high.value < low.value,
            _ => false,
        }
    }

    /// How `self comparison other` holds over the points of both.
    pub fn compare(&self, comparison: Comparison, other: &Number) -> Holds {
        let (met, failed) = match comparison {
            Comparison::Equal => (self.within(other), self.disjoint(other)),
            Comparison::NotEqual => (self.disjoint(other), self.within(other)),
            Comparison::Less => (self.entirely_below(other, true), other.entirely_below(self, false)),
            Comparison::LessOrEqual => (self.entirely_below(other, false), other.entirely_below(self, true)),
            Comparison::Greater => (other.entirely_below(self, true), self.entirely_below(other, false)),
            Comparison::GreaterOrEqual => {
                (other.entirely_below(self, false), self.entirely_below(other, true))
            }
        };
        match (met, failed) {
            (true, _) => Holds::Everywhere,
            (false, true) => Holds::Nowhere,
            (false, false) => Holds::Somewhere,
        }
    }

    /// Interval sum; `None` where a decimal overflows.
    pub fn add(&self, other: &Number) -> Option<Number> {
        computed(
            ends(self.low, other.low, Decimal::checked_add)?,
            ends(self.high, other.high, Decimal::checked_add)?,
        )
    }

    /// Interval difference; `None` where a decimal overflows.
    pub fn subtract(&self, other: &Number) -> Option<Number> {
        computed(
            ends(self.low, other.high, Decimal::checked_sub)?,
            ends(self.high, other.low, Decimal::checked_sub)?,
        )
    }

    /// Interval product; `None` where a decimal overflows, or where an infinite end meets a number that may be
    /// zero or less.
    pub fn multiply(&self, other: &Number) -> Option<Number> {
        if self.is_above_zero() && other.is_above_zero() {
            return computed(
                ends(self.low, other.low, Decimal::checked_mul)?,
                ends(self.high, other.high, Decimal::checked_mul)?,
            );
        }
        self.corners(other, Decimal::checked_mul)
    }

    /// Interval quotient; `None` where `other` includes zero, a decimal overflows, or an infinite end meets a
    /// number that may be zero or less.
    pub fn divide(&self, other: &Number) -> Option<Number> {
        let zero = Number::exactly(Decimal::ZERO);
        if !other.disjoint(&zero) {
            return None;
        }
        if self.is_above_zero() && other.is_above_zero() {
            // Divided by ever more it comes close to zero; by ever less, it grows without end.
            let close_to_zero = Some(End { value: Decimal::ZERO, open: true });
            let low = ends(self.low, other.high, quotient)?.or(close_to_zero);
            let divisor = other.low.filter(|low| !low.value.is_zero());
            return computed(low, ends(self.high, divisor, quotient)?);
        }
        self.corners(other, quotient)
    }

    /// Whether all its points are.
    fn is_above_zero(&self) -> bool {
        self.low.is_some_and(|low| low.value > Decimal::ZERO || low.value.is_zero() && low.open)
    }

    /// The number divided by a count, end by end, so that open ends stay open; `None` for no count.
    pub fn shared_among(&self, count: u64) -> Option<Number> {
        let share = |end: Option<End>| match end {
            Some(end) => quotient(end.value, count.into()).map(|value| Some(End { value, ..end })),
            None => Some(None),
        };
        computed(share(self.low)?, share(self.high)?)
    }

    /// The sum of so many of this number, end by end, so that open ends stay open; `None` where it overflows.
    pub fn times(&self, count: u64) -> Option<Number> {
        let times = |end: Option<End>| match end {
            Some(end) => end.value.checked_mul(count.into()).map(|value| Some(End { value, ..end })),
            None => Some(None),
        };
        computed(times(self.low)?, times(self.high)?)
    }

    fn corners(&self, other: &Number, apply: fn(Decimal, Decimal) -> Option<Decimal>) -> Option<Number> {
        let (a, b, c, d) = (self.low?, self.high?, other.low?, other.high?);
        let mut corners = Vec::with_capacity(4);
        for x in [a, b] {
            for y in [c, d] {
                corners.push(End { value: apply(x.value, y.value)?, open: x.open || y.open });
            }
        }
        // Of two corners at the same place the closed one decides, hence `open` in the keys.
        let low = corners.iter().copied().min_by_key(|end| (end.value, end.open));
        let high = corners.iter().copied().max_by_key(|end| (end.value, !end.open));
        computed(low, high)
    }

    /// The interval in which the lesser (or greater) of two numbers lies: end by end.
    pub fn extreme(&self, other: &Number, wanted: Ordering) -> Number {
        if self == other {
            return self.clone();
        }
        let low = if low_order(self.low, other.low) == wanted { self } else { other };
        let high = if high_order(self.high, other.high) == wanted { self } else { other };
        if low == high { low.clone() } else { Number { low: low.low, high: high.high, text: None } }
    }

    /// By lower end, then by upper end: the order in which answers are sorted.
    pub fn order(&self, other: &Number) -> Ordering {
        low_order(self.low, other.low).then(high_order(self.high, other.high))
    }
}

/// So many significant digits a quotient keeps; sums, differences and products are exact.
pub const QUOTIENT_DIGITS: u32 = 12;

fn quotient(a: Decimal, b: Decimal) -> Option<Decimal> {
    Some(a.checked_div(b)?.round_sf(QUOTIENT_DIGITS)?.normalize())
}

/// The interval between two ends that were worked out. Only an exact number keeps the zeros at its end: those
/// of an interval say nothing of a source (10 % of 2000 is 200.00).
fn computed(low: Option<End>, high: Option<End>) -> Option<Number> {
    let plain = |end: Option<End>| end.map(|end| End { value: end.value.normalize(), ..end });
    let number = Number::from_ends(low, high)?;
    Some(match number.exact() {
        Some(_) => number,
        None => Number { low: plain(low), high: plain(high), text: None },
    })
}

/// An end made of two, infinite if either is; `None` where the arithmetic fails.
fn ends(
    a: Option<End>,
    b: Option<End>,
    apply: fn(Decimal, Decimal) -> Option<Decimal>,
) -> Option<Option<End>> {
    match (a, b) {
        (Some(a), Some(b)) => {
            apply(a.value, b.value).map(|value| Some(End { value, open: a.open || b.open }))
        }
        _ => Some(None),
    }
}

fn low_order(a: Option<End>, b: Option<End>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(a), Some(b)) => a.value.cmp(&b.value).then(a.open.cmp(&b.open)),
    }
}

fn high_order(a: Option<End>, b: Option<End>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
        (Some(a), Some(b)) => a.value.cmp(&b.value).then(b.open.cmp(&a.open)),
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.low == other.low && self.high == other.high
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.low.hash(state);
        self.high.hash(state);
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order(other)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Number::exactly(value.into())
    }
}

impl From<Decimal> for Number {
    fn from(value: Decimal) -> Self {
        Number::exactly(value)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(words) = &self.text {
            return f.write_str(words);
        }
        let greater = |end: End| if end.open { ">" } else { ">=" };
        let less = |end: End| if end.open { "<" } else { "<=" };
        match (self.low, self.high) {
            (Some(low), Some(high)) if low.value == high.value => write!(f, "{}", low.value),
            (Some(low), Some(high)) => write!(f, "{}..{}", low.value, high.value),
            (Some(low), None) => write!(f, "{} {}", greater(low), low.value),
            (None, Some(high)) => write!(f, "{} {}", less(high), high.value),
            (None, None) => f.write_str("any number"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn above(value: i64) -> Number {
        Number::above(value.into(), true)
    }

    #[test]
    fn an_open_end_stays_open_in_products_and_quotients_above_zero() {
        let share = Number::exactly("0.4".parse().expect("a decimal"));
        let shown = |number: Option<Number>| number.map(|number| number.to_string());
        assert_eq!(shown(above(700).multiply(&share)).as_deref(), Some("> 280"));
        assert_eq!(shown(above(700).multiply(&above(2))).as_deref(), Some("> 1400"));
        assert_eq!(shown(above(700).divide(&Number::from(7))).as_deref(), Some("> 100"));
        assert_eq!(shown(Number::from(700).divide(&above(7))).as_deref(), Some("0..100"));
        assert_eq!(shown(Number::from(700).divide(&above(0))).as_deref(), Some("> 0"));
        // What may be zero or less can turn an end round.
        assert_eq!(above(700).multiply(&Number::from(-1)), None);
        assert_eq!(above(-1).multiply(&Number::from(2)), None);
        assert_eq!(Number::from(1).divide(&above(-1)), None);
    }
}
