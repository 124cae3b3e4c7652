//! Answers as data: named columns, typed cells. How they look is the business of `format`.

mod deserialise;
pub mod format;
mod nested;
mod number;
mod proof;
mod rows;
mod serialise;
mod steps;

pub use proof::{Premise, Proof, Reason, Reference, Verdict};

use crate::model::Number;
use crate::model::question::Beside;
use proof::Argument;
pub(crate) use rows::Column;
pub use rows::{Row, Rows};
use std::sync::Arc;

/// The rows that a question is answered with, and what there is to say about them.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    columns: Vec<String>,
    /// How many.
    rows: usize,
    /// By column.
    cells: Vec<Column>,
    notes: Vec<String>,
    /// What follows each column in formats that give it a place of its own.
    beside: Beside,
    /// What the rows are the steps of, if the question was `why` or `why not`.
    argument: Option<Argument>,
}

/// What stands in one place of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// None: unknown. Several: many values, or contested ones. Cells of which the same is true share them.
    pub values: Arc<[Shown]>,
    /// Whether the column takes many values, so that even one is shown as a list where a format tells
    /// lists from single values.
    pub list: bool,
    /// In an empty cell: which sources were read and do not say.
    pub unsaid: Vec<Unsaid>,
}

/// That a source was read and does not say: `unknown "n.a." [source "table 1"]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsaid {
    /// What is noted of it; `unknown` where nothing is.
    pub note: String,
    /// Where it does not say.
    pub sources: Vec<Source>,
}

/// One value with what is to be said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The value.
    pub datum: Datum,
    /// Supported, denied, contested. Every format marks what is not supported, so it stays
    /// `Supported` where a column of its own tells the standing.
    pub standing: Standing,
    /// What qualifies it.
    pub marks: Marks,
    /// Filled in by `with sources`: where it is said.
    pub sources: Vec<Source>,
}

/// A plain value.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// A number, year or percentage.
    Number(Number),
    /// Yes or no.
    YesNo(bool),
    /// The name of a thing or a choice.
    Name(String),
    /// Words, a date.
    Text(String),
    /// Where something is said.
    Source(Source),
}

/// A citation as shown: `key, locator`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The key of the source that says it.
    pub key: String,
    /// The key of the one that was read, when quoted second-hand.
    pub via: Option<String>,
    /// The place in the one that was read.
    pub locator: Option<String>,
}

impl std::fmt::Display for Source {
    /// `sandee_1998 via chaminade_vang_2006, section 3.1`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key)?;
        if let Some(via) = &self.via {
            write!(f, " via {via}")?;
        }
        match &self.locator {
            Some(locator) => write!(f, ", {locator}"),
            None => Ok(()),
        }
    }
}

/// Belnap's four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Some claim or pattern says so, none denies it.
    #[default]
    Supported,
    /// Both.
    Contested,
    /// Some claim or pattern denies it, none says so.
    Denied,
    /// Neither.
    Unknown,
}

impl Standing {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Supported => "supported",
            Standing::Contested => "contested",
            Standing::Denied => "denied",
            Standing::Unknown => "unknown",
        }
    }

    /// From what there is on either side.
    pub fn of(supported: bool, denied: bool) -> Standing {
        match (supported, denied) {
            (true, false) => Standing::Supported,
            (true, true) => Standing::Contested,
            (false, true) => Standing::Denied,
            (false, false) => Standing::Unknown,
        }
    }
}

/// What qualifies a value: it carries a mark only if every proof of it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Follows from patterns; no claim says so.
    pub concluded: bool,
    /// A hedged claim or pattern is in the proof.
    pub hedged: bool,
    /// A premise is contested.
    pub contested_ground: bool,
    /// The case is not among those that a pattern in the proof was seen in.
    pub by_analogy: bool,
}

impl Marks {
    /// The marks of what rests on both.
    pub(crate) fn or(self, other: Marks) -> Marks {
        Marks {
            concluded: self.concluded || other.concluded,
            hedged: self.hedged || other.hedged,
            contested_ground: self.contested_ground || other.contested_ground,
            by_analogy: self.by_analogy || other.by_analogy,
        }
    }

    /// The marks of both.
    pub(crate) fn and(self, other: Marks) -> Marks {
        Marks {
            concluded: self.concluded && other.concluded,
            hedged: self.hedged && other.hedged,
            contested_ground: self.contested_ground && other.contested_ground,
            by_analogy: self.by_analogy && other.by_analogy,
        }
    }

    /// The words for them, in order.
    pub fn words(self) -> Vec<&'static str> {
        let all = [
            (self.concluded, "concluded"),
            (self.hedged, "hedged"),
            (self.contested_ground, "on contested ground"),
            (self.by_analogy, "by analogy"),
        ];
        all.into_iter().filter(|(set, _)| *set).map(|(_, word)| word).collect()
    }
}

impl Answer {
    /// An answer with these columns and no rows yet.
    pub fn new(columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let columns: Vec<String> = columns.into_iter().map(Into::into).collect();
        let cells = vec![Column::default(); columns.len()];
        Answer { columns, cells, ..Answer::default() }
    }

    /// An answer that is an argument: its rows are the steps of the proofs, one below the other.
    pub(crate) fn argued(proofs: Vec<Proof>, references: Vec<Reference>) -> Self {
        let answer = Answer::new(steps::COLUMNS).with_rows(steps::rows(&proofs));
        Answer { argument: Some(Argument { proofs, references }), ..answer }
    }

    /// The arguments of an answer to `why` or `why not`, the best first; none for other questions.
    ///
    /// The rows of such an answer are their steps, depth first: step `1.2` is the second premise of the first
    /// proof.
    pub fn proofs(&self) -> &[Proof] {
        self.argument.as_ref().map_or(&[], |argument| &argument.proofs)
    }

    /// The sources that the arguments cite, by key.
    pub fn references(&self) -> &[Reference] {
        self.argument.as_ref().map_or(&[], |argument| &argument.references)
    }

    /// With a place for the sources and marks of each column, whether or not a value has any; rows are added
    /// after that.
    pub(crate) fn with_beside(mut self, beside: Beside) -> Self {
        self.beside = beside;
        self
    }

    /// Adds a note: what the reader should know about the rows, one sentence.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What there is to say about the rows: how many were open, why there are none.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

impl Cell {
    /// A cell with one supported value.
    pub fn one(datum: Datum) -> Cell {
        Cell { values: Arc::new([Shown::plain(datum)]), ..Cell::default() }
    }

    /// A cell with a list of supported values.
    pub fn list(data: impl IntoIterator<Item = Datum>) -> Cell {
        Cell { values: data.into_iter().map(Shown::plain).collect(), list: true, unsaid: Vec::new() }
    }

    /// A cell with one text.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::one(Datum::Text(text.into()))
    }

    /// A cell with one name.
    pub fn name(name: impl Into<String>) -> Cell {
        Cell::one(Datum::Name(name.into()))
    }

    /// A cell with one whole number.
    pub fn count(count: u64) -> Cell {
        Cell::one(Datum::Number(Number::exactly(count.into())))
    }

    /// Whether nothing is known here.
    pub fn is_unknown(&self) -> bool {
        self.values.is_empty()
    }
}

impl Shown {
    /// A supported value without marks.
    pub fn plain(datum: Datum) -> Shown {
        Shown { datum, standing: Standing::Supported, marks: Marks::default(), sources: Vec::new() }
    }
}

impl std::fmt::Display for Datum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Datum::Number(number) => write!(f, "{number}"),
            Datum::YesNo(true) => f.write_str("yes"),
            Datum::YesNo(false) => f.write_str("no"),
            Datum::Name(text) | Datum::Text(text) => f.write_str(text),
            Datum::Source(source) => write!(f, "{source}"),
        }
    }
}

impl std::fmt::Display for Cell {
    /// The values, joined by `; `; empty if unknown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, shown) in self.values.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{}", shown.datum)?;
        }
        Ok(())
    }
}
