//! From the parts of a snapshot to the tables of a view.

use super::blocks::{Sort, Writer, encode};
use super::{CODES_PER_BLOCK, COMMITS_PER_BLOCK, LEAST_COUNTED, NAMED_PER_BLOCK, bits, block_of, hash};
use crate::error::{Error, Result};
use crate::model::change::PackedText;
use crate::model::fold;
use crate::model::view::{
    Bucket, CELLS_PER_PAGE, ColumnOutline, Counted, Counter, Listed, NAMES_PER_PAGE, NamePage, Parts,
    VALUES_PER_PAGE,
};
use crate::store::head::{Head, VIEW_MAGIC};
use crate::store::record::{v1, v3};
use roaring::RoaringBitmap;
use std::ops::Range;
use std::path::Path;

/// A column of fewer codes is read whole.
const FEW: usize = 4 * 1024;
/// A column has about so many buckets, and more where values are frequent.
const BUCKETS: u64 = 64;

/// Writes a view that belongs to `head`, whatever that says of its length; gives the length. Its name lasts only after
/// the directory is synced.
pub fn write(path: &Path, head: &Head, parts: &dyn Parts) -> Result<u64> {
    let mut file = Writer::create(path, &head.header(VIEW_MAGIC))?;
    let outline = parts.outline();
    let commits = parts.commits();
    let lines = commits.chunks(COMMITS_PER_BLOCK);
    let lines = lines
        .map(|lines| encode(&lines.iter().map(|line| v1::CommitLine::from(&**line)).collect::<Vec<_>>()));
    file.table((Sort::Commits, 0), lines)?;
    let patterns = parts.patterns();
    if !patterns.is_empty() {
        file.record((Sort::Patterns, 0), &patterns.iter().map(Into::into).collect::<Vec<v3::Pattern>>())?;
    }
    let kinds: Vec<(u32, u32)> = parts.kinds().into_iter().map(|(first, kind)| (first, kind.0)).collect();
    file.record((Sort::Kinds, 0), &kinds)?;
    write_names(&mut file, parts, outline.things)?;
    for attribute in &outline.cells {
        let things = parts.cell_things(*attribute);
        let pages = things.len().div_ceil(CELLS_PER_PAGE.into()) as u32;
        file.table((Sort::CellThings, attribute.0), [Ok(bitmap(things))])?;
        let page = |at| encode(&v3::Cells::from(&parts.cells(*attribute, at)[..]));
        file.table((Sort::Cells, attribute.0), (0..pages).map(page))?;
    }
    let mut listed = Vec::new();
    for (column, outline) in (0..).zip(&outline.columns) {
        write_column(&mut file, parts, column, outline, &mut listed)?;
    }
    // What is read first lies beside the directory.
    file.record((Sort::Outline, 0), &v3::Outline::from(&outline))?;
    match parts.fault() {
        Some(reason) => Err(Error::damaged(reason)),
        None => file.finish(),
    }
}

fn bitmap(mut things: RoaringBitmap) -> Vec<u8> {
    things.optimize();
    let mut bytes = Vec::with_capacity(things.serialized_size());
    things.serialize_into(&mut bytes).expect("a vector takes all that is written to it");
    bytes
}

// ---- names --------------------------------------------------------------------------------------

fn write_names(file: &mut Writer, parts: &dyn Parts, things: u32) -> Result<()> {
    let pages = things.div_ceil(NAMES_PER_PAGE);
    let counted = counted(parts, pages);
    if !counted.is_empty() {
        file.record((Sort::Counted, 0), &counted.iter().map(Into::into).collect::<Vec<v3::Counted>>())?;
    }
    let mut named: Vec<(u32, u32)> = Vec::new();
    let blocks = (0..pages).map(|at| {
        let page = parts.names(at);
        let first = at * NAMES_PER_PAGE;
        let before = counted.partition_point(|counted| counted.things.end <= first);
        let mut rest = counted[before..].iter().peekable();
        let all_count = rest.peek().is_some_and(|counted| {
            counted.things.start <= first && counted.things.end - first >= page.names.len() as u32
        });
        if all_count && page.titles.is_empty() {
            return Ok(Vec::new());
        }
        let mut names = PackedText::default();
        for (name, thing) in page.names.iter().zip(first..) {
            while rest.next_if(|counted| counted.things.end <= thing).is_some() {}
            let counts = rest.peek().is_some_and(|counted| counted.things.contains(&thing));
            names.push(if counts { "" } else { name });
            if !counts {
                named.push((hash(&fold(name)), thing));
            }
        }
        let is_empty = page.titles.is_empty() && names.parts().0.is_empty();
        if is_empty { Ok(Vec::new()) } else { encode(&v3::Names::from(&NamePage { names, ..page })) }
    });
    file.table((Sort::Names, 0), blocks)?;
    named.sort_unstable();
    let blocks = named.len().div_ceil(NAMED_PER_BLOCK) as u32;
    let mut rest = &named[..];
    let blocks = (0..blocks).map(|at| {
        let (these, others) = rest.split_at(rest.partition_point(|(hash, _)| block_of(*hash, blocks) <= at));
        rest = others;
        Ok(these
            .iter()
            .flat_map(|(hash, thing)| [hash.to_le_bytes(), thing.to_le_bytes()])
            .flatten()
            .collect())
    });
    file.table((Sort::Named, 0), blocks)
}

/// The sequences of names that count, in order.
fn counted(parts: &dyn Parts, pages: u32) -> Vec<Counted> {
    let mut found: Vec<Counted> = Vec::new();
    let mut last: Option<(Counted, Counter)> = None;
    let is_worth = |counted: &Counted| counted.things.len() >= LEAST_COUNTED;
    for at in 0..pages {
        for (name, thing) in parts.names(at).names.iter().zip(at * NAMES_PER_PAGE..) {
            if let Some((counted, counter)) = &mut last {
                counter.advance();
                if counter.name() == name {
                    counted.things.end += 1;
                    continue;
                }
            }
            found.extend(last.take().map(|(counted, _)| counted).filter(is_worth));
            last = Counted::starting(name, thing).zip(Counter::starting(name));
        }
    }
    found.extend(last.map(|(counted, _)| counted).filter(is_worth));
    found
}

// ---- columns ------------------------------------------------------------------------------------

fn write_column(
    file: &mut Writer,
    parts: &dyn Parts,
    at: u32,
    outline: &ColumnOutline,
    last_listed: &mut Vec<Listed>,
) -> Result<()> {
    let column = at as usize;
    let listed = parts.listed(column);
    if outline.first.is_none() {
        match listed == *last_listed {
            true => file.again((Sort::Listed, at)),
            false => file.record((Sort::Listed, at), &v3::Listed::from(&listed[..]))?,
        }
    }
    let ends = parts.ends(column);
    if outline.many {
        file.table(
            (Sort::Ends, at),
            ends.chunks(CODES_PER_BLOCK).scan(0, |before, ends| Some(Ok(ends_block(before, ends)))),
        )?;
    }
    let pages = outline.values.div_ceil(VALUES_PER_PAGE);
    file.table(
        (Sort::Values, at),
        (0..pages).map(|page| encode(&v3::Values::from(&parts.values(column, page)))),
    )?;
    let codes = parts.codes(column).to_vec();
    let width = bits::width(outline.values);
    file.table((Sort::Codes, at), codes.chunks(CODES_PER_BLOCK).map(|codes| Ok(bits::pack(codes, width))))?;
    if codes.len() >= FEW {
        let things = listed.iter().map(|listed| listed.thing.0);
        let things: Vec<u32> = match outline.first {
            Some(first) => (first.0..).take(outline.rows as usize).collect(),
            None => things.collect(),
        };
        let rows = places(&ends, if outline.many { ends.len() } else { codes.len() });
        write_buckets(file, at, outline.values, &codes, things.into_iter().zip(rows))?;
    }
    *last_listed = listed;
    Ok(())
}

/// Where the codes of each of so many rows stand; without ends, each row has one.
fn places(ends: &[u32], rows: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    let end = move |row: usize| ends.get(row).map_or(row + 1, |end| *end as usize);
    (0..rows).map(move |row| row.checked_sub(1).map_or(0, end)..end(row))
}

/// Before which place the first row begins, how wide the numbers are, and how many codes each row has.
fn ends_block(before: &mut u32, ends: &[u32]) -> Vec<u8> {
    let first = *before;
    let counts: Vec<u32> = ends.iter().map(|end| end.wrapping_sub(std::mem::replace(before, *end))).collect();
    let width = bits::width(counts.iter().copied().max().unwrap_or(0));
    let mut bytes = first.to_le_bytes().to_vec();
    bytes.push(width as u8);
    bytes.extend(bits::pack(&counts, width));
    bytes
}

fn write_buckets(
    file: &mut Writer,
    at: u32,
    values: u32,
    codes: &[u32],
    rows: impl Iterator<Item = (u32, Range<usize>)>,
) -> Result<()> {
    let mut counts = vec![0_u32; values as usize + 1];
    for code in codes {
        let count = counts
            .get_mut(*code as usize)
            .ok_or_else(|| Error::damaged("a column has a code without a value"))?;
        *count += 1;
    }
    let buckets = buckets(&counts);
    if buckets.is_empty() {
        return Ok(());
    }
    file.record((Sort::Buckets, at), &buckets.iter().map(Into::into).collect::<Vec<v3::Bucket>>())?;
    let ends = buckets.iter().skip(1).map(|next| next.first).chain([values + 1]);
    let ranges: Vec<_> = buckets.iter().map(|bucket| bucket.first).zip(ends).collect();
    let of_bucket = |(first, end): &(u32, u32)| encode(&&counts[*first as usize..*end as usize]);
    file.table((Sort::Counts, at), ranges.iter().map(of_bucket))?;

    let mut bucket_of = vec![0; counts.len()];
    for ((first, end), bucket) in ranges.iter().zip(0_u32..) {
        bucket_of[*first as usize..*end as usize].fill(bucket);
    }
    let mut holding = vec![Holding::default(); buckets.len()];
    for (thing, places) in rows {
        for code in codes.get(places).unwrap_or_default().iter().filter(|code| **code != 0) {
            holding[bucket_of[*code as usize] as usize].push(thing);
        }
    }
    file.table((Sort::Holding, at), holding.into_iter().map(|holding| Ok(bitmap(holding.all()))))
}

/// So many things are put into a bitmap together: one by one would take several times as long.
const TOGETHER: usize = 1024;

/// The things of a bucket, which come ascending.
#[derive(Clone, Default)]
struct Holding {
    things: RoaringBitmap,
    /// The last ones.
    waiting: Vec<u32>,
}

impl Holding {
    /// Adds a thing; one that has two codes of the bucket is there already.
    fn push(&mut self, thing: u32) {
        if self.waiting.len() == TOGETHER {
            self.put();
        }
        if self.waiting.last() != Some(&thing) {
            self.waiting.push(thing);
        }
    }

    fn put(&mut self) {
        let last = self.waiting.pop();
        // They ascend.
        let _ = self.things.append(self.waiting.drain(..));
        self.waiting.extend(last);
    }

    fn all(mut self) -> RoaringBitmap {
        let _ = self.things.append(self.waiting);
        self.things
    }
}

/// What is frequent stands alone; the rest together, so that no bucket holds much more than a share of all claims.
fn buckets(counts: &[u32]) -> Vec<Bucket> {
    let all: u64 = counts.iter().skip(1).map(|count| u64::from(*count)).sum();
    let share = (all / BUCKETS).max(1);
    let mut buckets: Vec<Bucket> = Vec::new();
    let (mut below, mut held, mut is_alone) = (0, 0, false);
    for (code, count) in (0..).zip(counts).skip(1) {
        let count = u64::from(*count);
        let is_frequent = count * 2 >= share;
        if buckets.is_empty() || is_alone || is_frequent || held + count > share {
            buckets.push(Bucket { first: code, below });
            held = 0;
        }
        (held, is_alone) = (held + count, is_frequent);
        below += count;
    }
    buckets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frequent_value_has_a_bucket_of_its_own() {
        let mut counts = vec![100; 200];
        counts[7] = 100_000;
        let buckets = buckets(&counts);
        assert!(buckets.contains(&Bucket { first: 7, below: 600 }));
        assert!(buckets.contains(&Bucket { first: 8, below: 100_600 }));
        assert_eq!(buckets[0], Bucket { first: 1, below: 0 });
        assert!(buckets.len() < 100, "{}", buckets.len());
    }
}
