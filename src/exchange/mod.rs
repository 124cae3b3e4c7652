//! Other forms of the same knowledge: CSV files, and the whole store as statements.

pub mod csv;
pub mod dump;
#[cfg(test)]
mod tests;
