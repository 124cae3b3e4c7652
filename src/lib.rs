//! Casebook: an embedded knowledge base for comparative case research.
pub mod answer;
pub mod book;
#[cfg(feature = "cli")]
pub mod cli;
pub mod error;
pub mod model;
pub mod report;
pub mod store;
pub mod syntax;

pub use model::Number;
