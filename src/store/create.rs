//! Finding a store, and making one where there is none.

use super::chain::Chain;
use super::files;
use super::head::{HEADER, Head, foreign};
use super::{Position, lock, tail, write};
use crate::error::{Error, Result};
use crate::model::change::Commit;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

/// What a directory is.
enum Place {
    /// Missing, empty, or left by somebody who was interrupted while making a store in it.
    Free,
    /// It has a `HEAD`.
    Store,
    /// It has files of a store, but no `HEAD`.
    Headless,
    /// It has other files.
    Foreign,
}

/// Whether a store may be made here.
pub fn is_absent(directory: &Path) -> bool {
    matches!(survey(directory), Ok(Place::Free))
}

/// Makes sure that there is a store; if there was none, one that is empty or has this first commit.
pub fn find_or_make(directory: &Path, first: Option<&Commit>) -> Result<()> {
    if !matches!(survey(directory)?, Place::Store) {
        refuse_taken(directory)?;
        make(directory, first)?;
    }
    Head::read(directory).map(|_| ())
}

/// Under the lock, as somebody else may be making the same store: whoever comes second finds it made.
fn make(directory: &Path, first: Option<&Commit>) -> Result<()> {
    fs::create_dir_all(directory).map_err(files::io(directory))?;
    let lock = lock::take(directory)?;
    if matches!(survey(directory)?, Place::Store) {
        return Ok(());
    }
    refuse_taken(directory)?;
    let head = Head::FIRST.prepare(directory)?;
    tail::create(directory, &Head::FIRST)?;
    files::sync_directory(directory)?;
    if let Some(commit) = first {
        let Position { commit, digest, .. } = write::append_at(directory, &Position::START, commit)?;
        lock::note(&lock, &Chain { commit, digest });
    }
    head.put_in_place()?;
    match directory.canonicalize().ok().as_deref().and_then(Path::parent) {
        // The directory's own name should last as well; who may not open its parent does without.
        Some(parent) => files::sync_directory(parent).or(Ok(())),
        None => Ok(()),
    }
}

fn refuse_taken(directory: &Path) -> Result<()> {
    match survey(directory)? {
        Place::Free | Place::Store => Ok(()),
        Place::Headless => Err(headless(directory)),
        Place::Foreign => Err(foreign(directory)),
    }
}

fn headless(directory: &Path) -> Error {
    files::beyond_repair(format!("`{}` is missing", directory.join(files::HEAD).display()))
}

fn survey(directory: &Path) -> Result<Place> {
    if directory.join(files::HEAD).is_file() {
        return Ok(Place::Store);
    }
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Place::Free),
        entries => entries.map_err(files::io(directory))?,
    };
    let names = entries.map(|entry| entry.map(|entry| entry.file_name())).collect::<io::Result<Vec<_>>>();
    let names = names.map_err(files::io(directory))?;
    Ok(if names.iter().any(|name| name == files::HEAD) {
        Place::Store
    } else if names.iter().all(|name| is_rest_of_making(directory, name)) {
        Place::Free
    } else if names.iter().any(is_ours) {
        Place::Headless
    } else {
        Place::Foreign
    })
}

/// Files that are there before the first `HEAD` is. A commit is among them only while the first `HEAD` waits
/// to be put in its place: otherwise a `HEAD` was lost.
fn is_rest_of_making(directory: &Path, name: &OsString) -> bool {
    if name == files::LOCK || name == files::NEW_HEAD || Head::FIRST.is_prepared(directory) {
        return is_ours(name);
    }
    let first_tail = files::tail(directory, Head::FIRST.generation);
    Some(name.as_os_str()) == first_tail.file_name()
        && fs::metadata(&first_tail).is_ok_and(|metadata| metadata.len() <= HEADER as u64)
}

fn is_ours(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    [files::NEW_HEAD, files::LOCK, files::LOG, files::LOG_LOCK, files::LOG_SUMS].contains(&&*name)
        || name == format!("{}.new", files::LOG_SUMS)
        || name.starts_with("tail.")
        || name.starts_with("view.")
}
