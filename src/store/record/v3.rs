//! The records of views, frozen as of format version 3 (`docs/format.md`): kinds, attributes and things are their
//! numbers in this one view.

use super::block::Block as Bytes;
use super::v1::{Number, Operation, Period};
use serde::{Deserialize, Serialize};

/// Where the tables of a view are.
#[derive(Serialize, Deserialize)]
pub struct Directory {
    pub tables: Vec<Table>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Table {
    pub sort: u8,
    /// Of which attribute or column; 0 if it is of the whole view.
    pub of: u32,
    /// Of its only block, or of the index behind its blocks.
    pub offset: u64,
    /// That block.
    pub block: Block,
    /// How many blocks, the index left out.
    pub count: u32,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Block {
    pub length: u32,
    pub crc: u32,
}

/// The blocks that lie before it.
#[derive(Serialize, Deserialize)]
pub struct Index {
    pub blocks: Vec<Block>,
}

#[derive(Serialize, Deserialize)]
pub struct Outline<'a> {
    pub commit: u32,
    #[serde(borrow)]
    pub seed: Option<&'a str>,
    #[serde(borrow)]
    pub vocabulary: Vec<Operation<'a>>,
    pub things: u32,
    #[serde(borrow)]
    pub columns: Vec<Column<'a>>,
    pub cells: Vec<u32>,
}

#[derive(Serialize, Deserialize)]
pub struct Column<'a> {
    pub attribute: u32,
    pub commit: u32,
    pub import: u32,
    pub first_ordinal: u32,
    #[serde(borrow)]
    pub evidence: Evidence<'a>,
    pub first: Option<u32>,
    pub rows: u32,
    pub places: u32,
    pub many: bool,
    pub values: u32,
    pub exact: u32,
}

#[derive(Serialize, Deserialize)]
pub struct Evidence<'a> {
    #[serde(borrow)]
    pub citations: Vec<Citation<'a>>,
    pub hedged: bool,
    #[serde(borrow)]
    pub observed: Option<Period<'a>>,
    #[serde(borrow)]
    pub since: Option<Period<'a>>,
    #[serde(borrow)]
    pub until: Option<Period<'a>>,
}

#[derive(Serialize, Deserialize)]
pub struct Citation<'a> {
    pub source: u32,
    pub via: Option<u32>,
    #[serde(borrow)]
    pub locator: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
pub struct Pattern<'a> {
    pub name: &'a str,
    pub statement: &'a str,
    pub concludes: Vec<u32>,
    pub reads: Vec<(u32, bool)>,
}

#[derive(Serialize, Deserialize)]
pub struct Counted<'a> {
    pub first: u32,
    pub end: u32,
    pub prefix: &'a str,
    pub number: u64,
    pub width: u8,
}

#[derive(Serialize, Deserialize)]
pub struct Names<'a> {
    #[serde(borrow)]
    pub names: Texts<'a>,
    #[serde(borrow)]
    pub titles: Texts<'a>,
}

/// Texts run together, and how long each is in bytes.
#[derive(Serialize, Deserialize)]
pub struct Texts<'a> {
    pub text: &'a str,
    pub lengths: Vec<u32>,
}

/// Cells, and all evidence of their claims.
#[derive(Serialize, Deserialize)]
pub struct Cells<'a> {
    #[serde(borrow)]
    pub evidence: Vec<Evidence<'a>>,
    #[serde(borrow)]
    pub cells: Vec<Cell<'a>>,
}

#[derive(Serialize, Deserialize)]
pub struct Cell<'a> {
    pub thing: u32,
    #[serde(borrow)]
    pub claims: Vec<Claim<'a>>,
}

#[derive(Serialize, Deserialize)]
pub struct Claim<'a> {
    pub commit: u32,
    pub ordinal: u32,
    #[serde(borrow)]
    pub value: Option<Value<'a>>,
    pub denied: bool,
    /// Which of the page's.
    pub evidence: u32,
    #[serde(borrow)]
    pub note: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
pub enum Value<'a> {
    Number(#[serde(borrow)] Number<'a>),
    YesNo(bool),
    Choice(u32),
    Thing(u32),
    Text(&'a str),
}

/// Values of a dictionary; all but `Mixed` are shorter forms for values of one sort.
#[derive(Serialize, Deserialize)]
pub enum Values<'a> {
    Mixed(#[serde(borrow)] Vec<Value<'a>>),
    /// Exact numbers without words: each mantissa as the difference from the one before, and the scales, a byte each.
    Exact {
        mantissas: Vec<i128>,
        #[serde(borrow)]
        scales: Bytes<'a>,
    },
    /// Things, each as the difference from the one before.
    Things(Vec<u32>),
}

/// Of each thing of a column whose things are not consecutive: it itself, as the difference from the one before; the
/// row of the import; and the place of the row's first code in the import, if that is not the row.
#[derive(Serialize, Deserialize)]
pub struct Listed {
    pub things: Vec<u32>,
    pub rows: Vec<u32>,
    pub places: Vec<u32>,
}

#[derive(Serialize, Deserialize)]
pub struct Bucket {
    pub first: u32,
    pub below: u64,
}
