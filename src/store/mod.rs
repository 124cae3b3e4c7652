//! The store on disk: a log of commits, and a view that saves replaying it. sled is named in `log` alone,
//! bincode in `record` alone; `docs/format.md` describes the bytes.
//!
//! Readers take no lock and never see half a commit. What [`Writer::append`] has acknowledged survives a
//! power cut.

mod chain;
mod check;
mod checkpoint;
mod create;
mod files;
mod head;
mod lock;
mod log;
mod quiet;
mod read;
mod record;
mod sums;
mod tail;
mod upgrade;
mod view;
mod write;

use crate::error::Result;
use crate::model::change::Commit;
use crate::model::view::{Kept, Parts};
use chain::Chain;
pub use check::{Fault, Health, Part};
use head::{HEADER, Head};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A store's directory.
///
/// ```
/// use casebook::model::change::Commit;
/// use casebook::store::{News, Store};
/// # fn main() -> casebook::Result<()> {
/// # let place = tempfile::tempdir().unwrap();
/// let store = Store::open(&place.path().join("book"))?;
/// let start = store.load()?.position;
/// let commit = Commit { number: 1, time: 0, author: "ada".into(), seed: None, operations: vec![] };
/// store.lock()?.append(&commit)?;
/// let News::Commits(commits, _) = store.news(&start)? else { panic!("there is one") };
/// assert_eq!(commits, [commit]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Store {
    directory: PathBuf,
}

/// How far into the store a reader has read.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// Rises with every checkpoint.
    pub generation: u64,
    /// The number of the last commit read; 0 if there is none.
    pub commit: u32,
    /// Bytes of the tail read.
    pub offset: u64,
    /// Of all commits up to there: the next one has to follow from it.
    pub digest: [u8; 32],
    /// Where in the tail the last commit read begins; `offset` if none was.
    last: u64,
    /// Whether one of those read from the tail is large, and lies in the log.
    refers: bool,
}

impl Position {
    /// Where an empty store ends.
    const START: Position = Position {
        generation: Head::FIRST.generation,
        commit: Chain::START.commit,
        offset: HEADER as u64,
        digest: Chain::START.digest,
        last: HEADER as u64,
        refers: false,
    };
}

/// What a reader starts from.
#[derive(Debug)]
pub struct Loaded {
    /// The view, if a checkpoint has been made. It is read when it is needed, and what is damaged is found only then.
    pub view: Option<Arc<dyn Kept>>,
    /// The commits after it.
    pub tail: Vec<Commit>,
    /// Up to where this goes.
    pub position: Position,
    /// The view was damaged or missing, and `tail` is all commits, read from the log: what to say about
    /// that. The next checkpoint writes a new view.
    pub notice: Option<String>,
}

/// What has come since a position.
#[derive(Debug)]
pub enum News {
    /// Nothing.
    None,
    /// These commits.
    Commits(Vec<Commit>, Position),
    /// A checkpoint has been made meanwhile: load again.
    Reload,
}

impl Store {
    /// Whether there is no store at this path yet: no directory, an empty one, or one in which somebody
    /// was interrupted while making a store. `false` if it cannot be told: `open` then says why.
    pub fn is_absent(directory: &Path) -> bool {
        create::is_absent(directory)
    }

    /// Opens a store, making an empty one where there is none (see [`Store::is_absent`]).
    ///
    /// Fails with `Damaged` if the directory holds other files or its `HEAD` is damaged, with
    /// `NewerFormat` if a newer version wrote it. Tail and view are checked when they are read.
    pub fn open(directory: &Path) -> Result<Store> {
        create::find_or_make(directory, None)?;
        Ok(Store { directory: directory.to_path_buf() })
    }

    /// As [`Store::open`], but a store that is made begins with this commit: nobody ever sees it without.
    pub fn open_or_make(directory: &Path, first: &Commit) -> Result<Store> {
        create::find_or_make(directory, Some(first))?;
        Ok(Store { directory: directory.to_path_buf() })
    }

    /// Reads every file of the store in this directory to its last byte, and says what is wrong, if anything. Waits for
    /// the store's lock, and holds it meanwhile.
    ///
    /// # Errors
    /// If a file cannot be read: damage is no error here.
    pub fn check(directory: &Path) -> Result<Health> {
        check::check(directory)
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Opens the view and reads the tail; takes no lock.
    ///
    /// Opens sled only if the tail refers to a large commit (there has been no checkpoint since), if the view is
    /// damaged, or if it is of an earlier format.
    pub fn load(&self) -> Result<Loaded> {
        read::load(&self.directory)
    }

    /// The same without the view, from the log alone, as this is wrong with the view; fails with that if the log is no
    /// better.
    pub fn replay(&self, fault: &str) -> Result<Loaded> {
        read::replayed(&self.directory, Some(fault)).map_err(|_| files::beyond_repair(fault.to_string()))
    }

    /// What has been committed since `position`; takes no lock, and costs one system call when nothing
    /// has.
    pub fn news(&self, position: &Position) -> Result<News> {
        read::news(&self.directory, position)
    }

    /// All commits from the first on, with their operations; opens sled if a checkpoint has been made,
    /// and waits up to 30 seconds while another process has it open.
    pub fn history(&self) -> Result<Vec<Commit>> {
        read::history(&self.directory)
    }

    /// Waits for the store's lock. While it is held nobody else commits, be it in this process or in
    /// another. A second call on the same thread would wait for itself.
    pub fn lock(&self) -> Result<Writer<'_>> {
        Writer::new(self)
    }
}

/// The right to commit, while it lives.
#[derive(Debug)]
pub struct Writer<'a> {
    store: &'a Store,
    /// What `HEAD` says and where the store ends, once known: nobody else can change it.
    head: Option<Head>,
    end: Option<Position>,
    /// Released when it is dropped.
    lock: File,
}

impl Writer<'_> {
    /// What has been committed since `position`.
    pub fn news(&mut self, position: &Position) -> Result<News> {
        write::news(self, position)
    }

    /// Appends a commit (its number is the next one) and returns once it would survive a power cut.
    ///
    /// On an error nothing of it is stored. A commit of more than 256 kB goes to the log, and makes a
    /// checkpoint due.
    pub fn append(&mut self, commit: &Commit) -> Result<Position> {
        write::append(self, commit)
    }

    /// Whether the tail has grown so long (128 KiB, up to 1 MiB in a large store, or 4096 commits), or holds a reference to an import, that a
    /// checkpoint is due; or there is no view of this format.
    pub fn checkpoint_is_due(&mut self) -> Result<bool> {
        let (head, end) = write::end(self)?;
        Ok(checkpoint::is_due(&head, &end))
    }

    /// Moves the tail into the log and writes the new view of these parts, which are of the store's last commit.
    ///
    /// An error, or a crash at any point, leaves the store as it was before or as it is after.
    pub fn checkpoint(&mut self, parts: &dyn Parts) -> Result<Position> {
        write::checkpoint(self, parts)
    }
}
