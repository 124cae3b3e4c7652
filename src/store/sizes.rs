//! How long sled's files were when it was last closed: sled panics on, or quietly opens, files that have
//! been cut since.
//!
//! `log.sizes` is there only while sled is closed. If a crash leaves none, sled's own recovery decides.

use super::files;
use crate::error::Result;
use std::fmt::Write;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Compares the files with what was noted, if anything was.
pub fn check(directory: &Path) -> Result<()> {
    let noted = directory.join(files::LOG_SIZES);
    match files::read(&noted)? {
        Some(noted) if noted != listing(directory)? => Err(files::damaged(
            &directory.join(files::LOG),
            0,
            "its files, or `log.sizes`, have been changed by something else than Casebook",
        )),
        _ => Ok(()),
    }
}

/// Before sled opens: what it does to its files then contradicts no note, even after a crash.
pub fn forget(directory: &Path) -> Result<()> {
    files::remove(&directory.join(files::LOG_SIZES))?;
    files::sync_directory(directory)
}

/// After sled has been closed and its files synced.
pub fn note(directory: &Path) -> Result<()> {
    files::replace(directory, files::LOG_SIZES, &listing(directory)?)
}

/// Makes all that sled wrote last: its own flush does not reach the medium.
pub fn sync(path: &Path) -> Result<()> {
    for (file, _) in walk(path)? {
        let handle = OpenOptions::new().read(true).write(true).open(&file).map_err(files::io(&file))?;
        handle.sync_data().map_err(files::io(&file))?;
    }
    for directory in [path, &path.join("blobs")] {
        if directory.is_dir() {
            files::sync_directory(directory)?;
        }
    }
    Ok(())
}

/// A line of length and name for each file, sorted by name.
fn listing(directory: &Path) -> Result<Vec<u8>> {
    let path = directory.join(files::LOG);
    let mut lines = String::new();
    for (file, length) in walk(&path)? {
        let name = file.strip_prefix(&path).unwrap_or(&file);
        writeln!(lines, "{length} {}", name.display()).expect("a string takes all that is written to it");
    }
    Ok(lines.into_bytes())
}

/// All files below a directory that may be missing, with their lengths.
fn walk(path: &Path) -> Result<Vec<(PathBuf, u64)>> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(files::io(path))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(files::io(path))?;
        let metadata = entry.metadata().map_err(files::io(&entry.path()))?;
        if metadata.is_dir() {
            found.extend(walk(&entry.path())?);
        } else {
            found.push((entry.path(), metadata.len()));
        }
    }
    found.sort();
    Ok(found)
}
