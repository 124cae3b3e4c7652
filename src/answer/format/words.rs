//! What a cell says to a person: values, and in brackets what qualifies them. Formats differ in
//! what they escape and in how they cite.

use crate::answer::{Cell, Datum, Shown, Source, Standing, Unsaid};

/// A format's way with words.
pub(super) struct Style {
    /// Makes any text harmless in the format.
    pub escape: fn(&str) -> String,
    /// Writes a citation of these sources, at least one.
    pub cite: fn(&[Source]) -> String,
}

impl Style {
    /// The whole cell; of an unknown one what sources that were read are noted for, in brackets.
    pub fn cell(&self, cell: &Cell) -> String {
        if !cell.is_unknown() || cell.unsaid.is_empty() {
            return self.values(&cell.values);
        }
        let unsaid = |unsaid: &Unsaid| match unsaid.sources.is_empty() {
            true => (self.escape)(&unsaid.note),
            false => format!("{} {}", (self.escape)(&unsaid.note), (self.cite)(&unsaid.sources)),
        };
        format!("({})", cell.unsaid.iter().map(unsaid).collect::<Vec<_>>().join("; "))
    }

    /// Sources in a row are one citation; everything else stands for itself.
    fn values(&self, values: &[Shown]) -> String {
        let sources: Vec<Source> = values.iter().filter_map(plain_source).cloned().collect();
        if !sources.is_empty() && sources.len() == values.len() {
            return (self.cite)(&sources);
        }
        values.iter().map(|shown| self.shown(shown)).collect::<Vec<_>>().join("; ")
    }

    fn shown(&self, shown: &Shown) -> String {
        let mut text = match &shown.datum {
            Datum::Source(source) => (self.cite)(std::slice::from_ref(source)),
            datum => (self.escape)(&datum.to_string()),
        };
        let qualified = qualifiers(shown);
        if !qualified.is_empty() {
            text.push_str(&format!(" ({})", qualified.join(", ")));
        }
        if !shown.sources.is_empty() {
            text.push(' ');
            text.push_str(&(self.cite)(&shown.sources));
        }
        text
    }
}

fn plain_source(shown: &Shown) -> Option<&Source> {
    match &shown.datum {
        Datum::Source(source) if qualifiers(shown).is_empty() && shown.sources.is_empty() => Some(source),
        _ => None,
    }
}

/// Standing, unless it is plain support, and marks.
fn qualifiers(shown: &Shown) -> Vec<&'static str> {
    let standing = (shown.standing != Standing::Supported).then(|| shown.standing.name());
    standing.into_iter().chain(shown.marks.words()).collect()
}

/// Plain words for a terminal, with citations as the language writes them.
pub(super) const PLAIN: Style = Style { escape: printable, cite: in_brackets };

/// `[sandee_1998 via chaminade_vang_2006, section 3.1; table 2]`: a place in the same source as the one
/// before is given without naming the source again.
fn in_brackets(sources: &[Source]) -> String {
    let mut words: Vec<String> = Vec::with_capacity(sources.len());
    for (at, source) in sources.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &sources[before]);
        let continues = before.is_some_and(|before| before.key == source.key && before.via == source.via);
        words.push(match &source.locator {
            Some(locator) if continues => printable(locator),
            _ => printable(&source.to_string()),
        });
    }
    format!("[{}]", words.join("; "))
}

/// Without control characters, which would reach the terminal as commands; lines stay.
pub(super) fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => clean.push('\n'),
            '\t' => clean.push(' '),
            '\r' => {}
            _ if character.is_control() => clean.extend(character.escape_default()),
            _ => clean.push(character),
        }
    }
    clean
}
