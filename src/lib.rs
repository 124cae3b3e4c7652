//! Casebook: an embedded knowledge base for comparative case research.
pub mod answer;
pub mod book;
#[cfg(feature = "cli")]
pub mod cli;
mod engine;
pub mod error;
mod exchange;
mod facts;
pub mod model;
pub mod report;
pub mod resolve;
pub mod store;
pub mod syntax;

pub use engine::Budget;
pub use model::Number;
