//! Names that count: `c0007`, `c0008`, ...

use super::name::{fold, folded};
use std::ops::Range;

/// Names that count, told by the first of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The things that have them.
    pub things: Range<u32>,
    /// Before the digits; it does not end in a digit.
    pub prefix: String,
    /// Of the first.
    pub number: u64,
    /// So many digits at least, with zeros before them.
    pub width: usize,
}

/// So many digits at most have room to count on.
const MOST_DIGITS: usize = 17;

impl Counted {
    /// The name alone, as the first of a sequence; `None` if it does not end in digits.
    pub fn starting(name: &str, thing: u32) -> Option<Counted> {
        let digits = name.len() - name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (prefix, digits) = name.split_at(name.len() - digits);
        // Folding drops what stands between letters and digits, but not what stands between two digits.
        let before = prefix.trim_end_matches(|c: char| c == '-' || c == '_' || c.is_whitespace());
        if digits.is_empty() || digits.len() > MOST_DIGITS || before.ends_with(char::is_numeric) {
            return None;
        }
        let width = if digits.starts_with('0') { digits.len() } else { 0 };
        let number = digits.parse().ok()?;
        Some(Counted { things: thing..thing + 1, prefix: prefix.to_string(), number, width })
    }

    /// All of these, if they count; the first is that of `thing`.
    pub fn all<'a>(mut names: impl Iterator<Item = &'a str>, thing: u32) -> Option<Counted> {
        let first = names.next()?;
        let (mut counted, mut counter) = (Counted::starting(first, thing)?, Counter::starting(first)?);
        for name in names {
            counter.advance();
            if name != counter.name() {
                return None;
            }
            counted.things.end += 1;
        }
        Some(counted)
    }

    /// The name of one of its things.
    pub fn name(&self, thing: u32) -> String {
        let mut name = String::new();
        self.write_name(thing, &mut name);
        name
    }

    /// The same, at the end of a text.
    pub fn write_name(&self, thing: u32, to: &mut String) {
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(self.number + u64::from(thing - self.things.start));
        to.reserve(self.prefix.len() + self.width.max(digits.len()));
        to.push_str(&self.prefix);
        (digits.len()..self.width).for_each(|_| to.push('0'));
        to.push_str(digits);
    }

    /// The thing that has this name when folded.
    pub fn find(&self, name: &str) -> Option<u32> {
        let digits = name.strip_prefix(&*folded(&self.prefix))?;
        if digits.is_empty() || digits.len() > MOST_DIGITS + 1 || !digits.bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let offset = digits.parse::<u64>().ok()?.checked_sub(self.number)?;
        let thing = self.things.start.checked_add(u32::try_from(offset).ok()?)?;
        (self.things.contains(&thing) && fold(&self.name(thing)) == name).then_some(thing)
    }
}

/// Goes through names that count, one after the other.
#[derive(Debug)]
pub struct Counter {
    name: String,
    /// Where the digits begin.
    digits: usize,
}

impl Counter {
    /// Begins with this name; `None` if it does not end in digits.
    pub fn starting(name: &str) -> Option<Counter> {
        let digits = name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        (digits < name.len()).then(|| Counter { name: name.to_string(), digits })
    }

    /// The name that it has come to.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Goes on to the next.
    pub fn advance(&mut self) {
        let nines = self.name.len() - self.name.trim_end_matches('9').len();
        let nines = nines.min(self.name.len() - self.digits);
        self.name.truncate(self.name.len() - nines);
        let digit = if self.name.len() > self.digits { self.name.pop() } else { None };
        self.name.push(digit.map_or('1', |digit| (digit as u8 + 1) as char));
        self.name.extend(std::iter::repeat_n('0', nines));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_count_are_found_and_no_others() {
        let counted = |name: &str, count: u32| {
            let first = Counted::starting(name, 7).expect("digits at the end");
            Counted { things: 7..7 + count, ..first }
        };
        let padded = counted("C_008", 1000);
        assert_eq!([padded.name(7), padded.name(9), padded.name(1006)], ["C_008", "C_010", "C_1007"]);
        assert_eq!([padded.find("c010"), padded.find("c1007")], [Some(9), Some(1006)]);
        assert_eq!(
            [padded.find("c10"), padded.find("c007"), padded.find("c1008"), padded.find("c")],
            [None; 4]
        );
        let plain = counted("1", 10);
        assert_eq!(
            [plain.find("1"), plain.find("10"), plain.find("01"), plain.find("11")],
            [Some(7), Some(16), None, None]
        );
        assert_eq!(Counted::starting("north", 0), None);
        // `1-1` and `11` are not one name.
        assert_eq!(Counted::starting("1-1", 0), None);
    }

    #[test]
    fn a_counter_says_the_names_in_order() {
        for first in ["e8", "c_098", "9998", "00", "x0"] {
            let mut counter = Counter::starting(first).expect("digits at the end");
            let names: Vec<String> = (0..2000)
                .map(|_| {
                    let name = counter.name().to_string();
                    counter.advance();
                    name
                })
                .collect();
            let counted = Counted::all(names.iter().map(String::as_str), 7).expect("they count");
            assert_eq!(counted.things, 7..2007);
            assert!((7..2007).zip(&names).all(|(thing, name)| counted.name(thing) == *name));
        }
        assert_eq!(Counted::all(["e8", "e9", "e11"].into_iter(), 0), None);
        assert_eq!(Counted::all(["9", "010"].into_iter(), 0), None);
    }
}
