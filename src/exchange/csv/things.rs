//! The names and titles of a file, and which row is about which thing.

use super::dictionary::{Dictionary, compare};
use crate::error::{Error, ErrorKind, Result};
use crate::model::change::PackedText;
use crate::model::fold;
use std::cmp::Ordering;

/// Things in the order of their first rows.
#[derive(Default)]
pub(super) struct Things {
    names: PackedText,
    pub titles: PackedText,
    /// The last name, folded, while each comes after the one before in the order of [`compare`].
    last: String,
    /// From the first name on that does not: the names folded, by which the second row of a thing is found.
    folded: Option<Dictionary>,
    /// Thing and line of the first row of each thing that does not begin on the line after the thing before it.
    lines: Vec<(u32, u32)>,
    /// How many rows there have been.
    pub rows: u32,
    /// Row by row the position of its thing; empty while every row is about another.
    of_rows: Vec<u32>,
}

/// What a row's name says.
pub(super) enum Begun {
    /// A thing that is new to the file.
    New,
    /// One that began on this line.
    Again(u32),
}

impl Things {
    /// A row of this name comes next; `folded` is its folded form.
    pub fn begin(&mut self, name: &str, folded: &str, line: u64) -> Result<Begun> {
        let count = self.names.len() as u32;
        let known = self.code(folded).map(|code| code - 1);
        if known.is_some() && self.of_rows.is_empty() {
            self.of_rows = (0..self.rows).collect();
        }
        if known.is_some() || !self.of_rows.is_empty() {
            self.of_rows.push(known.unwrap_or(count));
        }
        self.rows += 1;
        if let Some(at) = known {
            return Ok(Begun::Again(self.line(at)));
        }
        push(&mut self.names, name, "names")?;
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        if count == 0 || self.line(count) != line {
            self.lines.push((count, line));
        }
        Ok(Begun::New)
    }

    /// The code of a folded name that is there already; it is there from now on.
    fn code(&mut self, folded: &str) -> Option<u32> {
        if self.folded.is_none() {
            let count = self.names.len() as u32;
            match compare(folded, &self.last) {
                Ordering::Equal if count > 0 => return Some(count),
                Ordering::Greater => {
                    self.last.clear();
                    self.last.push_str(folded);
                    return None;
                }
                _ => self.folded = Some(Dictionary::of(self.names.iter().map(fold).collect())),
            }
        }
        let (code, is_new) = self.folded.get_or_insert_default().code(folded);
        (!is_new).then_some(code)
    }

    /// The line of a thing's first row.
    fn line(&self, at: u32) -> u32 {
        let after = self.lines.partition_point(|(thing, _)| *thing <= at);
        after.checked_sub(1).map_or(0, |last| {
            let (thing, line) = self.lines[last];
            line.saturating_add(at - thing)
        })
    }

    /// Whether a row was about the thing of this folded name.
    pub fn has(&self, folded: &str) -> bool {
        if let Some(dictionary) = &self.folded {
            return dictionary.find(folded).is_some();
        }
        let (mut from, mut to) = (0, self.names.len());
        while from < to {
            let middle = from + (to - from) / 2;
            match compare(&fold(self.names.get(middle).unwrap_or_default()), folded) {
                Ordering::Equal => return true,
                Ordering::Less => from = middle + 1,
                Ordering::Greater => to = middle,
            }
        }
        false
    }

    /// Names and titles.
    pub fn into_texts(self) -> (PackedText, PackedText) {
        (self.names, self.titles)
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
