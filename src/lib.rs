//! Casebook: an embedded knowledge base for comparative case research.
pub mod answer;
pub mod book;
pub mod error;
pub mod model;
pub mod report;
pub mod resolve;
pub mod store;
pub mod syntax;

pub use model::Number;
