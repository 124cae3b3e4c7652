//! What an import claims of one attribute: a code per thing into a dictionary of values.

use crate::model::{Claim, ClaimId, Evidence, ThingId, Value};
use std::sync::Arc;

/// One attribute of one import: plain support, the same evidence throughout.
#[derive(Clone, Debug)]
pub struct Column {
    pub(super) things: Rows,
    /// 0 claims nothing, `n` claims the values of `dictionary[n - 1]`.
    pub(super) codes: Vec<u32>,
    /// Values that stand together: one, or several for an attribute that takes many.
    pub(super) dictionary: Vec<Vec<Value>>,
    pub(super) commit: u32,
    /// Which import of the commit: the ordinal of its first claim.
    pub(super) import: u32,
    /// The claim of row `r` has ordinal `first_ordinal + r`.
    pub(super) first_ordinal: u32,
    pub(super) evidence: Arc<Evidence>,
}

/// Which thing each row is about.
#[derive(Clone, Debug)]
pub(super) enum Rows {
    /// Consecutive things from this one on.
    From(ThingId),
    /// These things, ascending, each with the row of the import that speaks of it.
    Listed(Vec<(ThingId, u32)>),
}

impl Column {
    /// The distinct values, by code from 1 on.
    pub fn dictionary(&self) -> &[Vec<Value>] {
        &self.dictionary
    }

    /// Citations and qualifiers of every claim in the column.
    pub fn evidence(&self) -> &Arc<Evidence> {
        &self.evidence
    }

    /// Thing and code (never 0), ascending by thing.
    pub fn entries(&self) -> Box<dyn Iterator<Item = (ThingId, u32)> + '_> {
        match &self.things {
            Rows::From(first) => {
                let rows = self.codes.iter().zip(first.0..);
                Box::new(rows.filter(|(code, _)| **code != 0).map(|(code, thing)| (ThingId(thing), *code)))
            }
            Rows::Listed(things) => {
                let rows = things.iter().zip(&self.codes);
                Box::new(rows.filter(|(_, code)| **code != 0).map(|((thing, _), code)| (*thing, *code)))
            }
        }
    }

    /// The ids of the things whose code is chosen (`chosen[code]`), ascending: the inner loop of every
    /// filter on imported data.
    pub fn select(&self, chosen: &[bool]) -> Vec<u32> {
        let is_chosen = |code: u32| chosen.get(code as usize).copied().unwrap_or(false);
        match &self.things {
            Rows::From(first) => {
                let rows = self.codes.iter().zip(first.0..);
                rows.filter(|(code, _)| is_chosen(**code)).map(|(_, thing)| thing).collect()
            }
            Rows::Listed(things) => {
                let rows = things.iter().zip(&self.codes);
                rows.filter(|(_, code)| is_chosen(**code)).map(|((thing, _), _)| thing.0).collect()
            }
        }
    }

    /// The row of a thing: position in `codes`, and the row of the import.
    fn row(&self, thing: ThingId) -> Option<(usize, u32)> {
        match &self.things {
            Rows::From(first) => {
                let row = thing.0.checked_sub(first.0)?;
                Some((row as usize, row))
            }
            Rows::Listed(things) => {
                let at = things.binary_search_by_key(&thing, |(thing, _)| *thing).ok()?;
                Some((at, things[at].1))
            }
        }
    }

    /// The thing that a claim of this column is about; `None` if it is not one of them.
    pub fn thing_claimed(&self, id: ClaimId) -> Option<ThingId> {
        let row = id.ordinal.checked_sub(self.first_ordinal).filter(|_| id.commit == self.commit)?;
        let (at, thing) = match &self.things {
            Rows::From(first) => (row as usize, ThingId(first.0.checked_add(row)?)),
            Rows::Listed(things) => {
                let at = things.iter().position(|(_, known)| *known == row)?;
                (at, things[at].0)
            }
        };
        (*self.codes.get(at)? != 0).then_some(thing)
    }

    /// The code of a thing; 0 if the column claims nothing of it.
    pub fn code(&self, thing: ThingId) -> u32 {
        self.row(thing).and_then(|(at, _)| self.codes.get(at).copied()).unwrap_or(0)
    }

    /// What the column claims of a thing.
    pub fn claims(&self, thing: ThingId) -> Vec<Claim> {
        let Some((at, row)) = self.row(thing) else { return Vec::new() };
        let code = self.codes.get(at).copied().unwrap_or(0);
        self.claims_of_code(code, row)
    }

    /// The claims of an entry as of `row`; empty for code 0.
    pub fn claims_of_code(&self, code: u32, row: u32) -> Vec<Claim> {
        let Some(values) = (code as usize).checked_sub(1).and_then(|at| self.dictionary.get(at)) else {
            return Vec::new();
        };
        let id = ClaimId { commit: self.commit, ordinal: self.first_ordinal + row };
        let claim = |value: &Value| Claim {
            id,
            value: Some(value.clone()),
            denied: false,
            evidence: self.evidence.clone(),
            note: None,
        };
        values.iter().map(claim).collect()
    }
}
