//! What an import claims of one attribute: codes into a sorted dictionary of values.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `dictionary` | the distinct values, in an order that makes a comparison a range of codes |
//! | `index` | how often each code occurs, and which things have it |
//! | `kept` | what a view keeps of a column, and when it is read |

mod dictionary;
mod index;
mod kept;

use crate::model::view::{Distinct, Listed};
use crate::model::{Claim, ClaimId, Codes, Evidence, ThingId, Value};
pub use dictionary::Dictionary;
use index::Index;
use kept::Part;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

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
///
/// Of a column that a view keeps, each part is read when it is first needed.
#[derive(Debug)]
struct Body {
    things: Rows,
    /// How many things.
    rows: usize,
    /// How many codes.
    places: usize,
    /// Whether rows have any number of codes, and not one each.
    many: bool,
    dictionary: Dictionary,
    /// 0 claims nothing, `n` claims the value of code `n`.
    codes: OnceLock<Codes>,
    /// Where the codes of each row end; empty: one code a row.
    ends: OnceLock<Vec<u32>>,
    index: Index,
    /// Where a view keeps it.
    kept: Option<Part>,
}

/// Which thing each row is about.
#[derive(Debug)]
pub(super) enum Rows {
    /// Consecutive things from this one on.
    From(ThingId),
    /// These things, ascending, each with the row of the import that speaks of it, and the place of that row's
    /// first code in the import.
    Listed(OnceLock<Vec<Listed>>),
}

impl Column {
    /// A column whose codes refer to values in any order; `ends` is empty where each row has one code.
    pub(super) fn new(
        things: Rows,
        values: Distinct,
        mut codes: Vec<u32>,
        ends: Vec<u32>,
        (commit, import, first_ordinal): (u32, u32, u32),
        evidence: Arc<Evidence>,
    ) -> Column {
        let dictionary = Dictionary::sorted(values, &mut codes);
        let codes = Codes::new(&codes, dictionary.len());
        let rows = match &things {
            Rows::Listed(listed) => listed.get().map_or(0, Vec::len),
            Rows::From(_) if ends.is_empty() => codes.len(),
            Rows::From(_) => ends.len(),
        };
        let body = Body {
            things,
            rows,
            places: codes.len(),
            many: !ends.is_empty(),
            dictionary,
            codes: OnceLock::from(codes),
            ends: OnceLock::from(ends),
            index: Index::default(),
            kept: None,
        };
        Column { body: Arc::new(body), commit, import, first_ordinal, evidence }
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
        self.body.many
    }

    /// Thing and code (never 0), ascending by thing; a thing once for each of its values.
    pub fn entries(&self) -> impl Iterator<Item = (ThingId, u32)> + '_ {
        let all = self.body.codes();
        let rows = (0..self.body.rows).map(|at| (self.body.thing(at), self.body.places(at)));
        let codes =
            move |(thing, places): (ThingId, Range<usize>)| places.map(move |place| (thing, all.get(place)));
        rows.flat_map(codes).filter(|(_, code)| *code != 0)
    }

    /// The thing that a claim of this column is about; `None` if it is not one of them.
    pub fn thing_claimed(&self, id: ClaimId) -> Option<ThingId> {
        let place = id.ordinal.checked_sub(self.first_ordinal).filter(|_| id.commit == self.commit)?;
        let body = &self.body;
        let at = match &body.things {
            Rows::From(_) if !body.many => place as usize,
            Rows::From(_) => body.ends().partition_point(|end| *end <= place),
            Rows::Listed(_) => body.listed().iter().enumerate().position(|(at, listed)| {
                let after = place.checked_sub(listed.place);
                after.is_some_and(|after| (after as usize) < body.places(at).len())
            })?,
        };
        let claims = at < body.rows && self.claims_at(at).iter().any(|claim| claim.id == id);
        claims.then(|| body.thing(at))
    }

    /// The codes of a thing, none of them 0.
    pub fn codes_of(&self, thing: ThingId) -> impl Iterator<Item = u32> + '_ {
        let places = self.body.row(thing).map_or(0..0, |at| self.body.places(at));
        places.map(|place| self.body.code(place)).filter(|code| *code != 0)
    }

    /// What the column claims of a thing.
    pub fn claims(&self, thing: ThingId) -> Vec<Claim> {
        self.body.row(thing).map(|at| self.claims_at(at)).unwrap_or_default()
    }

    fn claims_at(&self, at: usize) -> Vec<Claim> {
        let places = self.body.places(at);
        let ordinal = match &self.body.things {
            Rows::From(_) => places.start as u32,
            Rows::Listed(_) => self.body.listed().get(at).map_or(0, |listed| listed.place),
        };
        let claim = |(code, ordinal): (u32, u32)| {
            let value = self.body.dictionary.value(code)?;
            Some(self.claim(value, ordinal))
        };
        places.map(|place| self.body.code(place)).zip(ordinal..).filter_map(claim).collect()
    }

    /// A claim of this column with this value, whichever thing it is about.
    pub fn claim_of(&self, code: u32) -> Option<Claim> {
        self.body.dictionary.value(code).map(|value| self.claim(value, 0))
    }

    fn claim(&self, value: Value, place: u32) -> Claim {
        let id = ClaimId { commit: self.commit, ordinal: self.first_ordinal + place };
        Claim { id, value: Some(value), denied: false, evidence: self.evidence.clone(), note: None }
    }

    /// The same claims with other evidence.
    pub(super) fn with_evidence(&self, evidence: Arc<Evidence>) -> Column {
        Column { evidence, ..self.clone() }
    }
}

impl Body {
    fn codes(&self) -> &Codes {
        self.codes.get_or_init(|| self.kept.as_ref().map_or_else(Codes::default, Part::codes))
    }

    fn ends(&self) -> &[u32] {
        self.ends.get_or_init(|| self.kept.as_ref().map(Part::ends).unwrap_or_default())
    }

    /// The things, where they are not consecutive.
    fn listed(&self) -> &[Listed] {
        match &self.things {
            Rows::From(_) => &[],
            Rows::Listed(listed) => {
                listed.get_or_init(|| self.kept.as_ref().map(Part::listed).unwrap_or_default())
            }
        }
    }

    /// The code at a place. Of a column that a view keeps it is read alone, unless that has been done so often that all
    /// had better be at hand.
    fn code(&self, place: usize) -> u32 {
        let kept = self.kept.as_ref().filter(|_| self.codes.get().is_none());
        kept.and_then(|kept| kept.code(place)).unwrap_or_else(|| self.codes().get(place))
    }

    /// The thing of a row.
    fn thing(&self, at: usize) -> ThingId {
        match &self.things {
            Rows::From(first) => ThingId(first.0 + at as u32),
            // There are as many as rows, unless the view is at fault: then no answer is given out.
            Rows::Listed(_) => self.listed().get(at).map_or(ThingId(u32::MAX), |listed| listed.thing),
        }
    }

    /// Where the codes of a row stand.
    fn places(&self, at: usize) -> Range<usize> {
        if !self.many {
            return at..at + 1;
        }
        let end = |row: usize| self.ends().get(row).map_or(0, |end| *end as usize);
        at.checked_sub(1).map_or(0, end)..end(at)
    }

    /// The position of a thing's row.
    fn row(&self, thing: ThingId) -> Option<usize> {
        match &self.things {
            Rows::From(first) => {
                thing.0.checked_sub(first.0).map(|row| row as usize).filter(|at| *at < self.rows)
            }
            Rows::Listed(_) => self.listed().binary_search_by_key(&thing, |listed| listed.thing).ok(),
        }
    }
}
