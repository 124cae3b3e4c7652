//! The engine: a snapshot and a question in, rows out. Pure: it reads no file, knows no text and no clock
//! but the budget's.

mod ask;
mod budget;
mod cells;
mod compare;
mod completion;
mod conflicts;
mod derived;
mod eval;
mod filter;
mod fixpoint;
mod join;
mod knowledge;
mod profile;
mod proof;
mod scene;
mod search;
mod select;
mod strata;
mod truth;
mod value;

pub use budget::Budget;
pub use knowledge::Knowledge;
