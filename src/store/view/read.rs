//! From the tables of a view to parts, each when it is asked for.

use super::blocks::{Blocks, Sort, TableId};
use super::{CODES_PER_BLOCK, bits, block_of, hash};
use crate::error::Result;
use crate::model::change::CommitLine;
use crate::model::codes::{Code, Codes};
use crate::model::view::{
    Bucket, ColumnOutline, Counted, Distinct, Kept, Listed, NamePage, Outline, Parts, PatternLine,
};
use crate::model::{AttributeId, Claim, KindId, ThingId};
use crate::store::files;
use crate::store::head::{Head, VIEW_MAGIC};
use crate::store::record::kept::sums;
use crate::store::record::{self, Unfit, v1, v3};
use roaring::RoaringBitmap;
use serde::de::DeserializeOwned;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// A view, open for reading.
#[derive(Debug)]
pub struct View {
    blocks: Blocks,
    outline: Outline,
    counted: OnceLock<Vec<Counted>>,
    /// By column, the blocks of codes of which single ones were asked for.
    at_hand: Vec<OnceLock<Vec<OnceLock<Vec<u8>>>>>,
    fault: OnceLock<String>,
}

impl View {
    /// Opens the view of this `HEAD`: checks its header, and reads its directory and outline.
    pub fn open(directory: &Path, head: &Head) -> Result<View> {
        let path = files::view(directory, head.generation);
        let blocks = Blocks::open(path.clone(), &head.header(VIEW_MAGIC), head.view_length)?;
        let outline: Outline =
            blocks.read((Sort::Outline, 0), 0, |bytes| record::decode::<v3::Outline>(bytes)?.try_into())?;
        if outline.commit != head.chain.commit {
            return Err(files::damaged(&path, 0, "its last commit is not the one that `HEAD` names"));
        }
        let at_hand = outline.columns.iter().map(|_| OnceLock::new()).collect();
        Ok(View { blocks, outline, counted: OnceLock::new(), at_hand, fault: OnceLock::new() })
    }

    /// What is wrong with it, block by block.
    pub fn faults(&self) -> Vec<String> {
        self.blocks.faults().iter().map(|error| error.report().message.clone()).collect()
    }

    /// What could be read; if it could not, nothing, and the view remembers that.
    fn kept<T: Default>(&self, read: Result<T>) -> T {
        read.unwrap_or_else(|error| {
            self.note(error.report().message.clone());
            T::default()
        })
    }

    /// What a block holds; nothing where there is no such block.
    fn block<T: Default>(&self, table: TableId, at: u32, take: impl FnOnce(&[u8]) -> Result<T, Unfit>) -> T {
        let take = |bytes: &[u8]| if bytes.is_empty() { Ok(T::default()) } else { take(bytes) };
        self.kept(self.blocks.read(table, at, take))
    }

    /// The records of all blocks of a table, one after the other.
    fn all<T>(&self, table: TableId, take: impl Fn(&[u8]) -> Result<Vec<T>, Unfit>) -> Vec<T> {
        let mut all = Vec::new();
        let read = self.blocks.each(table, 0..u32::MAX, &mut |bytes| {
            all.extend(take(bytes)?);
            Ok(())
        });
        self.kept(read);
        all
    }

    /// The codes of a column, of which none is higher than it has values.
    fn unpacked<T: Code>(&self, column: usize) -> Vec<T> {
        let Some(outline) = self.column(column) else { return Vec::new() };
        let width = bits::width(outline.values);
        let mut codes = vec![T::default(); outline.places as usize];
        let mut blocks = codes.chunks_mut(CODES_PER_BLOCK);
        let read = self.blocks.each((Sort::Codes, column as u32), 0..u32::MAX, &mut |bytes| {
            let codes = blocks.next().unwrap_or_default();
            bits::unpack(bytes, width, codes);
            // A fold, since of `max` the compiler makes no vectors.
            let highest = codes.iter().fold(T::default(), |highest, code| highest.max(*code));
            if highest.into() <= outline.values { Ok(()) } else { Err(Unfit("a code without a value")) }
        });
        match read {
            Ok(()) => codes,
            // A code that has no value must not be given out.
            Err(error) => self.kept(Err(error)),
        }
    }

    fn column(&self, column: usize) -> Option<&ColumnOutline> {
        self.outline.columns.get(column)
    }
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unfit> {
    record::decode(bytes)
}

fn bitmap(bytes: &[u8]) -> Result<RoaringBitmap, Unfit> {
    // Its checksum is right: it is what was written, and need not be counted.
    RoaringBitmap::deserialize_unchecked_from(bytes).map_err(|_| Unfit("a set of things that is none"))
}

impl Parts for View {
    fn outline(&self) -> Outline {
        self.outline.clone()
    }

    fn commits(&self) -> Vec<Arc<CommitLine>> {
        self.all((Sort::Commits, 0), |bytes| {
            let lines: Vec<v1::CommitLine> = record::decode(bytes)?;
            Ok(lines.into_iter().map(|line| Arc::new(line.into())).collect())
        })
    }

    fn patterns(&self) -> Vec<PatternLine> {
        self.block((Sort::Patterns, 0), 0, |bytes| {
            let lines: Vec<v3::Pattern> = record::decode(bytes)?;
            Ok(lines.into_iter().map(Into::into).collect())
        })
    }

    fn kinds(&self) -> Vec<(u32, KindId)> {
        let kinds: Vec<(u32, u32)> = self.block((Sort::Kinds, 0), 0, decode);
        kinds.into_iter().map(|(first, kind)| (first, KindId(kind))).collect()
    }

    fn names(&self, page: u32) -> NamePage {
        self.block((Sort::Names, 0), page, |bytes| record::decode::<v3::Names>(bytes)?.try_into())
    }

    fn cell_things(&self, attribute: AttributeId) -> RoaringBitmap {
        self.block((Sort::CellThings, attribute.0), 0, bitmap)
    }

    fn cells(&self, attribute: AttributeId, page: u32) -> Vec<(ThingId, Arc<[Claim]>)> {
        self.block((Sort::Cells, attribute.0), page, |bytes| record::decode::<v3::Cells>(bytes)?.try_into())
    }

    fn listed(&self, column: usize) -> Vec<Listed> {
        self.block((Sort::Listed, column as u32), 0, |bytes| decode::<v3::Listed>(bytes)?.try_into())
    }

    fn ends(&self, column: usize) -> Vec<u32> {
        let mut left = self.column(column).map_or(0, |outline| outline.rows as usize);
        let mut ends = Vec::with_capacity(left);
        let read = self.blocks.each((Sort::Ends, column as u32), 0..u32::MAX, &mut |bytes| {
            let rest =
                bytes.split_first_chunk::<4>().and_then(|(first, rest)| Some((first, rest.split_first()?)));
            let (first, (width, counts)) = rest.ok_or(Unfit("ends that are too short"))?;
            if *width > 32 {
                return Err(Unfit("ends of more than 32 bits"));
            }
            let first = u32::from_le_bytes(*first);
            let mut unpacked = vec![0; left.min(CODES_PER_BLOCK)];
            bits::unpack(counts, (*width).into(), &mut unpacked);
            left -= unpacked.len();
            ends.extend(sums(&unpacked).map(|end| first.wrapping_add(end)));
            Ok(())
        });
        self.kept(read);
        ends
    }

    fn values(&self, column: usize, page: u32) -> Distinct {
        self.block((Sort::Values, column as u32), page, |bytes| {
            record::decode::<v3::Values>(bytes)?.try_into()
        })
    }

    fn codes(&self, column: usize) -> Codes {
        match self.column(column).map_or(0, |outline| outline.values) {
            0..=0xff => Codes::Bytes(self.unpacked(column)),
            0x100..=0xffff => Codes::Words(self.unpacked(column)),
            _ => Codes::Longs(self.unpacked(column)),
        }
    }

    fn fault(&self) -> Option<String> {
        self.fault.get().cloned()
    }
}

impl Kept for View {
    fn counted(&self) -> &[Counted] {
        self.counted.get_or_init(|| {
            self.block((Sort::Counted, 0), 0, |bytes| {
                let counted: Vec<v3::Counted> = record::decode(bytes)?;
                counted.into_iter().map(TryInto::try_into).collect()
            })
        })
    }

    fn named(&self, folded: &str) -> Vec<ThingId> {
        let hash = hash(folded);
        let at = block_of(hash, self.blocks.count((Sort::Named, 0)));
        self.block((Sort::Named, 0), at, |bytes| {
            let (pairs, _) = bytes.as_chunks::<8>();
            let pairs =
                pairs.iter().filter_map(|pair| Some((pair.first_chunk::<4>()?, pair.last_chunk::<4>()?)));
            let same = pairs.filter(|(known, _)| u32::from_le_bytes(**known) == hash);
            Ok(same.map(|(_, thing)| ThingId(u32::from_le_bytes(*thing))).collect())
        })
    }

    fn code_at(&self, column: usize, place: u32) -> u32 {
        let Some((outline, at_hand)) = self.column(column).zip(self.at_hand.get(column)) else { return 0 };
        let table = (Sort::Codes, column as u32);
        let blocks = at_hand.get_or_init(|| (0..self.blocks.count(table)).map(|_| OnceLock::new()).collect());
        let (at, place) = (place as usize / CODES_PER_BLOCK, place as usize % CODES_PER_BLOCK);
        let read = || self.block(table, at as u32, |bytes| Ok(bytes.to_vec()));
        let block = blocks.get(at).map_or(&[][..], |block| block.get_or_init(read));
        bits::get(block, bits::width(outline.values), place)
    }

    fn codes_at(&self, column: usize, places: &[u32]) -> Vec<u32> {
        let Some(outline) = self.column(column) else { return Vec::new() };
        let width = bits::width(outline.values);
        let mut codes = Vec::with_capacity(places.len());
        let block_of = |place: &u32| *place / CODES_PER_BLOCK as u32;
        let follows = |a: &u32, b: &u32| block_of(b) <= block_of(a) + 1;
        for near in places.chunk_by(follows) {
            let (Some(first), Some(last)) = (near.first().map(block_of), near.last().map(block_of)) else {
                continue;
            };
            let mut of_block = near.chunk_by(|a, b| block_of(a) == block_of(b));
            let read = self.blocks.each((Sort::Codes, column as u32), first..last + 1, &mut |bytes| {
                let places = of_block.next().unwrap_or_default().iter();
                codes.extend(places.map(|place| bits::get(bytes, width, *place as usize % CODES_PER_BLOCK)));
                Ok(())
            });
            self.kept(read);
        }
        codes
    }

    fn buckets(&self, column: usize) -> Vec<Bucket> {
        self.block((Sort::Buckets, column as u32), 0, |bytes| {
            let buckets: Vec<v3::Bucket> = record::decode(bytes)?;
            let buckets: Vec<Bucket> = buckets.into_iter().map(Into::into).collect();
            let rise = buckets.is_sorted_by(|a, b| a.first < b.first && a.below <= b.below);
            if rise { Ok(buckets) } else { Err(Unfit("buckets that do not ascend")) }
        })
    }

    fn counts(&self, column: usize, bucket: usize) -> Vec<u32> {
        self.block((Sort::Counts, column as u32), bucket as u32, decode)
    }

    fn holding(&self, column: usize, buckets: Range<usize>) -> Vec<RoaringBitmap> {
        let mut holding = Vec::with_capacity(buckets.len());
        let blocks = buckets.start as u32..buckets.end as u32;
        let read = self.blocks.each((Sort::Holding, column as u32), blocks, &mut |bytes| {
            holding.push(bitmap(bytes)?);
            Ok(())
        });
        self.kept(read);
        holding
    }

    fn note(&self, reason: String) {
        // Of several faults the first counts.
        let _ = self.fault.set(reason);
    }
}
