//! Length and checksum of sled's files when it was last closed. sled takes a changed byte for the end of
//! its log, drops what follows without a word, and writes over it; on cut files it panics. So it is not
//! let near files that something else has changed.
//!
//! `log.sums` is there only while sled is closed. If a crash leaves none, sled's own recovery decides,
//! and the digests of the records after it.

use super::files;
use crate::error::Result;
use std::fmt::Write;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Compares the files with what was noted, if anything was.
pub fn check(directory: &Path) -> Result<()> {
    let Some(noted) = files::read(&directory.join(files::LOG_SUMS))? else { return Ok(()) };
    let found = listing(directory)?;
    if noted == found.as_bytes() {
        return Ok(());
    }
    let noted = String::from_utf8_lossy(&noted);
    let changed = noted.lines().find(|line| !found.lines().any(|other| other == *line));
    let name = changed.and_then(|line| line.splitn(3, ' ').nth(2)).unwrap_or_default();
    let path = directory.join(files::LOG).join(name);
    Err(files::beyond_repair(format!("`{}` is damaged: it is not as `log.sums` states", path.display())))
}

/// Before sled opens: what it does to its files then contradicts no note, even after a crash.
pub fn forget(directory: &Path) -> Result<()> {
    files::remove(&directory.join(files::LOG_SUMS))?;
    files::sync_directory(directory)
}

/// After sled has been closed and its files synced.
pub fn note(directory: &Path) -> Result<()> {
    files::replace(directory, files::LOG_SUMS, listing(directory)?.as_bytes())
}

/// Makes all that sled wrote last: its own flush does not reach the medium.
pub fn sync(path: &Path) -> Result<()> {
    for file in walk(path)? {
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

/// A line of length, CRC and name for each file, sorted by name.
fn listing(directory: &Path) -> Result<String> {
    let path = directory.join(files::LOG);
    let mut lines = String::new();
    for file in walk(&path)? {
        let (length, crc) = sum(&file).map_err(files::io(&file))?;
        let name = file.strip_prefix(&path).unwrap_or(&file).display();
        writeln!(lines, "{length} {crc:08x} {name}").expect("a string takes all that is written to it");
    }
    Ok(lines)
}

/// Length and CRC-32 of a file, a part at a time.
fn sum(path: &Path) -> io::Result<(u64, u32)> {
    let mut file = File::open(path)?;
    let mut hasher = crc32fast::Hasher::new();
    let mut part = vec![0; 256 * 1024];
    let mut length = 0;
    loop {
        let read = file.read(&mut part)?;
        if read == 0 {
            return Ok((length, hasher.finalize()));
        }
        hasher.update(&part[..read]);
        length += read as u64;
    }
}

/// All files below a directory that may be missing, sorted.
fn walk(path: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(files::io(path))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(files::io(path))?.path();
        if path.is_dir() { found.extend(walk(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}
