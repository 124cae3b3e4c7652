//! Which things have which values: worked out when a question first needs it, and kept with the column.

use super::{Body, Column, Rows};
use crate::model::ThingId;
use roaring::RoaringBitmap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Of columns with so many distinct values, a bitmap for each value is kept once it was asked for.
const MOST_BITMAPS: usize = 512;

/// Where fewer than one row in so many is a candidate, candidates are asked one by one.
const ONE_BY_ONE: u64 = 64;

/// What has been worked out of a column so far.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By code: how many codes are lower. One more than there are codes.
    below: OnceLock<Vec<u64>>,
    /// By code.
    bitmaps: OnceLock<Vec<OnceLock<Arc<RoaringBitmap>>>>,
}

impl Column {
    /// How many claims have a code in these ranges.
    pub fn count(&self, wanted: &[Range<u32>]) -> u64 {
        let below = self.body.below();
        let at = |code: u32| below.get(code as usize).or(below.last()).copied().unwrap_or(0);
        wanted.iter().map(|range| at(range.end).saturating_sub(at(range.start))).sum()
    }

    /// The things that have a code in these ranges, of which none holds 0.
    pub fn holding(&self, wanted: &[Range<u32>]) -> Arc<RoaringBitmap> {
        match wanted {
            [range] if self.body.has_bitmap(wanted) => self.body.bitmap(range.start),
            _ => Arc::new(self.body.search(wanted)),
        }
    }

    /// Those of `candidates` that have a code in these ranges. Few are asked one by one, where there is no bitmap.
    pub fn holding_among(&self, wanted: &[Range<u32>], candidates: &RoaringBitmap) -> RoaringBitmap {
        if self.body.has_bitmap(wanted) || candidates.len() * ONE_BY_ONE > self.body.rows() as u64 {
            return &*self.holding(wanted) & candidates;
        }
        let is_wanted = |code: u32| wanted.iter().any(|range| range.contains(&code));
        let holds = |thing: &u32| self.codes_of(ThingId(*thing)).any(is_wanted);
        RoaringBitmap::from_sorted_iter(candidates.iter().filter(holds)).unwrap_or_default()
    }

    /// Passes over all rows whose things lie in `keys`, which begin at thing `first`:
    /// `keys[i] = keys[i] * radix + place[code]`, for things without a row as for code 0. Only for columns of one
    /// code a row.
    pub fn fold_into(&self, keys: &mut [u32], first: u32, radix: u32, place: &[u32]) {
        let body = &*self.body;
        match &body.things {
            Rows::From(start) => {
                let (before, skipped) = (start.0.saturating_sub(first), first.saturating_sub(start.0));
                let before = (before as usize).min(keys.len());
                let (outside, keys) = keys.split_at_mut(before);
                let rows = body.codes.len().saturating_sub(skipped as usize).min(keys.len());
                let (keys, after) = keys.split_at_mut(rows);
                if rows > 0 {
                    body.codes.fold_into(keys, skipped as usize, radix, place);
                }
                outside.iter_mut().chain(after).for_each(|key| *key = *key * radix + place[0]);
            }
            Rows::Listed(listed) => {
                keys.iter_mut().for_each(|key| *key = *key * radix + place[0]);
                let from = listed.partition_point(|listed| listed.thing.0 < first);
                for (at, listed) in listed.iter().enumerate().skip(from) {
                    let Some(key) = keys.get_mut((listed.thing.0 - first) as usize) else { break };
                    *key = *key - place[0] + place[body.codes.get(at) as usize];
                }
            }
        }
    }
}

impl Body {
    fn below(&self) -> &[u64] {
        self.index.below.get_or_init(|| {
            let counts = self.codes.counts(self.dictionary.len());
            let mut sum = 0;
            let mut below = Vec::with_capacity(counts.len() + 1);
            for count in counts {
                below.push(sum);
                sum += u64::from(count);
            }
            below.push(sum);
            below
        })
    }

    /// Whether these are a single code for which a bitmap is kept.
    fn has_bitmap(&self, wanted: &[Range<u32>]) -> bool {
        let is_one = matches!(wanted, [range] if range.end == range.start + 1);
        is_one && self.dictionary.len() <= MOST_BITMAPS
    }

    fn bitmap(&self, code: u32) -> Arc<RoaringBitmap> {
        let make = || (0..=self.dictionary.len()).map(|_| OnceLock::new()).collect();
        let bitmaps = self.index.bitmaps.get_or_init(make);
        match bitmaps.get(code as usize) {
            Some(bitmap) => {
                bitmap.get_or_init(|| Arc::new(self.search(std::slice::from_ref(&(code..code + 1))))).clone()
            }
            None => Arc::default(),
        }
    }

    fn search(&self, wanted: &[Range<u32>]) -> RoaringBitmap {
        if let (Rows::From(first), true) = (&self.things, self.ends.is_empty()) {
            return RoaringBitmap::from_lsb0_bytes(first.0, &self.codes.bits(wanted));
        }
        let is_wanted = |place: usize| {
            let code = self.codes.get(place);
            wanted.iter().any(|range| range.contains(&code))
        };
        let rows = (0..self.rows()).filter(|at| self.places(*at).any(is_wanted));
        RoaringBitmap::from_sorted_iter(rows.map(|at| self.thing(at).0)).unwrap_or_default()
    }
}
