//! Statements with parameters, read once and asked with different values.

use super::{Casebook, Outcome};
use crate::answer::Answer;
use crate::engine::Budget;
use crate::error::{Error, Result};
use crate::model::fold;
use crate::resolve::{Parameter, Parameters};
use crate::syntax;
use crate::syntax::tree::Statement;

/// A statement that was read once. [`Prepared::bind`] gives its `$parameters` values.
#[derive(Clone, Debug)]
pub struct Prepared {
    book: Casebook,
    text: String,
    statement: Statement,
}

/// A prepared statement with values for some of its parameters.
#[derive(Clone, Debug)]
pub struct Bound<'a> {
    prepared: &'a Prepared,
    parameters: Parameters,
}

impl Prepared {
    pub(super) fn new(book: Casebook, text: &str) -> Result<Self> {
        let statement = syntax::parse(text).map_err(|error| error.in_text(text, "", 1))?;
        Ok(Prepared { book, text: text.to_string(), statement })
    }

    /// Gives a parameter (its name without the `$`) a value. A text means what a quoted word means: it is
    /// never read as anything but one value.
    pub fn bind(&self, name: &str, value: impl Into<Parameter>) -> Bound<'_> {
        Bound { prepared: self, parameters: Parameters::new() }.bind(name, value)
    }

    /// Asks, without any parameters.
    ///
    /// # Errors
    /// As [`Casebook::query`]; also if a parameter has no value.
    pub fn query(&self) -> Result<Answer> {
        Bound { prepared: self, parameters: Parameters::new() }.query()
    }
}

impl Bound<'_> {
    /// Gives another parameter a value.
    pub fn bind(mut self, name: &str, value: impl Into<Parameter>) -> Self {
        self.parameters.insert(fold(name), value.into());
        self
    }

    /// Asks.
    ///
    /// # Errors
    /// As [`Casebook::query`]; also if a parameter has no value.
    pub fn query(&self) -> Result<Answer> {
        let prepared = self.prepared;
        let located = |error: Error| error.in_text(&prepared.text, "", 1);
        prepared.book.ask(&prepared.statement, &self.parameters, &Budget::default()).map_err(located)
    }

    /// Runs a statement of any sort.
    ///
    /// # Errors
    /// As [`Casebook::run`]; also if a parameter has no value.
    pub fn run(&self) -> Result<Outcome> {
        let prepared = self.prepared;
        if let Statement::Question(_) = prepared.statement {
            return self.query().map(Outcome::Answer);
        }
        let located = |error: Error| error.in_text(&prepared.text, "", 1);
        prepared
            .book
            .shared
            .run_alone(&prepared.statement, &self.parameters, &Budget::default())
            .map_err(located)
    }
}
