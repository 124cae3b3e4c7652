//! The engine: a snapshot and a question in, rows out. Pure: it reads no file, knows no text and no clock
//! but the budget's.
//!
//! | file | what it does |
//! | --- | --- |
//! | `knowledge` | the door: a snapshot that can be asked, with what has been concluded so far |
//! | `scene` | what one question sees |
//! | `truth` | what is said about one cell: met, failed, both or neither |
//! | `eval`, `filter` | conditions for one binding; for all things of a kind, by bitmaps |
//! | `classes` | things that nothing which matters tells apart: what is worked out for one holds for all |
//! | `closure` | transitive closures: by search, and counted without writing pairs down |
//! | `rules`, `strata` | patterns by what they conclude; in which order they run |
//! | `demand`, `tables` | conclusions about few things: goals that are asked for, and their tables |
//! | `fixpoint`, `derived` | conclusions about all things, until nothing new follows |
//! | `join` | patterns over several variables |
//! | `cache` | what is kept of conclusions between questions and commits |
//! | `proof`, `grounds`, `marks` | proofs, rebuilt when they are asked for; what they rest on; the marks that follow |
//! | `why`, `argue`, `smallest` | `why`: proofs as answers, the smallest first |
//! | `why_not`, `change_sets` | `why not`: the nearest patterns; the fewest claims that would bring it about |
//! | `difference` | what a change makes a difference to: `what if`, `rests on` |
//! | `select`, `rows`, `aggregate`, `cells`, `graded` | questions about a kind, their rows, and what is to be said of each value |
//! | `ask`, `completion`, `lead` | asking by describing |
//! | `value`, `compare`, `profile`, `conflicts`, `search` | the other questions |
//! | `trace` | what a question did: `explain` |
//! | `budget` | what a question may cost |

mod aggregate;
mod argue;
mod ask;
mod budget;
mod cache;
mod cells;
mod change_sets;
mod classes;
mod closure;
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
mod grounds;
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
mod smallest;
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
