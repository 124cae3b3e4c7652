//! Text to tree and back. Knows no store and no vocabulary.
pub mod tree;
