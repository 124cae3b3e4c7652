//! An older store, before it is written to: brought to the format that this program writes, so that an
//! older program refuses it by name instead of taking new records for damage.

use super::checkpoint::drop_generation;
use super::head::{HEADER, Head, TAIL_MAGIC, VIEW_MAGIC};
use super::record::FORMAT;
use super::{Position, files, tail};
use crate::error::Result;
use std::path::Path;

/// Where the store ends afterwards; nothing is written if its format is the present one. The store's lock is
/// held by the caller. A crash before the new `HEAD` is in place leaves the old store.
///
/// What formats 1 and 2 wrote reads the same in format 3, so that only headers change: tail and view are copied to the
/// next generation, and the log stays as it is.
pub fn upgrade(directory: &Path, end: Position) -> Result<Position> {
    let old = Head::read(directory)?;
    if old.format == FORMAT {
        return Ok(end);
    }
    let new = Head { format: FORMAT, generation: old.generation + 1, ..old };
    let with_header =
        |magic: &[u8; 8], bytes: &[u8]| [new.header(magic).as_slice(), &bytes[HEADER..]].concat();
    let tail = tail::read(directory, &old)?;
    files::write(&files::tail(directory, new.generation), &with_header(TAIL_MAGIC, &tail))?;
    // A view that is lost or damaged stays so; whoever reads it falls back on the log.
    if let Some(view) =
        files::read(&files::view(directory, old.generation))?.filter(|view| view.len() >= HEADER)
    {
        files::write(&files::view(directory, new.generation), &with_header(VIEW_MAGIC, &view))?;
    }
    files::sync_directory(directory)?;
    new.write(directory)?;
    let _ = drop_generation(directory, old.generation);
    Ok(Position { generation: new.generation, ..end })
}
