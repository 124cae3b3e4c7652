//! The oracle: another engine, which shares no code with this one, is asked the same questions in SQL.
//!
//! Random stores, typed and imported, are written as tables into SQLite; random questions are translated by the crate,
//! and both answers compared row by row, in order where a question has one. `CASEBOOK_ORACLE=500` makes so many stores
//! of each size; `CASEBOOK_ORACLE_FROM=17 CASEBOOK_ORACLE=1` repeats the store of one seed.
//!
//! Worlds, conditions and most questions are those of the laws (`tests/laws`); here they get imports, and stores that are
//! large enough for whole columns.

mod agree;
mod answers;
mod questions;
mod shapes;
mod store;

#[path = "../laws/conditions.rs"]
#[allow(dead_code, reason = "shared with the laws")]
mod conditions;
#[path = "../laws/dice.rs"]
#[allow(dead_code, reason = "shared with the laws")]
mod dice;
#[path = "../laws/generate.rs"]
#[allow(dead_code, reason = "shared with the laws")]
mod generate;
#[path = "../laws/interval.rs"]
#[allow(dead_code, reason = "shared with the laws")]
mod interval;
#[path = "../laws/naive.rs"]
#[allow(dead_code, reason = "shared with the laws")]
mod naive;
#[path = "../laws/world.rs"]
#[allow(dead_code, reason = "shared with the laws")]
mod world;
