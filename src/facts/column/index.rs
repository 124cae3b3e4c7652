//! Which things have which values: worked out when a question first needs it, and kept with the column; or read, bucket
//! by bucket, from the view that keeps the column.

use super::{Body, Column, Rows};
use crate::model::ThingId;
use crate::model::view::Bucket;
use roaring::RoaringBitmap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Of columns with so many distinct values, a bitmap for each value is kept once it was asked for.
const MOST_BITMAPS: usize = 512;

/// Where fewer than one row in so many is a candidate, candidates are asked one by one.
const ONE_BY_ONE: u64 = 64;

/// So many codes cost no more than the bitmap of a bucket.
const FEW_CODES: u64 = 4_096;
/// So many buckets are few.
const FEW_BUCKETS: usize = 4;

/// What has been worked out of a column, or read, so far.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By code: how many codes are lower. One more than there are codes.
    below: OnceLock<Vec<u64>>,
    /// By code.
    bitmaps: OnceLock<Vec<OnceLock<Arc<RoaringBitmap>>>>,
    /// Of a column that a view keeps.
    buckets: OnceLock<Vec<KeptBucket>>,
}

/// A bucket and, once they have been asked for, how often its codes occur.
#[derive(Debug)]
struct KeptBucket {
    bucket: Bucket,
    counts: OnceLock<Vec<u32>>,
}

impl Column {
    /// How many claims have a code in these ranges.
    pub fn count(&self, wanted: &[Range<u32>]) -> u64 {
        wanted
            .iter()
            .map(|range| self.body.below(range.end).saturating_sub(self.body.below(range.start)))
            .sum()
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
        let has_bitmap = match self.body.is_at_hand() {
            true => self.body.has_bitmap(wanted) || candidates.len() * ONE_BY_ONE > self.body.rows as u64,
            false => candidates.len() > FEW_CODES && self.body.are_few_buckets(wanted),
        };
        match has_bitmap {
            true if self.body.is_at_hand() => &*self.holding(wanted) & candidates,
            // Not kept: a store of which little is asked has no use for another set of all things.
            true => self.body.search(wanted) & candidates,
            false => self.body.search_among(wanted, candidates),
        }
    }

    /// Adds to the sums of consecutive things, of which the first is `first`, what belongs to the code of each:
    /// `sums[i] += added[code]`. Only for columns of one code a row.
    pub fn add_by_code(&self, sums: &mut [u32], first: u32, added: &[u32]) {
        let body = &*self.body;
        let codes = body.codes();
        match &body.things {
            Rows::From(start) => {
                let (before, skipped) = (start.0.saturating_sub(first), first.saturating_sub(start.0));
                let sums = sums.get_mut(before as usize..).unwrap_or_default();
                codes.add_by_code(sums, skipped as usize, added);
            }
            Rows::Listed(_) => {
                let listed = body.listed();
                let from = listed.partition_point(|listed| listed.thing.0 < first);
                for (at, listed) in listed.iter().enumerate().skip(from) {
                    let Some(sum) = sums.get_mut((listed.thing.0 - first) as usize) else { break };
                    *sum = sum.wrapping_add(added[codes.get(at) as usize]);
                }
            }
        }
    }
}

fn is_in(wanted: &[Range<u32>], code: u32) -> bool {
    wanted.iter().any(|range| range.contains(&code))
}

impl Body {
    /// Whether all codes have been read.
    fn is_at_hand(&self) -> bool {
        self.codes.get().is_some()
    }

    /// How many claims have a code from 1 on that is lower than this one.
    fn below(&self, code: u32) -> u64 {
        if !self.buckets().is_empty() {
            return self.kept_below(code);
        }
        let below = self.index.below.get_or_init(|| {
            let mut counts = self.codes().counts(self.dictionary.len());
            counts[0] = 0;
            let mut sum = 0;
            let mut below = Vec::with_capacity(counts.len() + 1);
            for count in counts {
                below.push(sum);
                sum += u64::from(count);
            }
            below.push(sum);
            below
        });
        below.get(code as usize).or(below.last()).copied().unwrap_or(0)
    }

    /// Whether these are a single code for which a bitmap is kept.
    fn has_bitmap(&self, wanted: &[Range<u32>]) -> bool {
        let is_one = matches!(wanted, [range] if range.end == range.start + 1);
        is_one && self.dictionary.len() <= MOST_BITMAPS
    }

    fn bitmap(&self, code: u32) -> Arc<RoaringBitmap> {
        let make = || (0..=self.dictionary.len()).map(|_| OnceLock::new()).collect();
        let bitmaps = self.index.bitmaps.get_or_init(make);
        let wanted = code..code + 1;
        match bitmaps.get(code as usize) {
            Some(bitmap) => {
                bitmap.get_or_init(|| Arc::new(self.search(std::slice::from_ref(&wanted)))).clone()
            }
            None => Arc::default(),
        }
    }

    /// The things that have a code in these ranges.
    fn search(&self, wanted: &[Range<u32>]) -> RoaringBitmap {
        if let Some(found) = self.search_kept(wanted) {
            return found;
        }
        let codes = self.codes();
        if let (Rows::From(first), false) = (&self.things, self.many) {
            // Bytes begin at multiples of eight: then they are taken as they are.
            let skipped = first.0 % 8;
            return RoaringBitmap::from_lsb0_bytes(first.0 - skipped, &codes.bits(wanted, skipped as usize));
        }
        let is_wanted = |place: usize| is_in(wanted, codes.get(place));
        let rows = (0..self.rows).filter(|at| self.places(*at).any(is_wanted));
        RoaringBitmap::from_sorted_iter(rows.map(|at| self.thing(at).0)).unwrap_or_default()
    }

    /// Those of some things that have a code in these ranges.
    fn search_among(&self, wanted: &[Range<u32>], candidates: &RoaringBitmap) -> RoaringBitmap {
        let placed = || candidates.iter().filter_map(|thing| Some((thing, self.row(ThingId(thing))?)));
        if let (Some(kept), None) = (&self.kept, self.codes.get()) {
            // A place of each code, and whose it is.
            let places =
                || placed().flat_map(|(thing, row)| self.places(row).map(move |place| (thing, place)));
            let at: Vec<u32> = places().map(|(_, place)| place as u32).collect();
            if let Some(codes) = kept.a_few_codes(&at) {
                let found = places().zip(codes).filter(|(_, code)| is_in(wanted, *code));
                return found.map(|((thing, _), _)| thing).collect();
            }
        }
        let codes = self.codes();
        let found = match (&self.things, self.many) {
            (Rows::From(first), false) => codes.holding_among(first.0, candidates.iter(), wanted),
            _ => {
                let holds = |row: usize| self.places(row).any(|place| is_in(wanted, codes.get(place)));
                placed().filter(|(_, row)| holds(*row)).map(|(thing, _)| thing).collect()
            }
        };
        RoaringBitmap::from_sorted_iter(found).unwrap_or_default()
    }

    // ---- what a view keeps ----------------------------------------------------------------------

    fn buckets(&self) -> &[KeptBucket] {
        self.index.buckets.get_or_init(|| {
            let buckets = self.kept.as_ref().map(|kept| kept.buckets()).unwrap_or_default();
            buckets.into_iter().map(|bucket| KeptBucket { bucket, counts: OnceLock::new() }).collect()
        })
    }

    /// Whether these are all codes of a few buckets of a view.
    fn are_few_buckets(&self, wanted: &[Range<u32>]) -> bool {
        if self.buckets().is_empty() {
            return false;
        }
        let start_of = |code: u32| match self.buckets().binary_search_by_key(&code, |kept| kept.bucket.first)
        {
            Ok(at) => Some(at),
            Err(at) => (code as usize > self.dictionary.len()).then_some(at),
        };
        let buckets = |range: &Range<u32>| Some(start_of(range.end)? - start_of(range.start)?);
        let all: Option<usize> = wanted.iter().map(buckets).sum();
        all.is_some_and(|all| all <= FEW_BUCKETS)
    }

    /// The codes of a bucket.
    fn codes_of_bucket(&self, at: usize) -> Range<u32> {
        let buckets = self.buckets();
        let end = buckets.get(at + 1).map_or(self.dictionary.len() as u32 + 1, |next| next.bucket.first);
        buckets[at].bucket.first..end
    }

    fn kept_below(&self, code: u32) -> u64 {
        let (Some(kept), buckets) = (&self.kept, self.buckets()) else { return 0 };
        let after = buckets.partition_point(|bucket| bucket.bucket.first < code);
        let Some(at) = after.checked_sub(1) else { return 0 };
        let KeptBucket { bucket, counts } = &buckets[at];
        if let Some(next) = buckets.get(after).filter(|next| next.bucket.first == code) {
            return next.bucket.below;
        }
        let counts = counts.get_or_init(|| kept.counts(at));
        let lower = counts.iter().take((code - bucket.first) as usize);
        bucket.below + lower.map(|count| u64::from(*count)).sum::<u64>()
    }

    /// The things that have a code in these ranges, by buckets; `None` if the codes are, or had better be, at hand.
    fn search_kept(&self, wanted: &[Range<u32>]) -> Option<RoaringBitmap> {
        let kept = self.kept.as_ref().filter(|kept| self.codes.get().is_none() && kept.affords_search())?;
        let buckets = self.buckets();
        if buckets.is_empty() {
            return None;
        }
        let mut found = RoaringBitmap::new();
        for range in wanted.iter().filter(|range| !range.is_empty()) {
            let from = buckets.partition_point(|bucket| bucket.bucket.first <= range.start).saturating_sub(1);
            let to = buckets.partition_point(|bucket| bucket.bucket.first < range.end);
            for (at, things) in (from..to).zip(kept.holding(from..to)) {
                let codes = self.codes_of_bucket(at);
                match range.start <= codes.start && codes.end <= range.end {
                    true => found |= things,
                    // At the edge of what is wanted: only some of its codes are.
                    false => found |= self.search_among(std::slice::from_ref(range), &things),
                }
            }
        }
        Some(found)
    }
}
