//! When a claim held.

use super::name::Text;
use rust_decimal::Decimal;

/// Days since 1970-01-01, first and last, with the words of the source.
#[derive(Clone, Debug)]
pub struct Period {
    /// First day.
    pub first: i32,
    /// Last day, included.
    pub last: i32,
    /// As written: `1995`, `mid 1990s`, `2005-09-20`.
    pub text: Text,
}

impl PartialEq for Period {
    fn eq(&self, other: &Self) -> bool {
        (self.first, self.last) == (other.first, other.last)
    }
}

impl Eq for Period {}

impl std::hash::Hash for Period {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.first, self.last).hash(state);
    }
}

/// A number of days since 1970-01-01 as a date, `2005-02-28`; `None` for what is not a whole day, or beyond
/// the calendar.
pub fn day_in_words(days: Decimal) -> Option<String> {
    let days = i64::try_from(days).ok().filter(|whole| Decimal::from(*whole) == days)?;
    let epoch = jiff::civil::date(1970, 1, 1);
    let span = jiff::Span::new().try_days(days).ok()?;
    Some(epoch.checked_add(span).ok()?.to_string())
}

/// The time qualifiers of a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct When {
    /// `in`: when it was observed; ends nothing.
    pub observed: Option<Period>,
    /// `since`
    pub since: Option<Period>,
    /// `until`: the only qualifier that ends a claim.
    pub until: Option<Period>,
}

impl When {
    /// Whether no qualifier was given.
    pub fn is_undated(&self) -> bool {
        self.observed.is_none() && self.since.is_none() && self.until.is_none()
    }

    /// First and last day of the time that the claim speaks of; everything if undated.
    pub fn extent(&self) -> (i32, i32) {
        let (mut first, mut last) = (i32::MIN, i32::MAX);
        if let Some(observed) = &self.observed {
            (first, last) = (observed.first, observed.last);
        }
        if let Some(since) = &self.since {
            first = since.first;
            // `in 1995, since 1990`: seen in 1995, and it began before.
            last = last.max(since.first);
        }
        if let Some(until) = &self.until {
            last = until.last;
            first = first.min(until.last);
        }
        (first, last)
    }

    /// Whether some day belongs to both; an undated time overlaps every other.
    pub fn overlaps(&self, other: &When) -> bool {
        let (a, b) = (self.extent(), other.extent());
        a.0 <= b.1 && b.0 <= a.1
    }

    /// As written after a value: `in mid 1990s`, `since 1990, until 1998`; empty if undated.
    pub fn words(&self) -> String {
        let parts = [("in", &self.observed), ("since", &self.since), ("until", &self.until)];
        let said =
            parts.iter().filter_map(|(word, period)| Some(format!("{word} {}", period.as_ref()?.text)));
        said.collect::<Vec<_>>().join(", ")
    }
}

/// Which claims a question sees by their time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum TimeScope {
    /// Every claim without `until`.
    #[default]
    Standing,
    /// `in T`: those whose time overlaps T, and the undated ones.
    During(Period),
    /// `ever`: all.
    Ever,
}

impl TimeScope {
    /// Whether a claim of this time is seen.
    pub fn sees(&self, when: &When) -> bool {
        match self {
            TimeScope::Standing => when.until.is_none(),
            TimeScope::During(period) => {
                let (first, last) = when.extent();
                first <= period.last && period.first <= last
            }
            TimeScope::Ever => true,
        }
    }
}
