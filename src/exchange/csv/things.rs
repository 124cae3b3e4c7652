//! The names and titles of a file, and which row is about which thing.

use super::dictionary::Dictionary;
use crate::error::{Error, ErrorKind, Result};
use crate::model::change::PackedText;

/// Things in the order of their first rows.
#[derive(Default)]
pub(super) struct Things {
    pub names: PackedText,
    pub titles: PackedText,
    /// The names folded, by which the second row of a thing is found.
    folded: Dictionary,
    /// The line of each thing's first row.
    lines: Vec<u32>,
    /// How many rows there have been.
    pub rows: u32,
    /// Row by row the position of its thing; empty while every row is about another.
    of_rows: Vec<u32>,
}

impl Things {
    /// The row of this folded name comes next. `Err` is the line of an earlier one.
    pub fn begin(&mut self, folded: &str, line: u64) -> Result<(), u32> {
        let (code, is_new) = self.folded.code(folded.as_bytes());
        let at = code - 1;
        if !is_new && self.of_rows.is_empty() {
            self.of_rows = (0..self.rows).collect();
        }
        if !is_new || !self.of_rows.is_empty() {
            self.of_rows.push(at);
        }
        self.rows += 1;
        if !is_new {
            return Err(self.lines[at as usize]);
        }
        self.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        Ok(())
    }

    /// Whether a row was about the thing of this folded name.
    pub fn has(&self, folded: &str) -> bool {
        self.folded.find(folded.as_bytes()).is_some()
    }

    /// The codes of each thing, none of them 0 and none twice, and where they end; as they are, and no ends,
    /// if every row was about another thing.
    pub fn gathered(&self, codes: Vec<u32>) -> (Vec<u32>, Vec<u32>) {
        if self.of_rows.is_empty() {
            return (codes, Vec::new());
        }
        let stated =
            || self.of_rows.iter().map(|at| *at as usize).zip(&codes).filter(|(_, code)| **code != 0);
        let mut starts = vec![0; self.names.len() + 1];
        stated().for_each(|(at, _)| starts[at + 1] += 1);
        for at in 0..self.names.len() {
            starts[at + 1] += starts[at];
        }
        let (mut free, mut by_thing) = (starts.clone(), vec![0; starts[self.names.len()]]);
        for (at, code) in stated() {
            by_thing[free[at]] = *code;
            free[at] += 1;
        }
        let (mut gathered, mut ends) = (Vec::with_capacity(by_thing.len()), Vec::new());
        for range in starts.windows(2) {
            let codes = &mut by_thing[range[0]..range[1]];
            codes.sort_unstable();
            gathered.extend(codes.chunk_by(|a, b| a == b).map(|same| same[0]));
            ends.push(gathered.len() as u32);
        }
        (gathered, ends)
    }
}

/// Adds a name or a title.
pub(super) fn push(packed: &mut PackedText, text: &str, what: &str) -> Result<()> {
    if packed.parts().0.len() + text.len() > u32::MAX as usize {
        let message = format!("the {what} of an import have less than 4 GiB together");
        return Err(Error::new(ErrorKind::Limit, message));
    }
    packed.push(text);
    Ok(())
}
