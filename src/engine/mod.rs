//! The engine: a snapshot and a question in, rows out. Pure: it reads no file, knows no text and no clock
//! but the budget's.
//!
//! | file | what it does |
//! | --- | --- |
//! | `knowledge` | the door: a snapshot that can be asked, with what has been concluded so far |
//! | `scene` | what one question sees |
//! | `truth` | what is said about one cell: met, failed, both or neither |
//! | `eval`, `filter` | conditions for one binding; for all things of a kind, by bitmaps |
//! | `strata`, `fixpoint`, `join`, `derived` | patterns: in which order, until nothing new follows, over several variables |
//! | `proof`, `marks` | proofs, rebuilt when they are asked for; the marks that follow from them |
//! | `select`, `rows`, `aggregate`, `cells`, `graded` | questions about a kind, their rows, and what is to be said of each value |
//! | `ask`, `completion`, `lead` | asking by describing |
//! | `value`, `compare`, `profile`, `conflicts`, `search` | the other questions |
//! | `budget` | what a question may cost |

mod aggregate;
mod ask;
mod budget;
mod cache;
mod cells;
mod change_sets;
mod compare;
mod completion;
mod conflicts;
mod demand;
mod derived;
mod difference;
mod eval;
mod filter;
mod fixpoint;
mod graded;
mod join;
mod knowledge;
mod lead;
mod marks;
mod profile;
mod proof;
mod rows;
mod rules;
mod scene;
mod search;
mod select;
mod strata;
mod tables;
mod trace;
mod truth;
mod value;
mod why;
mod why_not;

pub use budget::Budget;
pub use knowledge::Knowledge;
pub use trace::Trace;
