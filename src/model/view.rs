//! What a view keeps of a snapshot: an outline that is read at once, and parts that are read when they are needed.
//!
//! A view is one snapshot with its own numbering, made anew at each checkpoint: inside it kinds, attributes, things
//! and choices are their ids. `facts` gives parts to be kept and takes them back; `store` knows their bytes.

use super::change::{CommitLine, Operation, PackedText};
use super::claim::{Claim, Evidence};
use super::codes::Codes;
pub use super::counted::{Counted, Counter};
use super::name::{Name, Text};
use super::value::{AttributeId, KindId, ThingId, Value};
use roaring::RoaringBitmap;
use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

/// So many things have their names on one page.
pub const NAMES_PER_PAGE: u32 = 256;
/// So many values of a dictionary are on one page.
pub const VALUES_PER_PAGE: u32 = 512;
/// So many cells are on one page.
pub const CELLS_PER_PAGE: u32 = 256;

/// What is read at once: it does not grow with the number of things.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// The number of the last commit.
    pub commit: u32,
    /// What the last commit of a seed says in [`CommitLine::seed`].
    pub seed: Option<Text>,
    /// Declarations, in an order in which they can be applied; ids follow from it.
    pub vocabulary: Vec<Operation>,
    /// How many things there are.
    pub things: u32,
    /// The columns, attribute by attribute.
    pub columns: Vec<ColumnOutline>,
    /// The attributes that have cells.
    pub cells: Vec<AttributeId>,
}

/// One attribute of one import.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnOutline {
    /// Which attribute.
    pub attribute: AttributeId,
    /// The commit that imported it.
    pub commit: u32,
    /// The ordinal of the import's first claim.
    pub import: u32,
    /// The ordinal of the column's first claim.
    pub first_ordinal: u32,
    /// Of every claim.
    pub evidence: Evidence,
    /// The first of consecutive things; `None`: they are listed.
    pub first: Option<ThingId>,
    /// How many things.
    pub rows: u32,
    /// How many codes.
    pub places: u32,
    /// Whether rows have several codes, or none.
    pub many: bool,
    /// How many distinct values: the highest code.
    pub values: u32,
    /// So many of them, at the beginning, are exact numbers.
    pub exact: u32,
}

/// A thing and where an import speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Which thing.
    pub thing: ThingId,
    /// The row of the import.
    pub row: u32,
    /// The place of the row's first code in the import.
    pub place: u32,
}

/// A pattern before it is read: enough to tell whether a question needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct PatternLine {
    /// Its name.
    pub name: Name,
    /// The statement that declares it.
    pub statement: Text,
    /// The attributes that it concludes.
    pub concludes: Vec<AttributeId>,
    /// The attributes that it reads; `true`: it needs to know all of them.
    pub reads: Vec<(AttributeId, bool)>,
}

/// The names of up to [`NAMES_PER_PAGE`] things and, if one has a title, their titles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NamePage {
    /// Empty where the names count ([`Counted`]).
    pub names: PackedText,
    /// As many as things, or none.
    pub titles: PackedText,
}

/// Distinct values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Distinct {
    /// Things, which take little room by themselves.
    Things(Vec<ThingId>),
    /// Values of any sort.
    Mixed(Vec<Value>),
}

impl Default for Distinct {
    fn default() -> Self {
        Distinct::Mixed(Vec::new())
    }
}

impl Distinct {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Distinct::Things(things) => things.len(),
            Distinct::Mixed(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What `take` makes of the value at a position.
    pub fn get<T>(&self, at: usize, take: impl Fn(&Value) -> T) -> Option<T> {
        match self {
            Distinct::Things(things) => things.get(at).map(|thing| take(&Value::Thing(*thing))),
            Distinct::Mixed(values) => values.get(at).map(take),
        }
    }
}

/// Consecutive codes of a column: one that is frequent, or several that are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The first code; they go on to the next bucket's, the last to the highest.
    pub first: u32,
    /// How many claims have a lower code, 0 left out.
    pub below: u64,
}

/// A snapshot part by part; of what is not told there is nothing.
pub trait Parts {
    /// What is read at once.
    fn outline(&self) -> Outline;
    /// All commits, in order.
    fn commits(&self) -> Vec<Arc<CommitLine>>;
    /// The patterns, in order of declaration.
    fn patterns(&self) -> Vec<PatternLine> {
        Vec::new()
    }
    /// The first of consecutive things of one kind, and which kind, ascending.
    fn kinds(&self) -> Vec<(u32, KindId)> {
        Vec::new()
    }
    /// The names of the things from `page` * [`NAMES_PER_PAGE`] on.
    fn names(&self, _page: u32) -> NamePage {
        NamePage::default()
    }
    /// The things that have a cell on an attribute.
    fn cell_things(&self, _attribute: AttributeId) -> RoaringBitmap {
        RoaringBitmap::new()
    }
    /// The cells of an attribute from the one at `page` * [`CELLS_PER_PAGE`] on, ascending by thing.
    fn cells(&self, _attribute: AttributeId, _page: u32) -> Vec<(ThingId, Arc<[Claim]>)> {
        Vec::new()
    }
    /// The things of a column whose things are not consecutive, ascending.
    fn listed(&self, _column: usize) -> Vec<Listed> {
        Vec::new()
    }
    /// Where the codes of each row end, if rows have several.
    fn ends(&self, _column: usize) -> Vec<u32> {
        Vec::new()
    }
    /// The values of a column from the one at `page` * [`VALUES_PER_PAGE`] on.
    fn values(&self, _column: usize, _page: u32) -> Distinct {
        Distinct::default()
    }
    /// All codes of a column.
    fn codes(&self, _column: usize) -> Codes {
        Codes::default()
    }
    /// What is wrong with what has been told so far.
    fn fault(&self) -> Option<String> {
        None
    }
}

/// Parts that are kept, with what helps to find them. What cannot be read is empty, and [`Parts::fault`] says so from
/// then on: whoever gives out an answer asks it first.
pub trait Kept: Parts + Debug + Send + Sync {
    /// The names that count.
    fn counted(&self) -> &[Counted];
    /// The things that may have this folded name, besides those whose names count.
    fn named(&self, folded: &str) -> Vec<ThingId>;
    /// The code at one place of a column; those near it are kept at hand.
    fn code_at(&self, column: usize, place: u32) -> u32;
    /// The codes at these places of a column, which ascend.
    fn codes_at(&self, column: usize, places: &[u32]) -> Vec<u32>;
    /// The codes of a column, a few at a time; none if the column is so small that all of it had better be read.
    fn buckets(&self, column: usize) -> Vec<Bucket>;
    /// How often each code of a bucket occurs, from its first on.
    fn counts(&self, column: usize, bucket: usize) -> Vec<u32>;
    /// The things that have a code of each of these buckets.
    fn holding(&self, column: usize, buckets: Range<usize>) -> Vec<RoaringBitmap>;
    /// Says that something kept is not what it should be; [`Parts::fault`] is the first that was noted.
    fn note(&self, reason: String);
}
