//! A report: what is wrong, where, why, and what to do, ready to be shown with a caret.

use std::fmt;

/// A range of bytes in the text of a statement.
///
/// Two spans are always equal, so that trees compare by what they say and not by where it stood.
#[derive(Clone, Copy, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to, and without, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl PartialEq for Span {
    fn eq(&self, _: &Span) -> bool {
        true
    }
}

impl Eq for Span {}

impl std::hash::Hash for Span {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A replacement that would mend the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What to replace.
    pub span: Span,
    /// What to write instead.
    pub replacement: String,
}

/// Everything there is to say about one refusal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// One sentence without a full stop: "no attribute `socal_capital` of cluster".
    pub message: String,
    /// Where in the text, if the refusal has a place there.
    pub span: Option<Span>,
    /// A few words beside the caret.
    pub label: String,
    /// Further lines: reasons, and the way out.
    pub notes: Vec<String>,
    /// "did you mean ...?"
    pub suggestion: Option<Suggestion>,
    /// The text of the statement; filled in where the text is known.
    pub text: String,
    /// The file or stream that the text came from; empty for an argument or a call.
    pub origin: String,
    /// The line of `origin` on which `text` begins, counted from 1.
    pub first_line: usize,
}

impl Report {
    /// A report that has no place yet.
    pub fn new(message: impl Into<String>) -> Self {
        Report { message: message.into(), first_line: 1, ..Report::default() }
    }

    /// Line and column of the place, counted from 1 (columns in characters).
    pub fn position(&self) -> Option<(usize, usize)> {
        let start = self.span?.start.min(self.text.len());
        let before = self.text.get(..start)?;
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or("").chars().count();
        Some((self.first_line + line, column + 1))
    }

    /// The report as text with a caret, in colour if wanted; no newline at its end.
    pub fn render(&self, colour: bool) -> String {
        use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
        let mut group = Group::with_title(Level::ERROR.primary_title(self.message.as_str()));
        let suggested = self.suggestion.as_ref().map(|s| format!("did you mean `{}`?", s.replacement));
        if let Some(span) = self.span.filter(|_| !self.text.is_empty()) {
            let start = floor(&self.text, span.start);
            let end = floor(&self.text, span.end.max(start));
            let mut annotation = AnnotationKind::Primary.span(start..end);
            if !self.label.is_empty() {
                annotation = annotation.label(self.label.as_str());
            }
            let mut snippet =
                Snippet::source(self.text.as_str()).line_start(self.first_line).annotation(annotation);
            if !self.origin.is_empty() {
                snippet = snippet.path(self.origin.as_str());
            }
            group = group.element(snippet);
        }
        for note in &self.notes {
            group = group.element(Level::NOTE.message(note.as_str()));
        }
        if let Some(suggested) = &suggested {
            group = group.element(Level::HELP.message(suggested.as_str()));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

/// The nearest character boundary at or below `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
