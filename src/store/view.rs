//! Views: a model's [`Image`] as one immutable file of blocks, each with its checksum.

use super::files;
use super::head::{HEADER, Head, VIEW_MAGIC};
use super::record::{self, Unfit, v1};
use crate::error::{Error, ErrorKind, Result};
use crate::model::change::Image;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Sort, length and CRC, before a block's bytes.
const PREFIX: usize = 16;
/// As many commits, operations or claims make one block.
const PER_BLOCK: usize = 16_384;

const COMMITS: u32 = 1;
const OPERATIONS: u32 = 2;
const CLAIMS: u32 = 3;
const BATCH: u32 = 4;
/// Since version 3.
const MANY_BATCH: u32 = 5;

/// The view's bytes; `head` is the one that it will belong to, but for `view_length`.
pub fn encode(head: &Head, image: &Image) -> Result<Vec<u8>> {
    let mut bytes = head.header(VIEW_MAGIC).to_vec();
    push_all::<_, v1::CommitLine>(&mut bytes, COMMITS, &image.commits)?;
    push_all::<_, v1::Operation>(&mut bytes, OPERATIONS, &image.operations)?;
    push_all::<_, v1::Claim>(&mut bytes, CLAIMS, &image.claims)?;
    for batch in &image.batches {
        match batch.batch.is_plain() {
            true => push(&mut bytes, BATCH, &v1::ImageBatch::from(batch))?,
            false => push(&mut bytes, MANY_BATCH, &v1::ManyImageBatch::from(batch))?,
        }
    }
    Ok(bytes)
}

fn push_all<'a, T, R>(bytes: &mut Vec<u8>, sort: u32, items: &'a [T]) -> Result<()>
where
    R: From<&'a T> + Serialize,
{
    for items in items.chunks(PER_BLOCK) {
        push(bytes, sort, &items.iter().map(R::from).collect::<Vec<R>>())?;
    }
    Ok(())
}

fn push(bytes: &mut Vec<u8>, sort: u32, record: &impl Serialize) -> Result<()> {
    let record = record::encode(record)
        .map_err(|Unfit(reason)| Error::new(ErrorKind::Limit, format!("a view would need {reason}")))?;
    let start = bytes.len();
    bytes.extend(sort.to_le_bytes());
    bytes.extend((record.len() as u64).to_le_bytes());
    let mut crc = crc32fast::Hasher::new();
    crc.update(&bytes[start..]);
    crc.update(&record);
    bytes.extend(crc.finalize().to_le_bytes());
    bytes.extend(record);
    Ok(())
}

/// Reads the view of this `HEAD` and checks all of it.
pub fn read(directory: &Path, head: &Head) -> Result<Image> {
    let path = files::view(directory, head.generation);
    let bytes = files::read(&path)?
        .ok_or_else(|| files::beyond_repair(format!("`{}` is missing", path.display())))?;
    let damaged = |(offset, reason): (usize, &str)| files::damaged(&path, offset as u64, reason);
    if bytes.len() as u64 != head.view_length {
        return Err(damaged((bytes.len(), "it has not the length that `HEAD` states")));
    }
    decode(head, &bytes).map_err(damaged)
}

fn decode<'a>(head: &Head, bytes: &'a [u8]) -> Result<Image, (usize, &'a str)> {
    if bytes.get(..HEADER) != Some(&head.header(VIEW_MAGIC)) {
        return Err((0, "its header does not belong to `HEAD`"));
    }
    let mut image = Image::default();
    let mut at = HEADER;
    while at < bytes.len() {
        let (sort, block) = block(&bytes[at..]).ok_or((at, "the checksum of a block is wrong"))?;
        take(&mut image, sort, block).map_err(|Unfit(reason)| (at, reason))?;
        at += PREFIX + block.len();
    }
    match image.commits.last() {
        Some(last) if last.number == head.chain.commit => Ok(image),
        _ => Err((HEADER, "its commits are not those that `HEAD` names")),
    }
}

/// The sort and the bytes of the first block, if its checksum is right.
fn block(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (sort, rest) = bytes.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<8>()?;
    let (crc, rest) = rest.split_first_chunk::<4>()?;
    let record = rest.get(..usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&bytes[..12]);
    hasher.update(record);
    (hasher.finalize() == u32::from_le_bytes(*crc)).then_some((u32::from_le_bytes(*sort), record))
}

fn take(image: &mut Image, sort: u32, block: &[u8]) -> Result<(), Unfit> {
    match sort {
        COMMITS => {
            let commits: Vec<v1::CommitLine> = record::decode(block)?;
            image.commits.extend(commits.into_iter().map(Into::<_>::into));
        }
        OPERATIONS => take_all::<v1::Operation, _>(block, &mut image.operations)?,
        CLAIMS => take_all::<v1::Claim, _>(block, &mut image.claims)?,
        BATCH => image.batches.push(record::decode::<v1::ImageBatch>(block)?.try_into()?),
        MANY_BATCH => image.batches.push(record::decode::<v1::ManyImageBatch>(block)?.try_into()?),
        _ => return Err(Unfit("a block of an unknown sort")),
    }
    Ok(())
}

fn take_all<'a, R, T>(block: &'a [u8], items: &mut Vec<T>) -> Result<(), Unfit>
where
    R: Deserialize<'a>,
    T: TryFrom<R, Error = Unfit>,
{
    let records: Vec<R> = record::decode(block)?;
    items.reserve(records.len());
    for record in records {
        items.push(record.try_into()?);
    }
    Ok(())
}
