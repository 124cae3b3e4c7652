//! The one error type of the crate.

use crate::report::{Report, Span, Suggestion};
use std::fmt;

/// What sort of refusal an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not a statement of the language: `clusters were x = 1`.
    Syntax,
    /// A name that the vocabulary or the store does not have: `clusters where socal_capital = weak`.
    Unknown,
    /// A value that does not fit the attribute's type: `assert a.founded = "soon"`.
    Type,
    /// Statements that are well formed but cannot hold together: patterns that cannot be stratified.
    Meaning,
    /// A form of the language that this version does not answer yet.
    NotYet,
    /// A limit was reached: nesting, rows, time.
    Limit,
    /// The call was cancelled.
    Cancelled,
    /// The store's files are damaged.
    Damaged,
    /// The store was written by a newer version.
    NewerFormat,
    /// Somebody else holds the store's lock.
    Locked,
    /// A file could not be read or written.
    Io,
}

/// Why a call failed: a kind, and a [`Report`] with place, reason and way out.
#[derive(Clone)]
pub struct Error {
    kind: ErrorKind,
    report: Box<Report>,
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of this kind that says `message`.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { kind, report: Box::new(Report::new(message)) }
    }

    pub(crate) fn syntax(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Syntax, message)
    }

    pub(crate) fn unknown(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Unknown, message)
    }

    pub(crate) fn of_type(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Type, message)
    }

    pub(crate) fn meaning(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Meaning, message)
    }

    pub(crate) fn not_yet(form: impl fmt::Display) -> Self {
        Error::new(ErrorKind::NotYet, format!("not yet: {form}"))
    }

    pub(crate) fn damaged(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Damaged, message)
    }

    /// An input/output error on `what` (a path, as a rule).
    pub(crate) fn io(what: impl fmt::Display, error: std::io::Error) -> Self {
        Error::new(ErrorKind::Io, format!("{what}: {error}"))
    }

    pub(crate) fn at(mut self, span: Span) -> Self {
        self.report.span = Some(span);
        self
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.report.label = label.into();
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.report.notes.push(note.into());
        self
    }

    pub(crate) fn suggest(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.report.suggestion = Some(Suggestion { span, replacement: replacement.into() });
        self
    }

    /// Says in which text the place lies; `first_line` counts from 1.
    pub(crate) fn in_text(mut self, text: &str, origin: &str, first_line: usize) -> Self {
        if self.report.text.is_empty() {
            self.report.text = text.to_string();
            self.report.origin = origin.to_string();
            self.report.first_line = first_line;
        }
        self
    }

    /// What sort of refusal this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Place, caret, reason and way out.
    pub fn report(&self) -> &Report {
        &self.report
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report.render(false))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.report.render(false))
    }
}

impl std::error::Error for Error {}
