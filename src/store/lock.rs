//! The file `lock`: whoever commits holds it, and notes in it what was acknowledged last. By that note a tail is found
//! out that was cut short, or put back, after it had been acknowledged; its own bytes cannot tell.

use super::chain::Chain;
use super::files;
use crate::error::Result;
use std::cmp::Ordering;
use std::fs::File;
use std::path::Path;

/// Commit, digest and CRC.
const NOTE: usize = 40;

/// Opens the file, making it where it is missing, and waits until nobody else holds it.
pub fn take(directory: &Path) -> Result<File> {
    let lock = files::lock_file(directory, files::LOCK)?;
    lock.lock().map_err(files::io(&directory.join(files::LOCK)))?;
    Ok(lock)
}

/// Notes what has been acknowledged.
///
/// Nothing waits until the note lasts, and an error is none: after a power cut it may be an older one than the tail's, or
/// none, which claims less.
pub fn note(lock: &File, acknowledged: &Chain) {
    let mut note = Vec::with_capacity(NOTE);
    note.extend(acknowledged.commit.to_le_bytes());
    note.extend(acknowledged.digest);
    note.extend(crc32fast::hash(&note).to_le_bytes());
    let _ = files::write_at(lock, &note, 0);
}

/// What was noted last; `None` if nothing was, or it cannot be read: not everywhere may a file be read that another
/// program holds.
///
/// To be read before `HEAD` and tail: what has been noted by then is in them.
pub fn noted(directory: &Path) -> Option<Chain> {
    let file = File::open(directory.join(files::LOCK)).ok()?;
    let mut note = [0; NOTE];
    files::read_at(&file, &mut note, 0).ok()?;
    parse(&note)
}

fn parse(note: &[u8; NOTE]) -> Option<Chain> {
    let (noted, crc) = note.split_last_chunk::<4>()?;
    let (commit, digest) = noted.split_first_chunk::<4>()?;
    let chain = Chain { commit: u32::from_le_bytes(*commit), digest: digest.try_into().ok()? };
    (u32::from_le_bytes(*crc) == crc32fast::hash(noted)).then_some(chain)
}

/// Fails with damage if a tail ends, at this byte, before what was noted, or otherwise.
pub fn expect(noted: Option<Chain>, found: &Chain, tail: &Path, end: u64) -> Result<()> {
    let Some(noted) = noted else { return Ok(()) };
    let reason = match noted.commit.cmp(&found.commit) {
        Ordering::Greater => {
            format!("commit {} was acknowledged, but only {} are there", noted.commit, found.commit)
        }
        Ordering::Equal if noted.digest != found.digest => {
            format!("another commit {} was acknowledged than the one that is there", noted.commit)
        }
        _ => return Ok(()),
    };
    Err(files::damaged(tail, end, &reason)
        .note("if you put older files back on purpose, remove the file `lock` beside them"))
}
