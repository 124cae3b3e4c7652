//! Packed texts in records: those that count by the first of them alone.

use super::block::Bits;
use super::{Unfit, v1};
use crate::model::change::PackedText;
use crate::model::view::Counter;

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
                let mut counter =
                    Counter::starting(first).ok_or(Unfit("texts that count without a number"))?;
                let mut packed = PackedText::default();
                for _ in 0..count {
                    packed.push(counter.name());
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
    let Some(mut counter) = Counter::starting(first) else { return false };
    packed.iter().all(|text| {
        let same = text == counter.name();
        counter.advance();
        same
    })
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
