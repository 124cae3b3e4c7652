//! What stands before the cursor in a statement that is still being typed.

use super::splitter::split;
use super::words::word_length;

/// A statement up to the cursor. It need not parse.
///
/// ```
/// let typed = "countries; clusters where industry = co";
/// let cursor = casebook::syntax::Cursor::at(typed, typed.len()).unwrap();
/// assert_eq!(cursor.before, ["clusters", "where", "industry", "="]);
/// assert_eq!((cursor.prefix, cursor.start), ("co", 37));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor<'a> {
    /// The words and signs before the word at the cursor; strings with their quotes.
    pub before: Vec<&'a str>,
    /// The part of a word that touches the cursor; empty behind a blank or a sign.
    pub prefix: &'a str,
    /// Where the prefix begins, in bytes.
    pub start: usize,
}

/// The signs of two characters.
const SIGNS: [&str; 4] = ["!=", "<=", ">=", ".."];

impl<'a> Cursor<'a> {
    /// `None` within a string or a comment, where no name stands, and where `position` is not in `text`.
    pub fn at(text: &'a str, position: usize) -> Option<Cursor<'a>> {
        let typed = text.get(..position)?;
        // A mark at the cursor keeps the last statement open, though nothing of it may be typed yet.
        let marked = format!("{typed}_");
        let start = split(&marked).last().map_or(typed.len(), |piece| piece.start).min(typed.len());
        let mut before = Vec::new();
        let mut rest = &typed[start..];
        while let Some(character) = rest.chars().next() {
            let length = match character {
                '"' => closed_string(rest)?,
                '#' => rest.find('\n')?,
                _ if word_length(rest) > 0 => word_length(rest),
                _ => SIGNS
                    .iter()
                    .find(|sign| rest.starts_with(**sign))
                    .map_or(character.len_utf8(), |s| s.len()),
            };
            let (token, left) = rest.split_at(length);
            let is_word = word_length(token) > 0;
            // A word may end in a `-` or go on with it; at the cursor it is still being typed.
            if is_word && left.trim_start_matches('-').is_empty() {
                return Some(Cursor { before, prefix: rest, start: typed.len() - rest.len() });
            }
            if !character.is_whitespace() && character != '#' {
                before.push(token);
            }
            rest = left;
        }
        Some(Cursor { before, prefix: "", start: typed.len() })
    }
}

/// The length of the string that `text` begins with; `None` if it is not closed.
fn closed_string(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Option<(Vec<&str>, &str)> {
        Cursor::at(text, text.len()).map(|cursor| (cursor.before, cursor.prefix))
    }

    #[test]
    fn the_last_statement_counts() {
        assert_eq!(seen(""), Some((vec![], "")));
        assert_eq!(seen("clusters\ncl"), Some((vec![], "cl")));
        assert_eq!(seen("clusters; "), Some((vec![], "")));
        assert_eq!(seen("clusters "), Some((vec!["clusters"], "")));
        assert_eq!(seen("cluster a {\n industry:"), Some((vec!["cluster", "a", "{", "industry", ":"], "")));
        assert_eq!(seen("clusters \\\n wh"), Some((vec!["clusters", "\\"], "wh")));
    }

    #[test]
    fn words_signs_and_strings() {
        assert_eq!(seen("a.b!=\"x \\\" y\" an"), Some((vec!["a", ".", "b", "!=", "\"x \\\" y\""], "an")));
        assert_eq!(seen("clusters where social-"), Some((vec!["clusters", "where"], "social-")));
        assert_eq!(seen("clusters # all\n"), Some((vec![], "")));
        assert_eq!(seen("search \"qual"), None);
        assert_eq!(seen("clusters # al"), None);
        assert_eq!(Cursor::at("é", 1), None);
    }
}
