//! The public door: open, ask, change.

use crate::answer::Answer;
use crate::error::{Error, Result};
use std::path::Path;

/// A knowledge base. Cheap to clone; clones share one store.
#[derive(Clone, Debug)]
pub struct Casebook {}

/// What became of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A question was answered.
    Answer(Answer),
    /// The store was changed.
    Changed(Changed),
    /// The store was written out as statements: `export`.
    Statements(String),
}

/// What a change did.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The commit that holds it; `None` if everything was there already.
    pub commit: Option<u32>,
    /// In words: "commit 7: 1 claim added".
    pub summary: String,
}

impl Casebook {
    /// Opens the store in this directory, making a bare one where there is none.
    pub fn open(_path: impl AsRef<Path>) -> Result<Casebook> {
        Err(Error::not_yet("opening"))
    }

    /// Opens the store in this directory, filling it with the paper's knowledge where there is none.
    pub fn open_with_paper(_path: impl AsRef<Path>) -> Result<Casebook> {
        Err(Error::not_yet("opening"))
    }

    /// A bare store in memory, gone with its last clone.
    pub fn in_memory() -> Casebook {
        Casebook {}
    }

    /// What should be said to whoever opened the store: that it was made and where; that the shipped seed
    /// has changed.
    pub fn notices(&self) -> &[String] {
        &[]
    }

    /// Asks one question.
    pub fn query(&self, _question: &str) -> Result<Answer> {
        Err(Error::not_yet("questions"))
    }

    /// Runs one statement of any sort; a change is durable when this returns.
    pub fn run(&self, _statement: &str) -> Result<Outcome> {
        Err(Error::not_yet("statements"))
    }

    /// Runs the statements of a file as one transaction: all of it, or, at the first error, nothing.
    /// `origin` is the file's name in messages.
    pub fn run_file(&self, _text: &str, _origin: &str) -> Result<Vec<Outcome>> {
        Err(Error::not_yet("statements"))
    }
}
