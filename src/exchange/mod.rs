//! Other forms of the same knowledge: tables read in, the whole store written out.

#[cfg(test)]
mod tests;
