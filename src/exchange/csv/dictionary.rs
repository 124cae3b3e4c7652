//! Distinct texts and their codes, run together so that a million short ones are one allocation.

use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Codes are 1, 2, 3, ... in order of appearance. A hash table without deletion, open to the next slot.
#[derive(Default)]
pub(super) struct Dictionary {
    texts: Vec<u8>,
    ends: Vec<usize>,
    /// Codes, or 0 where free; a power of two, at most half full.
    slots: Vec<u32>,
}

impl Dictionary {
    /// The code of a text, and whether it is new.
    pub fn code(&mut self, text: &[u8]) -> (u32, bool) {
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let slot = self.slot(text);
        if self.slots[slot] != 0 {
            return (self.slots[slot], false);
        }
        self.texts.extend_from_slice(text);
        self.ends.push(self.texts.len());
        let code = self.ends.len() as u32;
        self.slots[slot] = code;
        (code, true)
    }

    /// The code of a text that is there.
    pub fn find(&self, text: &[u8]) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let code = self.slots[self.slot(text)];
        (code != 0).then_some(code)
    }

    /// All texts, in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (1..=self.ends.len() as u32).map(|code| self.get(code))
    }

    /// The slot where a text is, or would be.
    fn slot(&self, text: &[u8]) -> usize {
        let mut slot = self.first_slot(text);
        while self.slots[slot] != 0 && self.get(self.slots[slot]) != text {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        slot
    }

    /// The text of a code.
    pub fn get(&self, code: u32) -> &[u8] {
        let at = code as usize - 1;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.texts[start..self.ends[at]]
    }

    fn first_slot(&self, text: &[u8]) -> usize {
        let mut hasher = FxHasher::default();
        hasher.write(text);
        hasher.finish() as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(16)];
        for code in 1..=self.ends.len() as u32 {
            let mut slot = self.first_slot(self.get(code));
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = code;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_code_while_the_table_grows() {
        let mut dictionary = Dictionary::default();
        let texts: Vec<String> = (0..1000).map(|number| format!("text {number}")).collect();
        for (text, code) in texts.iter().zip(1..) {
            assert_eq!(dictionary.code(text.as_bytes()), (code, true));
        }
        for (text, code) in texts.iter().zip(1..) {
            assert_eq!(dictionary.code(text.as_bytes()), (code, false));
            assert_eq!(dictionary.find(text.as_bytes()), Some(code));
        }
        assert_eq!(dictionary.find(b"text"), None);
        assert!(dictionary.iter().eq(texts.iter().map(String::as_bytes)));
    }
}
