//! What an import claims of one attribute: codes into a sorted dictionary of values.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `codes` | codes in as few bytes as they need |
//! | `dictionary` | the distinct values, in an order that makes a comparison a range of codes |
//! | `index` | how often each code occurs, and which things have it |

mod codes;
mod dictionary;
mod index;

use crate::model::{Claim, ClaimId, Evidence, ThingId, Value};
pub use codes::Codes;
pub use dictionary::Dictionary;
use index::Index;
use std::ops::Range;
use std::sync::Arc;

/// One attribute of one import: plain support, the same evidence throughout.
#[derive(Clone, Debug)]
pub struct Column {
    body: Arc<Body>,
    pub(super) commit: u32,
    /// Which import of the commit: the ordinal of its first claim.
    pub(super) import: u32,
    /// The claim at place `p` of the codes has ordinal `first_ordinal + p`, as the import counted.
    pub(super) first_ordinal: u32,
    pub(super) evidence: Arc<Evidence>,
}

/// What is claimed: shared by columns that differ in evidence alone.
#[derive(Debug)]
struct Body {
    things: Rows,
    dictionary: Dictionary,
    /// 0 claims nothing, `n` claims the value of code `n`.
    codes: Codes,
    /// Where the codes of each row end; empty: one code a row.
    ends: Vec<u32>,
    index: Index,
}

/// Which thing each row is about.
#[derive(Clone, Debug)]
pub(super) enum Rows {
    /// Consecutive things from this one on.
    From(ThingId),
    /// These things, ascending, each with the row of the import that speaks of it, and the place of that row's
    /// first code in the import.
    Listed(Vec<Listed>),
}

/// A thing and where an import speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Listed {
    pub thing: ThingId,
    pub row: u32,
    pub place: u32,
}

impl Column {
    /// A column whose codes refer to values in any order; `ends` is empty where each row has one code.
    pub(super) fn new(
        things: Rows,
        values: Vec<Value>,
        mut codes: Vec<u32>,
        ends: Vec<u32>,
        (commit, import, first_ordinal): (u32, u32, u32),
        evidence: Arc<Evidence>,
    ) -> Column {
        let dictionary = Dictionary::sorted(values, &mut codes);
        let codes = Codes::new(&codes, dictionary.len());
        let body = Arc::new(Body { things, dictionary, codes, ends, index: Index::default() });
        Column { body, commit, import, first_ordinal, evidence }
    }

    /// The distinct values, by code.
    pub fn dictionary(&self) -> &Dictionary {
        &self.body.dictionary
    }

    /// Citations and qualifiers of every claim in the column.
    pub fn evidence(&self) -> &Arc<Evidence> {
        &self.evidence
    }

    /// Whether rows may claim several values.
    pub fn is_many(&self) -> bool {
        !self.body.ends.is_empty()
    }

    /// Thing and code (never 0), ascending by thing; a thing once for each of its values.
    pub fn entries(&self) -> impl Iterator<Item = (ThingId, u32)> + '_ {
        let rows = (0..self.body.rows()).map(|at| (self.body.thing(at), self.body.places(at)));
        let codes = move |(thing, places): (ThingId, Range<usize>)| {
            places.map(move |place| (thing, self.body.codes.get(place)))
        };
        rows.flat_map(codes).filter(|(_, code)| *code != 0)
    }

    /// The thing that a claim of this column is about; `None` if it is not one of them.
    pub fn thing_claimed(&self, id: ClaimId) -> Option<ThingId> {
        let place = id.ordinal.checked_sub(self.first_ordinal).filter(|_| id.commit == self.commit)?;
        let body = &self.body;
        let at = match &body.things {
            Rows::From(_) if body.ends.is_empty() => place as usize,
            Rows::From(_) => body.ends.partition_point(|end| *end <= place),
            Rows::Listed(listed) => (0..listed.len()).find(|at| {
                let places = body.places(*at);
                place.checked_sub(listed[*at].place).is_some_and(|after| (after as usize) < places.len())
            })?,
        };
        let claims = at < body.rows() && self.claims_at(at).iter().any(|claim| claim.id == id);
        claims.then(|| body.thing(at))
    }

    /// The codes of a thing, none of them 0.
    pub fn codes_of(&self, thing: ThingId) -> impl Iterator<Item = u32> + '_ {
        let places = self.body.row(thing).map_or(0..0, |at| self.body.places(at));
        places.map(|place| self.body.codes.get(place)).filter(|code| *code != 0)
    }

    /// What the column claims of a thing.
    pub fn claims(&self, thing: ThingId) -> Vec<Claim> {
        self.body.row(thing).map(|at| self.claims_at(at)).unwrap_or_default()
    }

    fn claims_at(&self, at: usize) -> Vec<Claim> {
        let places = self.body.places(at);
        let ordinal = match &self.body.things {
            Rows::From(_) => places.start as u32,
            Rows::Listed(listed) => listed[at].place,
        };
        let claim = |(place, ordinal): (usize, u32)| {
            let value = self.body.dictionary.value(self.body.codes.get(place))?;
            Some(self.claim(value, ordinal))
        };
        places.zip(ordinal..).filter_map(claim).collect()
    }

    /// A claim of this column with this value, whichever thing it is about.
    pub fn claim_of(&self, code: u32) -> Option<Claim> {
        self.body.dictionary.value(code).map(|value| self.claim(value, 0))
    }

    fn claim(&self, value: &Value, place: u32) -> Claim {
        let id = ClaimId { commit: self.commit, ordinal: self.first_ordinal + place };
        Claim { id, value: Some(value.clone()), denied: false, evidence: self.evidence.clone(), note: None }
    }

    /// The same claims with other evidence.
    pub(super) fn with_evidence(&self, evidence: Arc<Evidence>) -> Column {
        Column { evidence, ..self.clone() }
    }

    /// Thing, row of the import, and codes, row by row of the import.
    pub(super) fn rows_as_imported(&self) -> Vec<(ThingId, Vec<u32>)> {
        let codes = |at: usize| self.body.places(at).map(|place| self.body.codes.get(place)).collect();
        let mut rows: Vec<usize> = (0..self.body.rows()).collect();
        if let Rows::Listed(listed) = &self.body.things {
            rows.sort_unstable_by_key(|at| listed[*at].row);
        }
        rows.into_iter().map(|at| (self.body.thing(at), codes(at))).collect()
    }
}

impl Body {
    fn rows(&self) -> usize {
        match &self.things {
            Rows::From(_) if self.ends.is_empty() => self.codes.len(),
            Rows::From(_) => self.ends.len(),
            Rows::Listed(listed) => listed.len(),
        }
    }

    fn thing(&self, at: usize) -> ThingId {
        match &self.things {
            Rows::From(first) => ThingId(first.0 + at as u32),
            Rows::Listed(listed) => listed[at].thing,
        }
    }

    /// Where the codes of a row stand.
    fn places(&self, at: usize) -> Range<usize> {
        if self.ends.is_empty() {
            return at..at + 1;
        }
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        start..self.ends[at] as usize
    }

    /// The position of a thing's row.
    fn row(&self, thing: ThingId) -> Option<usize> {
        match &self.things {
            Rows::From(first) => {
                thing.0.checked_sub(first.0).map(|row| row as usize).filter(|at| *at < self.rows())
            }
            Rows::Listed(listed) => listed.binary_search_by_key(&thing, |listed| listed.thing).ok(),
        }
    }
}
