//! Casebook: an embedded knowledge base for comparative case research.
pub mod answer;
mod book;
#[cfg(feature = "cli")]
pub mod cli;
mod engine;
mod error;
mod exchange;
mod facts;
pub mod model;
mod report;
mod resolve;
pub mod store;
pub mod syntax;

pub use answer::{Answer, Cell, Datum, Row, Shown, Source, Standing};
pub use book::{Bound, Casebook, Change, Changed, ClaimDraft, Outcome, Prepared};
pub use engine::Budget;
pub use error::{Error, ErrorKind, Result};
pub use model::Number;
pub use report::{Report, Span, Suggestion};
pub use resolve::Parameter;
