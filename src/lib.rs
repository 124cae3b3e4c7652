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

/// The Rust in the manual, run as doctests.
#[cfg(doctest)]
mod manual {
    #[doc = include_str!("../README.md")]
    struct Readme;
    #[doc = include_str!("../docs/language.md")]
    struct Language;
    #[doc = include_str!("../docs/tutorial.md")]
    struct Tutorial;
}
