//! An older store, before it is written to: brought to the format that this program writes, so that an
//! older program refuses it by name instead of taking new records for damage.

use super::checkpoint::drop_generation;
use super::head::{HEADER, Head, TAIL_MAGIC};
use super::record::FORMAT;
use super::{Position, files, tail};
use crate::error::Result;
use std::path::Path;

/// What `HEAD` says and where the store ends afterwards; nothing is written if its format is the present one. The store's
/// lock is held by the caller. A crash before the new `HEAD` is in place leaves the old store.
///
/// The commits of formats 1 and 2 read the same in format 3, so that of the tail only the header changes, and the log
/// stays as it is. An old view does not count any more: a checkpoint is due.
pub fn upgrade(directory: &Path, old: Head, end: Position) -> Result<(Head, Position)> {
    if old.format == FORMAT {
        return Ok((old, end));
    }
    let new = Head { format: FORMAT, generation: old.generation + 1, view_length: 0, ..old };
    let tail = tail::read(directory, &old)?;
    let bytes = [&new.header(TAIL_MAGIC), &tail[HEADER..]].concat();
    files::write(&files::tail(directory, new.generation), &bytes)?;
    files::sync_directory(directory)?;
    new.write(directory)?;
    let _ = drop_generation(directory, old.generation);
    Ok((new, Position { generation: new.generation, ..end }))
}
