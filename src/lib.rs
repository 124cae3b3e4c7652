//! Casebook: an embedded knowledge base for comparative case research.
//!
//! It keeps cases, the claims made about them with their citations, and the patterns that hold across cases;
//! it answers questions in a small language (`docs/language.md`).
//!
//! ```
//! use casebook::Casebook;
//! let book = Casebook::in_memory_with_paper()?;
//! let answer = book.query("interventions where industry = CoPS and social_capital = weak")?;
//! assert_eq!(answer.row(0).expect("one")["status"].to_string(), "applies");
//! # Ok::<(), casebook::Error>(())
//! ```
//!
//! [`Casebook`] is the door: open, ask, change. [`Answer`] holds rows of typed [`Cell`]s, and [`Error`] a place,
//! a reason and a way out. The modules below are the parts that tools and tests look into; a program needs
//! none of them.

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
mod sql;
pub mod store;
pub mod syntax;

pub use answer::{Answer, Cell, Datum, Row, Rows, Shown, Source, Standing, Unsaid};
pub use answer::{Premise, Proof, Reason, Reference, Verdict};
pub use book::{Bound, Casebook, Change, Changed, ClaimDraft, Fault, Health, Outcome, Part, Prepared};
pub use engine::Budget;
pub use error::{Error, ErrorKind, Result};
pub use model::Number;
pub use report::{Report, Span, Suggestion};
pub use resolve::{Offer, Parameter};

/// The Rust in the manual, run as doctests.
#[cfg(doctest)]
mod manual {
    #[doc = include_str!("../README.md")]
    struct Readme;
    #[doc = include_str!("../docs/language.md")]
    struct Language;
    #[doc = include_str!("../docs/tutorial.md")]
    struct Tutorial;
    #[doc = include_str!("../docs/sql.md")]
    struct Sql;
}
