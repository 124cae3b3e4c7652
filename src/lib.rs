//! Casebook: an embedded knowledge base for comparative case research.
pub mod error;
pub mod report;
pub mod syntax;
