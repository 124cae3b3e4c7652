//! Checkpoints: what the tail holds goes to the log, and a new view takes the place of the old one.

use super::chain::{Entry, MAX_PAYLOAD, outline, scan};
use super::files;
use super::head::{HEADER, Head};
use super::log::with_log;
use super::{tail, view};
use crate::error::{Error, ErrorKind, Result};
use crate::model::change::Image;
use std::path::Path;

/// A tail of more bytes is due for a checkpoint,
const DUE_BYTES: u64 = 4 * MAX_PAYLOAD as u64;
/// and so is one of as many commits.
const DUE_COMMITS: u32 = 4096;

/// Whether the tail is long, or holds a reference, so that every reader would have to open sled.
pub fn is_due(directory: &Path) -> Result<bool> {
    let head = Head::read(directory)?;
    let bytes = tail::read(directory, &head)?;
    let outline = outline(&bytes[HEADER..]);
    Ok(bytes.len() as u64 > DUE_BYTES || outline.frames >= DUE_COMMITS || outline.has_reference)
}

/// Where a checkpoint stands: a crash may come after each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// The log has the tail's commits; `HEAD` does not say so yet.
    Logged,
    /// The new view is written.
    Viewed,
    /// The new tail is written: all is there but `HEAD`.
    Prepared,
    /// The new `HEAD` counts; the old files are still there.
    Switched,
}

/// Makes a checkpoint, calling `reached` between its steps; an error of `reached` ends it there, as a
/// crash would. The store's lock is held by the caller. Gives the `HEAD` that counts afterwards.
pub fn run(directory: &Path, image: &Image, reached: &mut dyn FnMut(Step) -> Result<()>) -> Result<Head> {
    let old = Head::read(directory)?;
    let bytes = tail::read(directory, &old)?;
    let tail_path = files::tail(directory, old.generation);
    let scan = scan(&bytes[HEADER..], HEADER as u64, old.chain)
        .map_err(|fault| files::damaged(&tail_path, fault.offset, fault.reason))?;
    expect_image_of(scan.chain.commit, image)?;
    if scan.entries.is_empty() && old.view_length > 0 {
        return Ok(old);
    }
    let frames = &bytes[HEADER..scan.end as usize];
    with_log(directory, |log| log.extend(&old, frames, &references(&scan.entries)))?;
    reached(Step::Logged)?;

    let mut new = Head { generation: old.generation + 1, chain: scan.chain, view_length: 0 };
    let view = view::encode(&new, image)?;
    new.view_length = view.len() as u64;
    files::write(&files::view(directory, new.generation), &view)?;
    reached(Step::Viewed)?;
    tail::create(directory, &new)?;
    files::sync_directory(directory)?;
    reached(Step::Prepared)?;
    new.write(directory)?;
    reached(Step::Switched)?;
    // The checkpoint is made, whatever becomes of the old files: the next append tries again.
    let _ = drop_generation(directory, old.generation);
    Ok(new)
}

/// Removes a tail and a view that no longer count.
pub fn drop_generation(directory: &Path, generation: u64) -> Result<()> {
    files::remove(&files::tail(directory, generation))?;
    files::remove(&files::view(directory, generation))
}

fn references(entries: &[Entry]) -> Vec<u32> {
    let number = |entry: &Entry| match entry {
        Entry::Reference(reference) => Some(reference.line.number),
        Entry::Commit(_) => None,
    };
    entries.iter().filter_map(number).collect()
}

fn expect_image_of(commit: u32, image: &Image) -> Result<()> {
    let last = image.commits.last().map_or(0, |line| line.number);
    if last == commit && commit > 0 {
        return Ok(());
    }
    let message = format!("the store is at commit {commit}, the image for a checkpoint at {last}");
    Err(Error::new(ErrorKind::Meaning, message))
}
