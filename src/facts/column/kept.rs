//! A column that a view keeps.

use super::{Body, Column, Dictionary, Index, Rows};
use crate::model::view::{Bucket, ColumnOutline, Kept, Listed};
use crate::model::{Codes, ThingId};
use roaring::RoaringBitmap;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

/// To ask for one code costs as much as to unpack so many that follow each other,
const ONE: u32 = 64;
/// and a search that reads less than all as much as so many.
const SEARCH: u32 = 128 * 1024;

/// Where a view keeps a column.
#[derive(Debug)]
pub(super) struct Part {
    view: Arc<dyn Kept>,
    column: usize,
    places: u32,
    /// What asking has cost so far, in codes unpacked. When it would come to more than unpacking them all, they are.
    spent: AtomicU32,
}

impl Part {
    pub fn codes(&self) -> Codes {
        self.view.codes(self.column)
    }

    pub fn ends(&self) -> Vec<u32> {
        self.view.ends(self.column)
    }

    pub fn listed(&self) -> Vec<Listed> {
        self.view.listed(self.column)
    }

    pub fn buckets(&self) -> Vec<Bucket> {
        self.view.buckets(self.column)
    }

    pub fn counts(&self, bucket: usize) -> Vec<u32> {
        self.view.counts(self.column, bucket)
    }

    pub fn holding(&self, buckets: Range<usize>) -> Vec<RoaringBitmap> {
        self.view.holding(self.column, buckets)
    }

    /// The code at a place; `None` if all had better be at hand.
    pub fn code(&self, place: usize) -> Option<u32> {
        self.affords(ONE).then(|| self.view.code_at(self.column, place as u32))
    }

    /// The codes at these places, ascending; `None` if all had better be at hand.
    pub fn a_few_codes(&self, places: &[u32]) -> Option<Vec<u32>> {
        self.affords(SEARCH).then(|| self.view.codes_at(self.column, places))
    }

    /// Whether a search had better not read all codes; to ask is to spend.
    pub fn affords_search(&self) -> bool {
        self.affords(SEARCH)
    }

    fn affords(&self, cost: u32) -> bool {
        let spent = self.spent.load(Ordering::Relaxed).saturating_add(cost);
        // Two threads may count as one: it does not matter when all are read.
        self.spent.store(spent, Ordering::Relaxed);
        spent <= self.places
    }
}

impl Column {
    /// A column of a view: nothing of it is read yet.
    pub(in crate::facts) fn kept(view: Arc<dyn Kept>, column: usize, outline: &ColumnOutline) -> Column {
        let things = outline.first.map_or(Rows::Listed(OnceLock::new()), Rows::From);
        let (values, exact) = (outline.values as usize, outline.exact as usize);
        let body = Body {
            things,
            rows: outline.rows as usize,
            places: outline.places as usize,
            many: outline.many,
            dictionary: Dictionary::kept(view.clone(), column, values, exact),
            codes: OnceLock::new(),
            ends: OnceLock::new(),
            index: Index::default(),
            kept: Some(Part { view, column, places: outline.places, spent: AtomicU32::new(0) }),
        };
        Column {
            body: Arc::new(body),
            commit: outline.commit,
            import: outline.import,
            first_ordinal: outline.first_ordinal,
            evidence: Arc::new(outline.evidence.clone()),
        }
    }

    /// What a view keeps of this column in its outline; the attribute is told by whoever has the column.
    pub(in crate::facts) fn outline(&self, attribute: crate::model::AttributeId) -> ColumnOutline {
        let body = &self.body;
        let first: Option<ThingId> = match body.things {
            Rows::From(first) => Some(first),
            Rows::Listed(_) => None,
        };
        ColumnOutline {
            attribute,
            commit: self.commit,
            import: self.import,
            first_ordinal: self.first_ordinal,
            evidence: (*self.evidence).clone(),
            first,
            rows: body.rows as u32,
            places: body.places as u32,
            many: body.many,
            values: body.dictionary.len() as u32,
            exact: body.dictionary.exact() as u32,
        }
    }

    pub(in crate::facts) fn all_codes(&self) -> Codes {
        match (self.body.codes.get(), &self.body.kept) {
            // Not to be kept at hand: whoever writes a view goes from column to column.
            (None, Some(kept)) => kept.view.codes(kept.column),
            _ => self.body.codes().clone(),
        }
    }

    pub(in crate::facts) fn all_ends(&self) -> Vec<u32> {
        self.body.ends().to_vec()
    }

    pub(in crate::facts) fn all_listed(&self) -> Vec<Listed> {
        self.body.listed().to_vec()
    }
}
