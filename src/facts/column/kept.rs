//! A column that a view keeps.

use super::{Body, Codes, Column, Dictionary, Index, Rows};
use crate::model::ThingId;
use crate::model::view::{Bucket, ColumnOutline, Kept, Listed};
use roaring::RoaringBitmap;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

/// So many codes are read one by one before all are,
const SELDOM: u32 = 24 * SEARCH;
/// and as many are worth one search that reads less than all.
const SEARCH: u32 = 1024;

/// Where a view keeps a column.
#[derive(Debug)]
pub(super) struct Part {
    view: Arc<dyn Kept>,
    column: usize,
    /// How many codes it was asked for, one by one or in searches.
    asked: AtomicU32,
}

impl Part {
    pub fn codes(&self) -> Codes {
        let codes = self.view.codes(self.column);
        Codes::new(&codes, codes.iter().max().map_or(0, |highest| *highest as usize))
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
        self.is_seldom_asked(1).then(|| self.view.code_at(self.column, place as u32))
    }

    /// The codes at these places, ascending; `None` if all had better be at hand.
    pub fn a_few_codes(&self, places: &[u32]) -> Option<Vec<u32>> {
        self.is_seldom_searched().then(|| self.view.codes_at(self.column, places))
    }

    /// Whether it has been asked so seldom that a search should not read all codes; asking counts.
    pub fn is_seldom_searched(&self) -> bool {
        self.is_seldom_asked(SEARCH)
    }

    fn is_seldom_asked(&self, codes: u32) -> bool {
        let asked = self.asked.load(Ordering::Relaxed);
        // Two threads may count as one: it does not matter when all are read.
        self.asked.store(asked.saturating_add(codes), Ordering::Relaxed);
        asked < SELDOM
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
            kept: Some(Part { view, column, asked: AtomicU32::new(0) }),
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

    pub(in crate::facts) fn all_codes(&self) -> Vec<u32> {
        match (self.body.codes.get(), &self.body.kept) {
            // Not to be kept at hand: whoever writes a view goes from column to column.
            (None, Some(kept)) => kept.view.codes(kept.column),
            _ => self.body.codes().to_vec(),
        }
    }

    pub(in crate::facts) fn all_ends(&self) -> Vec<u32> {
        self.body.ends().to_vec()
    }

    pub(in crate::facts) fn all_listed(&self) -> Vec<Listed> {
        self.body.listed().to_vec()
    }
}
