//! Text to tree and back. Knows no store and no vocabulary.
//!
//! [`split`] cuts a text into statements, [`parse`] makes one of them a [`tree::Statement`], and every
//! tree prints, through `Display`, to text that parses to an equal tree. The grammar stands in
//! `grammar/casebook.ebnf`; each function of the parser bears the name of its production.
//!
//! nom is named in this folder only.

mod cursor;
mod lexer;
mod parser;
mod printer;
mod splitter;
mod tokens;
pub mod tree;
mod words;

pub use cursor::Cursor;
pub use parser::{parse, quantity};
pub use splitter::{Piece, Splitter, split};
pub use words::{STATEMENT_WORDS, quote};

/// How deep brackets, `not` and operators may stand in one another. Deeper statements are refused with
/// [`ErrorKind::Limit`](crate::error::ErrorKind::Limit). At this depth the parser needs less than 1 MiB of
/// stack even without optimisation.
pub const MAX_NESTING: usize = 32;

/// The most bytes that one statement may have: 16 MiB.
pub const MAX_STATEMENT: usize = 16 * 1024 * 1024;

/// The most characters that a name or a number may have.
pub const MAX_NAME: usize = 200;
