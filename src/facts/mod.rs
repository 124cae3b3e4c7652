//! One commit's knowledge: immutable, shared by readers, and cheap to change into the next.
//!
//! A [`Snapshot`] is a set of persistent maps, so that a commit costs what it changes and every older
//! snapshot stays as it was. Imports are [`Column`]s by dictionary; everything else lives in cells. What a view
//! keeps of a snapshot lies below them, and is read when it is needed.

mod apply;
mod below;
mod catalogue;
mod cells;
mod changed;
mod column;
mod commits;
mod import;
mod patterns;
mod snapshot;
mod stated;
mod things;
mod view;
mod without;

pub use apply::{Draft, Tally};
pub use changed::Changed;
pub use column::{Column, Dictionary};
pub use patterns::Patterns;
pub use snapshot::{Claims, Snapshot};
