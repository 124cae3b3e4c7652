//! Breaking text into lines, at spaces and at the joints of long names.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Behind these a word may be broken.
const JOINTS: &str = "_-/.,";

/// The width of the longest part that is not broken.
pub(super) fn longest_piece(line: &str) -> usize {
    let ends_piece = |character: char| character == ' ' || JOINTS.contains(character);
    line.split_inclusive(ends_piece).map(|piece| piece.trim_end().width()).max().unwrap_or(0)
}

/// The lines of `text`, none wider than `width`: broken at spaces, within a word that is too long
/// after a joining character, and anywhere as a last resort.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    hanging(text, width, width)
}

/// As `wrap`, with another width for the first line, which begins further to the left or right.
pub(super) fn hanging(text: &str, first: usize, others: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.split('\n') {
        let mut rest = paragraph;
        loop {
            let width = if lines.is_empty() { first } else { others };
            if rest.width() <= width {
                break;
            }
            let (line, after) = rest.split_at(break_at(rest, width));
            lines.push(line.trim_end().to_string());
            rest = after.trim_start();
        }
        lines.push(rest.to_string());
    }
    lines
}

/// Where to break a text that is wider than `width`; at least one character is before it.
fn break_at(text: &str, width: usize) -> usize {
    let mut taken = 0;
    let (mut space, mut joint, mut end) = (None, None, 0);
    for (at, character) in text.char_indices() {
        if character == ' ' && at > 0 {
            space = Some(at);
        }
        taken += character.width().unwrap_or(0);
        if taken > width && end > 0 {
            break;
        }
        end = at + character.len_utf8();
        if JOINTS.contains(character) {
            joint = Some(end);
        }
    }
    space.or(joint).unwrap_or(end)
}
