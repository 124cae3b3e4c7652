//! Laws: what two independent ways must agree on.
//!
//! Random stores are written down as statements, run through the crate, and asked; the answers are those of
//! an evaluator that loops over everything and knows the design only. `CASEBOOK_LAWS=5000` makes so many
//! stores; `CASEBOOK_LAWS_FROM=17 CASEBOOK_LAWS=1` repeats the store of one seed.

mod checker;
mod conclude;
mod conditions;
mod demand;
mod described;
mod dice;
mod generate;
mod interval;
mod kept;
mod missing;
mod naive;
mod planned;
mod proofs;
mod properties;
mod questions;
mod smallest;
mod supposing;
mod world;
