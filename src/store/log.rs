//! The log: all commits up to the last checkpoint, and the payloads of large ones, in sled. sled is
//! named here and nowhere else.
//!
//! One tree, `log`. Key `c`, first commit, piece: the frames that a checkpoint took from a tail, cut into
//! pieces. Key `p`, commit, piece: the payload of a large commit. Numbers in keys are of 4 bytes,
//! big-endian, so that keys sort as they count.

use super::chain::{Chain, Entry, Reference, scan};
use super::files;
use super::head::Head;
use super::quiet;
use super::record::{MAX_RECORD, Unfit};
use super::sums;
use crate::error::{Error, ErrorKind, Result};
use crate::model::change::Commit;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// The longest value in sled, in bytes: longer ones would cost it a file each.
pub const MAX_VALUE: usize = 64 * 1024;
/// Form, length and CRC, before a value's bytes.
const PREFIX: usize = 9;
/// The longest piece before it is compressed.
const PIECE: usize = MAX_VALUE - PREFIX;
/// How long to wait for somebody else to close sled.
const PATIENCE: Duration = Duration::from_secs(30);

/// Opened for one errand, and closed when it is done.
pub struct Log<'a> {
    directory: &'a Path,
    tree: &'a sled::Tree,
}

/// Opens the log (making it where there is none), runs the errand, and closes it; what the errand wrote
/// lasts once this returns.
///
/// Waits while another process has it open. A panic of sled is `Damaged`.
pub fn with_log<T>(directory: &Path, errand: impl FnOnce(&Log) -> Result<T>) -> Result<T> {
    let _lock = lock(directory)?;
    sums::check(directory)?;
    sums::forget(directory)?;
    let path = directory.join(files::LOG);
    let done = quiet::catch(|| session(directory, errand))
        .unwrap_or_else(|words| Err(files::damaged(&path, 0, &format!("sled gave up: {words}"))));
    // Whether or not it went well: sled may have written, and is closed now.
    let kept = closed(&path).and_then(|_handle| {
        sums::sync(&path)?;
        sums::note(directory)
    });
    let done = done?;
    kept?;
    Ok(done)
}

fn lock(directory: &Path) -> Result<File> {
    let file = files::lock_file(directory, files::LOG_LOCK)?;
    wait_for(&file, &directory.join(files::LOG_LOCK))?;
    Ok(file)
}

fn wait_for(file: &File, path: &Path) -> Result<()> {
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(files::io(path)(error)),
            Err(TryLockError::WouldBlock) if start.elapsed() > PATIENCE => return Err(busy(path)),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}

fn busy(path: &Path) -> Error {
    files::locked(format!("another program has held `{}` for {} s", path.display(), PATIENCE.as_secs()))
        .note("it may be importing or writing a checkpoint: try again when it is done")
}

/// Waits until sled's own lock is free: then none of its threads can write any more.
fn closed(path: &Path) -> Result<Option<File>> {
    let path = path.join("db");
    match File::open(&path) {
        Ok(file) => wait_for(&file, &path).map(|()| Some(file)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(files::io(&path)(error)),
    }
}

fn session<T>(directory: &Path, errand: impl FnOnce(&Log) -> Result<T>) -> Result<T> {
    let path = directory.join(files::LOG);
    let failed = failure(&path);
    closed(&path)?;
    // No thread of sled's flushes in the background: this function flushes at its end.
    let config =
        sled::Config::new().path(&path).cache_capacity(8 << 20).flush_every_ms(None).use_compression(false);
    let db = config.open().map_err(&failed)?;
    let tree = db.open_tree("log").map_err(&failed)?;
    let done = errand(&Log { directory, tree: &tree })?;
    db.flush().map_err(&failed)?;
    Ok(done)
}

fn failure(path: &Path) -> impl Fn(sled::Error) -> Error + '_ {
    move |error| match error {
        sled::Error::Io(error) if error.to_string().contains("could not acquire lock") => busy(path),
        sled::Error::Io(error) => files::io(path)(error),
        other => files::damaged(path, 0, &other.to_string()),
    }
}

fn key(sort: u8, commit: u32, piece: u32) -> [u8; 9] {
    let mut key = [sort; 9];
    key[1..5].copy_from_slice(&commit.to_be_bytes());
    key[5..].copy_from_slice(&piece.to_be_bytes());
    key
}

fn parse_key(key: &[u8]) -> Option<(u8, u32, u32)> {
    let key: &[u8; 9] = key.try_into().ok()?;
    let number = |at: usize| key[at..at + 4].iter().fold(0, |sum: u32, &byte| sum << 8 | u32::from(byte));
    Some((key[0], number(1), number(5)))
}

impl Log<'_> {
    /// Takes in the frames of a tail that goes on after `head`, with what a crash left in their place
    /// removed; of payloads, those of `references` alone stay.
    pub fn extend(&self, head: &Head, frames: &[u8], references: &[u32]) -> Result<()> {
        self.expect_commits_up_to(head)?;
        let first = head.chain.commit + 1;
        self.remove(b'c', first, |_| true)?;
        self.remove(b'p', first, |commit| !references.contains(&commit))?;
        self.put(b'c', first, frames)
    }

    /// Keeps the payload of a commit that is yet to be made: what `write` writes, piece by piece.
    pub fn keep_payload(
        &self,
        commit: u32,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Kept> {
        self.remove(b'p', commit, |_| true)?;
        let kept = Kept { pieces: 0, length: 0, digest: [0; 32] };
        let (piece, hasher) = (Vec::with_capacity(PIECE), blake3::Hasher::new());
        let mut pieces = Pieces { log: self, commit, piece, hasher, kept, failed: None };
        let written = write(&mut pieces).and_then(|()| pieces.put_piece());
        match (written, pieces.failed) {
            (Ok(()), _) => Ok(Kept { digest: *pieces.hasher.finalize().as_bytes(), ..pieces.kept }),
            (Err(_), Some(error)) => Err(error),
            (Err(error), None) => Err(files::io(&self.directory.join(files::LOG))(error)),
        }
    }

    /// The large commit that a reference stands for.
    pub fn large_commit(&self, reference: &Reference) -> Result<Commit> {
        let number = reference.line.number;
        let lost = |reason: &str| self.damaged(&format!("commit {number}: {reason}"));
        if reference.length > MAX_RECORD {
            return Err(lost("its length cannot be"));
        }
        let (payload, pieces) = self.get(b'p', number, reference.length)?;
        let same = pieces == reference.pieces && *blake3::hash(&payload).as_bytes() == reference.digest;
        if !same {
            return Err(lost("its payload is missing, or is not the one that was committed"));
        }
        match Entry::decode(&payload) {
            Ok(Entry::Commit(commit)) if commit.number == number => Ok(commit),
            Ok(_) => Err(lost("its payload is of another commit")),
            Err(Unfit(reason)) => Err(lost(reason)),
        }
    }

    /// All entries from the first commit up to `head`, the chain checked.
    pub fn entries(&self, head: &Head) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        let mut chain = Chain::START;
        while chain.commit < head.chain.commit {
            let first = chain.commit + 1;
            let (frames, _) = self.get(b'c', first, u64::MAX)?;
            let scan = scan(&frames, 0, chain)
                .map_err(|fault| self.damaged(&format!("after commit {}: {}", chain.commit, fault.reason)))?;
            if scan.entries.is_empty() || scan.end != frames.len() as u64 {
                return Err(self.damaged(&format!("commit {} and those after it are missing", first)));
            }
            chain = scan.chain;
            entries.extend(scan.entries);
        }
        if chain != head.chain {
            return Err(self.damaged("its commits are not those that `HEAD` names"));
        }
        Ok(entries)
    }

    /// An empty log where there should be commits is a lost one; nothing may be added to it.
    fn expect_commits_up_to(&self, head: &Head) -> Result<()> {
        if head.chain.commit > 0 && self.first_key(b'c')?.is_none_or(|(_, commit, _)| commit != 1) {
            return Err(self.damaged("its commits are missing"));
        }
        Ok(())
    }

    fn first_key(&self, sort: u8) -> Result<Option<(u8, u32, u32)>> {
        let first = self.tree.range(key(sort, 0, 0)..=key(sort, u32::MAX, u32::MAX)).keys().next();
        Ok(first.transpose().map_err(self.failure())?.and_then(|key| parse_key(&key)))
    }

    /// The commits that have a payload here.
    #[cfg(test)]
    pub fn payloads(&self) -> Result<Vec<u32>> {
        let keys = self.tree.range(key(b'p', 0, 0)..=key(b'p', u32::MAX, u32::MAX)).keys();
        let keys = keys.collect::<Result<Vec<_>, _>>().map_err(self.failure())?;
        let mut commits: Vec<u32> = keys.iter().filter_map(|key| Some(parse_key(key)?.1)).collect();
        commits.dedup();
        Ok(commits)
    }

    fn remove(&self, sort: u8, from: u32, goes: impl Fn(u32) -> bool) -> Result<()> {
        let keys = self.tree.range(key(sort, from, 0)..=key(sort, u32::MAX, u32::MAX)).keys();
        let keys = keys.collect::<Result<Vec<_>, _>>().map_err(self.failure())?;
        for key in keys {
            if parse_key(&key).is_none_or(|(_, commit, _)| goes(commit)) {
                self.tree.remove(key).map_err(self.failure())?;
            }
        }
        Ok(())
    }

    fn put(&self, sort: u8, commit: u32, bytes: &[u8]) -> Result<()> {
        for (piece, at) in bytes.chunks(PIECE).zip(0..) {
            self.tree.insert(key(sort, commit, at), seal(piece)).map_err(self.failure())?;
        }
        Ok(())
    }

    /// The pieces of one commit run together, and how many they are; `Damaged` if they are more than
    /// `longest` bytes.
    fn get(&self, sort: u8, commit: u32, longest: u64) -> Result<(Vec<u8>, u32)> {
        let (mut bytes, mut pieces) = (Vec::new(), 0);
        for pair in self.tree.range(key(sort, commit, 0)..=key(sort, commit, u32::MAX)) {
            let (found, value) = pair.map_err(self.failure())?;
            let piece = unseal(&value).filter(|_| *found == key(sort, commit, pieces));
            bytes.extend(piece.ok_or_else(|| self.damaged(&format!("a piece of commit {commit} is")))?);
            pieces += 1;
            if bytes.len() as u64 > longest {
                return Err(self.damaged(&format!("the payload of commit {commit} is too long")));
            }
        }
        Ok((bytes, pieces))
    }

    fn failure(&self) -> impl Fn(sled::Error) -> Error {
        let path = self.directory.join(files::LOG);
        move |error| failure(&path)(error)
    }

    fn damaged(&self, reason: &str) -> Error {
        let path = self.directory.join(files::LOG);
        files::beyond_repair(format!("`{}` is damaged: {reason}", path.display()))
    }
}

/// What became of a payload.
pub struct Kept {
    /// In how many pieces it is.
    pub pieces: u32,
    /// Its bytes.
    pub length: u64,
    /// Their digest.
    pub digest: [u8; 32],
}

/// Takes a payload on its way into the log.
struct Pieces<'a> {
    log: &'a Log<'a>,
    commit: u32,
    /// What is not in the log yet, shorter than a piece.
    piece: Vec<u8>,
    hasher: blake3::Hasher,
    kept: Kept,
    /// What the writer's user cannot be told.
    failed: Option<Error>,
}

impl Pieces<'_> {
    fn put_piece(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        self.hasher.update(&self.piece);
        let at = key(b'p', self.commit, self.kept.pieces);
        if let Err(error) = self.log.tree.insert(at, seal(&self.piece)) {
            return self.fail(self.log.failure()(error));
        }
        self.kept.pieces += 1;
        self.piece.clear();
        Ok(())
    }

    fn fail(&mut self, error: Error) -> io::Result<()> {
        self.failed = Some(error);
        Err(io::ErrorKind::Other.into())
    }
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.kept.length += taken as u64;
        if self.kept.length > MAX_RECORD {
            self.fail(too_large())?;
        }
        self.piece.extend_from_slice(&bytes[..taken]);
        if self.piece.len() == PIECE {
            self.put_piece()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn too_large() -> Error {
    Error::new(ErrorKind::Limit, "the commit would be a record of more than 1 GiB")
        .note("import it in several files")
}

/// Form (0 as it is, 1 compressed), length before compression, CRC of the bytes, bytes.
fn seal(piece: &[u8]) -> Vec<u8> {
    let compressed = lz4_flex::block::compress(piece);
    let (form, bytes) = if compressed.len() < piece.len() { (1, &compressed[..]) } else { (0, piece) };
    let mut value = Vec::with_capacity(PREFIX + bytes.len());
    value.push(form);
    // A piece is shorter than 64 kB.
    value.extend((piece.len() as u32).to_le_bytes());
    value.extend(crc32fast::hash(bytes).to_le_bytes());
    value.extend(bytes);
    value
}

fn unseal(value: &[u8]) -> Option<Vec<u8>> {
    let (form, rest) = value.split_first()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (crc, bytes) = rest.split_first_chunk::<4>()?;
    let length = u32::from_le_bytes(*length) as usize;
    if length > PIECE || u32::from_le_bytes(*crc) != crc32fast::hash(bytes) {
        return None;
    }
    let piece = match form {
        0 => bytes.to_vec(),
        1 => lz4_flex::block::decompress(bytes, length).ok()?,
        _ => return None,
    };
    (piece.len() == length).then_some(piece)
}
