//! Writing, under the store's lock.

use super::chain::{Chain, MAX_PAYLOAD};
use super::head::{HEADER, Head};
use super::log::with_log;
use super::record::{self, v1};
use super::upgrade::upgrade;
use super::{News, Position, Store, Writer, checkpoint, files, lock, read, tail};
use crate::error::{Error, ErrorKind, Result};
use crate::model::change::Commit;
use crate::model::view::Parts;
use std::path::Path;

impl<'a> Writer<'a> {
    pub(super) fn new(store: &'a Store) -> Result<Self> {
        loop {
            let lock = lock::take(&store.directory)?;
            // Whoever waited while the folder was replaced holds the lock of the old one.
            if files::is_in_place(&lock, &store.directory.join(files::LOCK)) {
                return Ok(Writer { store, head: None, end: None, lock });
            }
        }
    }
}

/// As without the lock, but a tail that a crashed checkpoint left behind counts as `Reload`; and where
/// the news ends is where the store does.
pub fn news(writer: &mut Writer, position: &Position) -> Result<News> {
    let directory = &writer.store.directory;
    let head = head(writer)?;
    if head.generation != position.generation || !is_on_the_way(directory, &head, position)? {
        return Ok(News::Reload);
    }
    let news = read::news(directory, position)?;
    writer.end = match &news {
        News::None => Some(position.clone()),
        News::Commits(_, end) => Some(end.clone()),
        News::Reload => None,
    };
    Ok(news)
}

/// Whether a position is one of this tail, and not of one that was cut back after a failed append.
fn is_on_the_way(directory: &Path, head: &Head, position: &Position) -> Result<bool> {
    if position.offset == HEADER as u64 {
        return Ok(Chain { commit: position.commit, digest: position.digest } == head.chain);
    }
    tail::leads_to(directory, position)
}

/// What `HEAD` says.
fn head(writer: &mut Writer) -> Result<Head> {
    let head = match writer.head {
        Some(head) => head,
        None => Head::read(&writer.store.directory)?,
    };
    writer.head = Some(head);
    Ok(head)
}

/// What `HEAD` says, and where the store ends.
pub fn end(writer: &mut Writer) -> Result<(Head, Position)> {
    let head = head(writer)?;
    let end = match writer.end.take() {
        Some(end) => end,
        None => read::position(&writer.store.directory, &head)?,
    };
    writer.end = Some(end.clone());
    Ok((head, end))
}

/// See [`Writer::append`].
pub fn append(writer: &mut Writer, commit: &Commit) -> Result<Position> {
    let (head, end) = end(writer)?;
    // After an error the tail was cut back to where it ended; if that failed too, it is read again.
    (writer.head, writer.end) = (None, None);
    let directory = &writer.store.directory;
    let (head, end) = upgrade(directory, head, end)?;
    let position = append_at(directory, &end, commit)?;
    lock::note(&writer.lock, &Chain { commit: position.commit, digest: position.digest });
    (writer.head, writer.end) = (Some(head), Some(position.clone()));
    Ok(position)
}

/// Appends a commit where the store ends. `HEAD` is not read, so that it may come after the first commit.
pub fn append_at(directory: &Path, end: &Position, commit: &Commit) -> Result<Position> {
    if Some(commit.number) != end.commit.checked_add(1) {
        let message = format!("commit {} cannot follow commit {}", commit.number, end.commit);
        return Err(Error::new(ErrorKind::Meaning, message));
    }
    let entry = v1::Entry::Commit(commit.into());
    let (payload, is_large) = match record::encode_within(&entry, MAX_PAYLOAD) {
        Some(payload) => (payload, false),
        None => (refer(directory, commit, &entry)?, true),
    };
    if end.offset == HEADER as u64 {
        // Who still reads by the `HEAD` before the last checkpoint would look for news in the old tail.
        checkpoint::drop_generation(directory, end.generation - 1)?;
    }
    let chain = Chain { commit: end.commit, digest: end.digest };
    let (frame, chain) = chain.frame(&payload);
    tail::append(&files::tail(directory, end.generation), end.offset, &frame)?;
    Ok(Position {
        generation: end.generation,
        commit: chain.commit,
        offset: end.offset + frame.len() as u64,
        digest: chain.digest,
        last: end.offset,
        refers: end.refers || is_large,
    })
}

/// Puts a large entry into the log; the payload that stands for it in the tail.
fn refer(directory: &Path, commit: &Commit, entry: &v1::Entry) -> Result<Vec<u8>> {
    let line = commit.line();
    let kept = with_log(directory, |log| {
        log.keep_payload(commit.number, |writer| record::encode_into(entry, writer))
    })?;
    let reference = v1::Entry::Reference(v1::Reference {
        line: (&line).into(),
        pieces: kept.pieces,
        length: kept.length,
        digest: kept.digest,
    });
    record::encode_within(&reference, MAX_PAYLOAD)
        .ok_or_else(|| Error::new(ErrorKind::Limit, "the name of a commit's author is longer than 256 kB"))
}

/// See [`Writer::checkpoint`].
pub fn checkpoint(writer: &mut Writer, parts: &dyn Parts) -> Result<Position> {
    (writer.head, writer.end) = (None, None);
    let head = checkpoint::run(&writer.store.directory, parts, &mut |_| Ok(()))?;
    let position = Position {
        generation: head.generation,
        commit: head.chain.commit,
        offset: HEADER as u64,
        digest: head.chain.digest,
        last: HEADER as u64,
        refers: false,
    };
    (writer.head, writer.end) = (Some(head), Some(position.clone()));
    Ok(position)
}
