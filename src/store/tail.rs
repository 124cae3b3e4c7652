//! The tail: an append-only file of the commits since the last checkpoint.

use super::Position;
use super::chain::{self, PREFIX};
use super::files;
use super::head::{HEADER, Head, TAIL_MAGIC};
use crate::error::{Error, Result};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

/// Makes the empty tail of this `HEAD`; it counts once `HEAD` is written.
pub fn create(directory: &Path, head: &Head) -> Result<()> {
    files::write(&files::tail(directory, head.generation), &head.header(TAIL_MAGIC))
}

/// The tail's bytes, its header checked.
pub fn read(directory: &Path, head: &Head) -> Result<Vec<u8>> {
    let path = files::tail(directory, head.generation);
    let bytes = files::read(&path)?
        .ok_or_else(|| files::beyond_repair(format!("`{}` is missing", path.display())))?;
    if bytes.get(..HEADER) != Some(&head.header(TAIL_MAGIC)) {
        return Err(files::damaged(&path, 0, "its header does not belong to `HEAD`"));
    }
    Ok(bytes)
}

/// Whether the last frame before a position is the one that was read there. Each frame's digest is of all before it, so
/// that none of them need be looked at.
pub fn leads_to(directory: &Path, position: &Position) -> Result<bool> {
    let path = files::tail(directory, position.generation);
    let Some(length) = position.offset.checked_sub(position.last) else { return Ok(false) };
    let mut start = [0; PREFIX];
    match File::open(&path).and_then(|file| files::read_at(&file, &mut start, position.last)) {
        Ok(()) => Ok(chain::leads_to(&start, length, &position.digest)),
        Err(error) if [io::ErrorKind::UnexpectedEof, io::ErrorKind::NotFound].contains(&error.kind()) => {
            Ok(false)
        }
        Err(error) => Err(files::io(&path)(error)),
    }
}

/// Writes `frame` at `end`, in the place of what a crash may have left there. It would survive a power
/// cut once this returns; on an error the tail is as long as it was.
pub fn append(path: &Path, end: u64, frame: &[u8]) -> Result<()> {
    put(path, end, |file| {
        file.write_all(frame)?;
        file.sync_data()
    })
}

fn put(path: &Path, end: u64, write: impl FnOnce(&mut File) -> io::Result<()>) -> Result<()> {
    let mut file = OpenOptions::new().write(true).open(path).map_err(files::io(path))?;
    let length = file.metadata().map_err(files::io(path))?.len();
    if length < end {
        return Err(files::damaged(path, length, "it has become shorter while it was read"));
    }
    if length > end {
        file.set_len(end).map_err(files::io(path))?;
    }
    file.seek(SeekFrom::Start(end)).map_err(files::io(path))?;
    write(&mut file).map_err(|error| take_back(&file, path, end, error))
}

fn take_back(file: &File, path: &Path, end: u64, error: io::Error) -> Error {
    let error = files::io(path)(error);
    match file.set_len(end).and_then(|()| file.sync_data()) {
        Ok(()) => error.note("nothing of the commit has been stored"),
        Err(second) => error.note(format!("nor could the file be cut back: {second}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_append_leaves_the_tail_as_it_was() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tail");
        std::fs::write(&path, b"before and torn").unwrap();
        let full = |file: &mut File| {
            file.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        };
        let error = put(&path, 6, full).unwrap_err();
        assert!(error.to_string().contains("nothing of the commit"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), b"before");
    }
}
