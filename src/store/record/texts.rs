//! Packed texts in records: those that count by the first of them alone.

use super::block::Bits;
use super::{Unfit, v1};
use crate::model::change::PackedText;

/// Texts that count are worth telling from so many on.
const WORTH: usize = 4;

impl<'a> From<&'a PackedText> for v1::Texts<'a> {
    fn from(packed: &'a PackedText) -> Self {
        if let Some(first) = packed.get(0).filter(|first| packed.len() >= WORTH && count_from(packed, first))
        {
            return v1::Texts::Counted { first, count: packed.len() as u32 };
        }
        let (text, ends) = packed.parts();
        v1::Texts::Listed { text, lengths: Bits::Steps(ends) }
    }
}

impl TryFrom<v1::Texts<'_>> for PackedText {
    type Error = Unfit;

    fn try_from(texts: v1::Texts<'_>) -> Result<Self, Unfit> {
        match texts {
            v1::Texts::Counted { first, count } => {
                // No text grows by more than the digits of `count`.
                if (first.len() as u64 + 10) * u64::from(count) > u32::MAX.into() {
                    return Err(Unfit("texts of more than 4 GiB"));
                }
                let mut counter = Counter::new(first).ok_or(Unfit("texts that count without a number"))?;
                let mut packed = PackedText::default();
                for _ in 0..count {
                    packed.push(counter.text());
                    counter.advance();
                }
                Ok(packed)
            }
            v1::Texts::Listed { text, lengths } => lengths
                .read_sums()
                .and_then(|ends| PackedText::from_parts(text.to_string(), ends))
                .ok_or(Unfit("texts whose lengths do not add up to the text")),
        }
    }
}

fn count_from(packed: &PackedText, first: &str) -> bool {
    let Some(mut counter) = Counter::new(first) else { return false };
    packed.iter().all(|text| {
        let same = text == counter.text();
        counter.advance();
        same
    })
}

/// A text that ends in digits.
struct Counter {
    text: String,
    /// Where the digits begin.
    digits: usize,
}

impl Counter {
    fn new(first: &str) -> Option<Counter> {
        let digits = first.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        (digits < first.len()).then(|| Counter { text: first.to_string(), digits })
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn advance(&mut self) {
        let nines = self.text.len() - self.text.trim_end_matches('9').len();
        let nines = nines.min(self.text.len() - self.digits);
        self.text.truncate(self.text.len() - nines);
        let digit = if self.text.len() > self.digits { self.text.pop() } else { None };
        self.text.push(digit.map_or('1', |digit| (digit as u8 + 1) as char));
        self.text.extend(std::iter::repeat_n('0', nines));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_count_are_told_by_the_first() {
        let counts = |texts: &[&str]| {
            let packed: PackedText = texts.iter().collect();
            let record = v1::Texts::from(&packed);
            let counted = matches!(record, v1::Texts::Counted { .. });
            if counted {
                assert_eq!(PackedText::try_from(record), Ok(packed));
            }
            counted
        };
        assert!(counts(&["e8", "e9", "e10", "e11"]));
        assert!(counts(&["c_098", "c_099", "c_100", "c_101"]));
        assert!(counts(&["9998", "9999", "10000", "10001"]));
        assert!(!counts(&["e8", "e9", "e10", "e12"]));
        assert!(!counts(&["a", "b", "c", "d"]));
        assert!(!counts(&["1", "2", "3", "04"]));
    }
}
