//! Casebook: an embedded knowledge base for comparative case research.
pub mod answer;
pub mod book;
mod engine;
pub mod error;
pub mod facts;
pub mod model;
pub mod report;
pub mod store;
pub mod syntax;

pub use engine::Budget;
pub use model::Number;
