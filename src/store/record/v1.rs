//! The records of format version 1, frozen: their fields and the order of their variants are the bytes
//! on disk (`docs/format.md`). Versions 2 and 3 each added one variant behind all others, which changes no byte
//! of what was there; a format that does change bytes gets types of its own beside these.
//!
//! Texts are borrowed from what is read or written; `borrow` is the only attribute of serde's here, and
//! it leaves no trace in the bytes.

use super::block::{Bits, Block};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a frame of the tail, or of the log, carries.
#[derive(Serialize, Deserialize)]
pub enum Entry<'a> {
    Commit(#[serde(borrow)] Commit<'a>),
    Reference(#[serde(borrow)] Reference<'a>),
}

#[derive(Serialize, Deserialize)]
pub struct Commit<'a> {
    pub number: u32,
    pub time: i64,
    pub author: &'a str,
    #[serde(borrow)]
    pub seed: Option<&'a str>,
    #[serde(borrow)]
    pub operations: Vec<Operation<'a>>,
}

/// Stands for a large commit, whose `Commit` lies in pieces in the log.
#[derive(Serialize, Deserialize)]
pub struct Reference<'a> {
    #[serde(borrow)]
    pub line: CommitLine<'a>,
    pub pieces: u32,
    pub length: u64,
    pub digest: [u8; 32],
}

#[derive(Serialize, Deserialize)]
pub struct CommitLine<'a> {
    pub number: u32,
    pub time: i64,
    pub author: &'a str,
    #[serde(borrow)]
    pub seed: Option<&'a str>,
    pub operations: u32,
}

#[derive(Serialize, Deserialize)]
pub enum Operation<'a> {
    DeclareKind {
        name: &'a str,
        plural: &'a str,
        #[serde(borrow)]
        description: Option<&'a str>,
    },
    DeclareAttribute(#[serde(borrow)] AttributeDeclaration<'a>),
    DeclareAlias {
        known: &'a str,
        alias: &'a str,
    },
    DeclareContext {
        kind: &'a str,
        attribute: &'a str,
        target: &'a str,
    },
    AddThing {
        #[serde(borrow)]
        thing: ThingName<'a>,
        #[serde(borrow)]
        title: Option<&'a str>,
    },
    Assert(#[serde(borrow)] Statement<'a>),
    Retract(#[serde(borrow)] Retraction<'a>),
    DeclarePattern {
        name: &'a str,
        statement: &'a str,
    },
    RetractPattern(&'a str),
    Import(#[serde(borrow)] Batch<'a>),
    /// Since version 2: a declaration that also says what values mean.
    DeclareMeanings {
        #[serde(borrow)]
        declaration: AttributeDeclaration<'a>,
        #[serde(borrow)]
        meanings: Vec<Meaning<'a>>,
    },
    /// Since version 3: all imports.
    ImportMany(#[serde(borrow)] ManyBatch<'a>),
}

#[derive(Serialize, Deserialize)]
pub struct Meaning<'a> {
    pub value: &'a str,
    pub text: &'a str,
}

#[derive(Serialize, Deserialize)]
pub struct ThingName<'a> {
    pub kind: &'a str,
    pub name: &'a str,
}

#[derive(Serialize, Deserialize)]
pub struct AttributeDeclaration<'a> {
    pub kind: &'a str,
    pub name: &'a str,
    #[serde(borrow)]
    pub value_type: DeclaredType<'a>,
    pub many: bool,
    #[serde(borrow)]
    pub heading: Option<&'a str>,
    #[serde(borrow)]
    pub inverse: Option<&'a str>,
    #[serde(borrow)]
    pub description: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
pub enum DeclaredType<'a> {
    Text,
    Number(#[serde(borrow)] Option<&'a str>),
    Percent,
    Year,
    Date,
    YesNo,
    OneOf(#[serde(borrow)] Vec<&'a str>),
    Scale(#[serde(borrow)] Vec<&'a str>),
    Kind(&'a str),
}

#[derive(Serialize, Deserialize)]
pub struct Statement<'a> {
    #[serde(borrow)]
    pub subject: ThingName<'a>,
    pub attribute: &'a str,
    #[serde(borrow)]
    pub value: Option<Value<'a>>,
    pub denied: bool,
    #[serde(borrow)]
    pub evidence: Evidence<'a>,
    #[serde(borrow)]
    pub note: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
pub enum Value<'a> {
    Number(#[serde(borrow)] Number<'a>),
    YesNo(bool),
    Choice(&'a str),
    Thing(#[serde(borrow)] ThingName<'a>),
    Text(&'a str),
}

#[derive(Serialize, Deserialize)]
pub struct Number<'a> {
    pub low: Option<End>,
    pub high: Option<End>,
    #[serde(borrow)]
    pub words: Option<&'a str>,
}

/// `mantissa` / 10^`scale`.
#[derive(Serialize, Deserialize)]
pub struct End {
    pub mantissa: i128,
    pub scale: u8,
    pub open: bool,
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
    pub source: &'a str,
    #[serde(borrow)]
    pub via: Option<&'a str>,
    #[serde(borrow)]
    pub locator: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
pub struct Period<'a> {
    pub first: i32,
    pub last: i32,
    pub text: &'a str,
}

#[derive(Serialize, Deserialize)]
pub struct Retraction<'a> {
    #[serde(borrow)]
    pub subject: ThingName<'a>,
    #[serde(borrow)]
    pub attribute: Option<&'a str>,
    #[serde(borrow)]
    pub statement: Option<(bool, Option<Value<'a>>)>,
    #[serde(borrow)]
    pub evidence: Evidence<'a>,
}

#[derive(Serialize, Deserialize)]
pub struct Batch<'a> {
    pub kind: &'a str,
    #[serde(borrow)]
    pub names: Packed<'a>,
    #[serde(borrow)]
    pub titles: Packed<'a>,
    #[serde(borrow)]
    pub columns: Vec<Column<'a>>,
    #[serde(borrow)]
    pub evidence: Evidence<'a>,
}

/// A batch whose names may have any number of values of an attribute, in few bytes.
#[derive(Serialize, Deserialize)]
pub struct ManyBatch<'a> {
    pub kind: &'a str,
    #[serde(borrow)]
    pub names: Texts<'a>,
    #[serde(borrow)]
    pub titles: Texts<'a>,
    #[serde(borrow)]
    pub columns: Vec<ManyColumn<'a>>,
    #[serde(borrow)]
    pub evidence: Evidence<'a>,
}

#[derive(Serialize, Deserialize)]
pub enum Texts<'a> {
    /// So many, of which each is the one before with the number at its end one higher.
    Counted { first: &'a str, count: u32 },
    /// Run together, with the length of each in bytes.
    Listed {
        #[serde(borrow)]
        text: &'a str,
        #[serde(borrow)]
        lengths: Bits<'a>,
    },
}

#[derive(Serialize, Deserialize)]
pub struct ManyColumn<'a> {
    pub attribute: &'a str,
    #[serde(borrow)]
    pub values: Values<'a>,
    #[serde(borrow)]
    pub codes: Bits<'a>,
    /// How many codes each name has; none: one.
    #[serde(borrow)]
    pub counts: Bits<'a>,
}

/// Distinct values.
#[derive(Serialize, Deserialize)]
pub enum Values<'a> {
    /// Of any sort.
    Other(#[serde(borrow)] Dictionary<'a>),
    Texts(#[serde(borrow)] Texts<'a>),
    /// Things of one kind.
    Things {
        kind: &'a str,
        #[serde(borrow)]
        names: Texts<'a>,
    },
}

/// Texts run together, and the byte at which each ends, 4 bytes each.
#[derive(Serialize, Deserialize)]
pub struct Packed<'a> {
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    #[serde(borrow)]
    pub ends: Block<'a>,
}

#[derive(Serialize, Deserialize)]
pub struct Column<'a> {
    pub attribute: &'a str,
    #[serde(borrow)]
    pub dictionary: Dictionary<'a>,
    /// Bytes a code: 1, 2 or 4.
    pub width: u8,
    #[serde(borrow)]
    pub codes: Block<'a>,
}

/// Distinct values; all but `Mixed` are shorter forms for many values of one sort.
#[derive(Serialize, Deserialize)]
pub enum Dictionary<'a> {
    Mixed(#[serde(borrow)] Vec<Value<'a>>),
    /// Exact numbers without words: mantissas of 8 bytes (two's complement), scales of 1.
    Exact {
        #[serde(borrow)]
        mantissas: Block<'a>,
        #[serde(borrow)]
        scales: Block<'a>,
    },
    Choices(#[serde(borrow)] Packed<'a>),
    Texts(#[serde(borrow)] Packed<'a>),
    /// Things of one kind.
    Things {
        kind: &'a str,
        #[serde(borrow)]
        names: Packed<'a>,
    },
}
