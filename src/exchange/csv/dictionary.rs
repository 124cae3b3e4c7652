//! Distinct texts and their codes, run together so that a million short ones are one allocation.

use crate::model::change::PackedText;
use rustc_hash::FxHasher;
use std::cmp::Ordering;
use std::hash::Hasher;

/// Codes are 1, 2, 3, ... in order of appearance.
///
/// While every text is the last one or comes after it in the order of [`compare`], as numbers that count do, that
/// order is the index. From the first text on that does not, there is a hash table without deletion, open to the
/// next slot.
#[derive(Default)]
pub(super) struct Dictionary {
    texts: PackedText,
    /// A power of two, at most three quarters full; empty while the texts ascend.
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    /// See [`key`].
    key: u64,
    /// 0 where free.
    code: u32,
}

/// The shorter text first; texts of one length byte by byte.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

impl Dictionary {
    /// The texts, which are distinct, in the order of their codes.
    pub fn of(texts: PackedText) -> Self {
        let mut dictionary = Dictionary { texts, slots: Vec::new() };
        dictionary.grow();
        dictionary
    }

    /// The code of a text, and whether it is new.
    pub fn code(&mut self, text: &str) -> (u32, bool) {
        if self.slots.is_empty() {
            let last = self.len();
            match self.texts.get((last as usize).wrapping_sub(1)).map(|other| compare(text, other)) {
                None | Some(Ordering::Greater) => return (self.push(text), true),
                Some(Ordering::Equal) => return (last, false),
                Some(Ordering::Less) => self.grow(),
            }
        }
        let key = key(text);
        let slot = self.slot(key, text);
        if self.slots[slot].code != 0 {
            return (self.slots[slot].code, false);
        }
        let code = self.push(text);
        self.slots[slot] = Slot { key, code };
        if self.len() as usize * 4 > self.slots.len() * 3 {
            self.grow();
        }
        (code, true)
    }

    /// The code of a text that is there.
    pub fn find(&self, text: &str) -> Option<u32> {
        if self.slots.is_empty() {
            let (mut from, mut to) = (0, self.len());
            while from < to {
                let middle = from + (to - from) / 2;
                match compare(self.get(middle + 1), text) {
                    Ordering::Equal => return Some(middle + 1),
                    Ordering::Less => from = middle + 1,
                    Ordering::Greater => to = middle,
                }
            }
            return None;
        }
        let code = self.slots[self.slot(key(text), text)].code;
        (code != 0).then_some(code)
    }

    /// How many there are: the highest code.
    pub fn len(&self) -> u32 {
        self.texts.len() as u32
    }

    /// The bytes of all of them.
    pub fn bytes(&self) -> usize {
        self.texts.parts().0.len()
    }

    /// All texts, in the order of their codes.
    pub fn into_texts(self) -> PackedText {
        self.texts
    }

    /// The text of a code.
    pub fn get(&self, code: u32) -> &str {
        self.texts.get(code as usize - 1).unwrap_or_default()
    }

    fn push(&mut self, text: &str) -> u32 {
        self.texts.push(text);
        self.len()
    }

    /// The slot where a text is, or would be.
    fn slot(&self, key: u64, text: &str) -> usize {
        let mut at = self.first_slot(key);
        loop {
            let slot = self.slots[at];
            if slot.code == 0 || (slot.key == key && (is_whole(key) || self.get(slot.code) == text)) {
                return at;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn first_slot(&self, key: u64) -> usize {
        let spread = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (spread >> 32) as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        let size = (self.len() as usize * 2).next_power_of_two().max(16);
        self.slots = vec![Slot::default(); size];
        for code in 1..=self.len() {
            let key = key(self.get(code));
            let mut at = self.first_slot(key);
            while self.slots[at].code != 0 {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = Slot { key, code };
        }
    }
}

/// Marks the key of a text that is longer.
const LONGER: u64 = 0xff << 56;

/// A text of up to 7 bytes and its length, or the hash of a longer one.
fn key(text: &str) -> u64 {
    let text = text.as_bytes();
    let length = text.len() as u64;
    let byte = |at: usize| u64::from(text[at]) << (8 * at);
    let bytes = match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        _ if length > 7 => {
            let mut hasher = FxHasher::default();
            hasher.write(text);
            return hasher.finish() | LONGER;
        }
        // Where both reach the same bytes they agree.
        (Some(first), Some(last)) => {
            let last = u64::from(u32::from_le_bytes(*last)) << (8 * (length - 4));
            u64::from(u32::from_le_bytes(*first)) | last
        }
        _ if length > 0 => byte(0) | byte(text.len() / 2) | byte(text.len() - 1),
        _ => 0,
    };
    bytes | length << 56
}

/// Whether a key says all of its text.
fn is_whole(key: u64) -> bool {
    key & LONGER != LONGER
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keeps_codes(texts: &[String]) {
        let mut dictionary = Dictionary::default();
        for (text, code) in texts.iter().zip(1..) {
            assert_eq!(dictionary.code(text), (code, true));
            assert_eq!(dictionary.code(text), (code, false));
        }
        for (text, code) in texts.iter().zip(1..) {
            assert_eq!(dictionary.find(text), Some(code));
        }
        for (text, code) in texts.iter().zip(1..) {
            assert_eq!(dictionary.code(text), (code, false));
            assert_eq!(dictionary.find(text), Some(code));
        }
        assert_eq!(dictionary.find("text"), None);
        assert_eq!(dictionary.find("text that is not there"), None);
        let again = Dictionary::of(texts.iter().collect());
        assert!(texts.iter().zip(1..).all(|(text, code)| again.find(text) == Some(code)));
        assert!(dictionary.into_texts().iter().eq(texts.iter().map(String::as_str)));
    }

    #[test]
    fn a_text_keeps_its_code_while_the_table_grows() {
        keeps_codes(&(0..1000).map(|number| format!("text {number}")).collect::<Vec<_>>());
        keeps_codes(&(0..1000).map(|number| number.to_string()).collect::<Vec<_>>());
        keeps_codes(&(0..1000).rev().map(|number| format!("t{number}")).collect::<Vec<_>>());
        keeps_codes(&(0..8).map(|length| "abcdefgh"[..length].to_string()).collect::<Vec<_>>());
        keeps_codes(&["seven b", "a\0", "a", "", "eight by", "a\0\0"].map(str::to_string));
    }
}
