//! Reading without a lock: what `HEAD` names, and again if it has been replaced meanwhile.

use super::chain::{Chain, Entry, Scan, scan};
use super::head::{HEADER, Head};
use super::log::{Log, with_log};
use super::view::View;
use super::{Loaded, News, Position, files, lock, tail};
use crate::error::{Error, ErrorKind, Result};
use crate::model::change::Commit;
use crate::model::view::Kept;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How often to read again what seems damaged while somebody is writing.
const ATTEMPTS: u32 = 8;

/// What a reader starts from; where there is no view that can be read, the log is replayed.
pub fn load(directory: &Path) -> Result<Loaded> {
    match steadily(directory, || from_view(directory)) {
        Ok(Some(loaded)) => Ok(loaded),
        Ok(None) => replayed(directory, None),
        Err(error) if is_damage(&error) => {
            replayed(directory, Some(&error.report().message)).map_err(|_| error)
        }
        Err(error) => Err(error),
    }
}

/// What a reader starts from if the view is left alone: because there is none, or because it is damaged.
pub fn replayed(directory: &Path, fault: Option<&str>) -> Result<Loaded> {
    let (tail, position) = replay(directory)?;
    let notice = fault.map(|fault| format!("{fault}; the log was read instead"));
    Ok(Loaded { view: None, tail, position, notice })
}

/// All commits.
pub fn history(directory: &Path) -> Result<Vec<Commit>> {
    replay(directory).map(|(commits, _)| commits)
}

/// Where the store of this `HEAD` ends; for who holds its lock, so that nothing changes meanwhile.
pub fn position(directory: &Path, head: &Head) -> Result<Position> {
    Ok(read_tail(directory, head, lock::noted(directory))?.position(head.generation))
}

/// `None` if there is no view of what is in the log.
fn from_view(directory: &Path) -> Result<Option<Loaded>> {
    let noted = lock::noted(directory);
    let head = Head::read(directory)?;
    if head.lacks_view() {
        return Ok(None);
    }
    // The tail before the view: a checkpoint that begins meanwhile removes the tail first.
    let scan = read_tail(directory, &head, noted)?;
    let view: Option<Arc<dyn Kept>> = match head.view_length {
        0 => None,
        _ => Some(Arc::new(View::open(directory, &head)?)),
    };
    let position = scan.position(head.generation);
    Ok(Some(Loaded { view, tail: commits(directory, scan.entries)?, position, notice: None }))
}

fn replay(directory: &Path) -> Result<(Vec<Commit>, Position)> {
    steadily(directory, || {
        let noted = lock::noted(directory);
        let head = Head::read(directory)?;
        let scan = read_tail(directory, &head, noted)?;
        let position = scan.position(head.generation);
        if head.chain == Chain::START {
            return Ok((commits(directory, scan.entries)?, position));
        }
        let all = with_log(directory, |log| {
            let mut entries = log.entries(&head)?;
            entries.extend(scan.entries);
            resolve(log, entries)
        })?;
        Ok((all, position))
    })
}

fn read_tail(directory: &Path, head: &Head, noted: Option<Chain>) -> Result<Scan> {
    let bytes = tail::read(directory, head)?;
    let path = files::tail(directory, head.generation);
    let scan = scan(&bytes[HEADER..], HEADER as u64, head.chain)
        .map_err(|fault| files::damaged(&path, fault.offset, fault.reason))?;
    lock::expect(noted, &scan.chain, &path, scan.end)?;
    Ok(scan)
}

impl Scan {
    fn position(&self, generation: u64) -> Position {
        let Chain { commit, digest } = self.chain;
        Position { generation, commit, offset: self.end, digest, last: self.last, refers: self.refers() }
    }
}

/// What has come since a position. Whatever does not fit to it says `Reload`: loading then tells
/// damage from a tail that was cut back.
pub fn news(directory: &Path, position: &Position) -> Result<News> {
    let path = files::tail(directory, position.generation);
    match fs::metadata(&path) {
        Ok(metadata) if metadata.len() == position.offset => return Ok(News::None),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(News::Reload),
        Err(error) => return Err(files::io(&path)(error)),
    }
    let Some(bytes) = read_from(&path, position.offset)? else { return Ok(News::Reload) };
    let chain = Chain { commit: position.commit, digest: position.digest };
    let Ok(scan) = scan(&bytes, position.offset, chain) else { return Ok(News::Reload) };
    if scan.entries.is_empty() {
        return Ok(News::None);
    }
    let refers = position.refers || scan.refers();
    let position = Position { refers, ..scan.position(position.generation) };
    Ok(News::Commits(commits(directory, scan.entries)?, position))
}

/// The file from an offset on; `None` if it is missing, or shorter.
fn read_from(path: &Path, offset: u64) -> Result<Option<Vec<u8>>> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(files::io(path))?,
    };
    let mut bytes = Vec::new();
    let read = file.metadata().and_then(|metadata| {
        if metadata.len() < offset {
            return Ok(false);
        }
        file.seek(SeekFrom::Start(offset))?;
        file.read_to_end(&mut bytes)?;
        Ok(true)
    });
    Ok(read.map_err(files::io(path))?.then_some(bytes))
}

/// The commits that entries are or stand for; opens sled only if one is a reference.
fn commits(directory: &Path, entries: Vec<Entry>) -> Result<Vec<Commit>> {
    if entries.iter().any(|entry| matches!(entry, Entry::Reference(_))) {
        return with_log(directory, |log| resolve(log, entries));
    }
    let commit = |entry| match entry {
        Entry::Commit(commit) => Some(commit),
        Entry::Reference(_) => None,
    };
    Ok(entries.into_iter().filter_map(commit).collect())
}

pub fn resolve(log: &Log, entries: Vec<Entry>) -> Result<Vec<Commit>> {
    let commit = |entry| match entry {
        Entry::Commit(commit) => Ok(commit),
        Entry::Reference(reference) => log.large_commit(&reference),
    };
    entries.into_iter().map(commit).collect()
}

/// Reads, and again where damage may be no more than somebody writing meanwhile: a file that a
/// checkpoint has dropped, or bytes from before and after a torn record was replaced.
///
/// What is read while the lock is free is as it seems.
fn steadily<T>(directory: &Path, read: impl Fn() -> Result<T>) -> Result<T> {
    let mut last = match read() {
        Err(error) if is_damage(&error) => error,
        done => return done,
    };
    for attempt in 0..ATTEMPTS {
        let file = File::open(directory.join(files::LOCK));
        let calm = match &file {
            Ok(file) => file.try_lock_shared().is_ok(),
            // Nobody can be writing without it.
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        last = match read() {
            Err(error) if is_damage(&error) => error,
            done => return done,
        };
        if calm {
            break;
        }
        drop(file);
        std::thread::sleep(Duration::from_millis(1 << attempt));
    }
    Err(last)
}

fn is_damage(error: &Error) -> bool {
    error.kind() == ErrorKind::Damaged
}
