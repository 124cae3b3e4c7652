//! The store on disk: tail, log, view and `HEAD`. sled and bincode are named here and nowhere else.

use crate::error::Result;
use crate::model::change::{Commit, Image};
use std::path::{Path, PathBuf};

/// A store's directory.
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
}

/// What a reader starts from.
#[derive(Debug)]
pub struct Loaded {
    /// The view, if a checkpoint has been made.
    pub image: Option<Image>,
    /// The commits after it.
    pub tail: Vec<Commit>,
    /// Up to where this goes.
    pub position: Position,
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
    /// Whether there is no store at this path yet: no directory, or an empty one.
    pub fn is_absent(_directory: &Path) -> bool {
        true
    }

    /// Opens a store, making an empty one where there is none.
    pub fn open(_directory: &Path) -> Result<Store> {
        todo!()
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Reads view and tail; takes no lock.
    pub fn load(&self) -> Result<Loaded> {
        todo!()
    }

    /// What has been committed since `position`; takes no lock, and costs one or two system calls when
    /// nothing has.
    pub fn news(&self, _position: &Position) -> Result<News> {
        todo!()
    }

    /// All commits from the first on, with their operations; opens sled if a checkpoint has been made.
    pub fn history(&self) -> Result<Vec<Commit>> {
        todo!()
    }

    /// Waits for the store's lock. While it is held nobody else commits.
    pub fn lock(&self) -> Result<Writer<'_>> {
        todo!()
    }
}

/// The right to commit, while it lives.
#[derive(Debug)]
pub struct Writer<'a> {
    #[allow(dead_code)]
    store: &'a Store,
}

impl Writer<'_> {
    /// What has been committed since `position`.
    pub fn news(&self, position: &Position) -> Result<News> {
        self.store.news(position)
    }

    /// Appends a commit (its number is the next one) and returns once it would survive a power cut.
    pub fn append(&mut self, _commit: &Commit) -> Result<Position> {
        todo!()
    }

    /// Whether the tail has grown so long, or holds a reference to an import, that a checkpoint is due.
    pub fn checkpoint_is_due(&self) -> Result<bool> {
        todo!()
    }

    /// Moves the tail into the log and writes `image` as the new view.
    pub fn checkpoint(&mut self, _image: &Image) -> Result<Position> {
        todo!()
    }
}
