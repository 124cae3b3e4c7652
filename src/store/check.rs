//! What is wrong with a store, if anything: every file that counts is read to its last byte.

use super::chain::Chain;
use super::head::Head;
use super::log::with_log;
use super::view::View;
use super::{create, lock, read};
use crate::error::{Error, ErrorKind, Result};
use crate::model::change::CommitLine;
use crate::model::view::Parts;
use std::fmt;
use std::path::Path;

/// What the files of a store are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// What is wrong; nothing if every file is as it was written.
    pub faults: Vec<Fault>,
    /// How many commits there are, as far as `HEAD` and tail can be read.
    pub commits: u32,
    /// The digest of all of them: two stores that have the same one have the same history.
    pub digest: [u8; 32],
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Of which part of the store.
    pub part: Part,
    /// File, place and reason.
    pub message: String,
}

/// A part of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Says which files count.
    Head,
    /// The commits since the last checkpoint.
    Tail,
    /// The commits up to the last checkpoint.
    Log,
    /// A snapshot, which is made anew from the log.
    View,
}

impl Part {
    /// Whether knowledge may be lost with it.
    pub fn matters(self) -> bool {
        self != Part::View
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Head => "HEAD",
            Part::Tail => "tail",
            Part::Log => "log",
            Part::View => "view",
        })
    }
}

impl Health {
    fn fault(&mut self, part: Part, message: String) {
        self.faults.push(Fault { part, message });
    }

    /// Takes what could be read; damage becomes a fault, and any other error ends the check.
    fn take<T>(&mut self, part: Part, read: Result<T>) -> Result<Option<T>> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(error) if error.kind() == ErrorKind::Damaged => {
                self.fault(part, error.report().message.clone());
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Reads all of a store, under its lock: nobody commits meanwhile.
pub fn check(directory: &Path) -> Result<Health> {
    if create::is_absent(directory) {
        let message = format!("there is no store in `{}`", directory.display());
        return Err(Error::new(ErrorKind::Io, message));
    }
    let mut health = Health::default();
    // Before there is a lock: no file is made in a folder that is somebody else's.
    if health.take(Part::Head, Head::read(directory))?.is_none() {
        return Ok(health);
    }
    let _lock = lock::take(directory)?;
    let Some(head) = health.take(Part::Head, Head::read(directory))? else { return Ok(health) };
    (health.commits, health.digest) = (head.chain.commit, head.chain.digest);
    if let Some(tail) = health.take(Part::Tail, read::position(directory, &head))? {
        (health.commits, health.digest) = (tail.commit, tail.digest);
    }
    let logged = logged(directory, &head);
    let logged = health.take(Part::Log, logged)?;
    if head.view_length > 0
        && let Some(view) = health.take(Part::View, View::open(directory, &head))?
    {
        for fault in view.faults() {
            health.fault(Part::View, fault);
        }
        if let Some(logged) = logged.filter(|_| health.faults.is_empty()) {
            health.take(Part::View, same_commits(&view, &logged))?;
        }
    }
    Ok(health)
}

/// The lines of all commits in the log, with every payload looked at.
fn logged(directory: &Path, head: &Head) -> Result<Vec<CommitLine>> {
    if head.chain == Chain::START {
        return Ok(Vec::new());
    }
    with_log(directory, |log| {
        let commits = read::resolve(log, log.entries(head)?)?;
        Ok(commits.iter().map(|commit| commit.line()).collect())
    })
}

/// Whether a view is of the commits in the log.
fn same_commits(view: &View, logged: &[CommitLine]) -> Result<()> {
    match view.commits().iter().map(|line| &**line).eq(logged) {
        true => Ok(()),
        false => Err(Error::damaged("the view is of other commits than the log has")),
    }
}
