//! `HEAD`: the small file that says which view and which tail count.

use super::chain::Chain;
use super::files;
use super::record::FORMAT;
use crate::error::{Error, ErrorKind, Result};
use std::path::Path;

const MAGIC: &[u8; 8] = b"CASEBOOK";
/// Magic, format version and the body's length: the same in every format, as is the CRC at the end.
const ENVELOPE: usize = 16;
const BODY: usize = 52;

/// Starts a tail.
pub const TAIL_MAGIC: &[u8; 8] = b"CBK-TAIL";
/// Starts a view.
pub const VIEW_MAGIC: &[u8; 8] = b"CBK-VIEW";
/// The header's length in tails and views.
pub const HEADER: usize = 60;

/// What `HEAD` says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Head {
    /// The version of the format in which tail and view are written.
    pub format: u32,
    /// The number in the names of tail and view; rises with every checkpoint, from 1.
    pub generation: u64,
    /// The last commit in the log, which is the last one in the view: where the tail goes on.
    pub chain: Chain,
    /// The view's length in bytes; 0 if there is none.
    pub view_length: u64,
}

impl Head {
    /// Of an empty store.
    pub const FIRST: Head = Head { format: FORMAT, generation: 1, chain: Chain::START, view_length: 0 };

    /// Whether the log has commits of which there is no view that this version reads.
    pub fn lacks_view(&self) -> bool {
        self.chain != Chain::START && (self.view_length == 0 || self.format < FORMAT)
    }

    /// Reads `HEAD`; `None` if there is none.
    pub fn find(directory: &Path) -> Result<Option<Head>> {
        let path = directory.join(files::HEAD);
        match files::read(&path)? {
            Some(bytes) => parse(&bytes, directory).map(Some),
            None => Ok(None),
        }
    }

    /// Reads `HEAD`, which has to be there.
    pub fn read(directory: &Path) -> Result<Head> {
        Head::find(directory)?.ok_or_else(|| {
            files::beyond_repair(format!("`{}` is missing", directory.join(files::HEAD).display()))
        })
    }

    /// Replaces `HEAD`; what it says then lasts.
    pub fn write(&self, directory: &Path) -> Result<()> {
        self.prepare(directory)?.put_in_place()
    }

    /// Writes this `HEAD` beside the old one.
    pub fn prepare<'a>(&self, directory: &'a Path) -> Result<files::Prepared<'a>> {
        files::prepare(directory, files::HEAD, &self.to_bytes())
    }

    /// Whether this `HEAD` waits to be put in its place.
    pub fn is_prepared(&self, directory: &Path) -> bool {
        files::read(&directory.join(files::NEW_HEAD)).is_ok_and(|bytes| bytes == Some(self.to_bytes()))
    }

    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(ENVELOPE + BODY + 4);
        bytes.extend(MAGIC);
        bytes.extend(self.format.to_le_bytes());
        bytes.extend((BODY as u32).to_le_bytes());
        bytes.extend(self.generation.to_le_bytes());
        bytes.extend(self.chain.commit.to_le_bytes());
        bytes.extend(self.chain.digest);
        bytes.extend(self.view_length.to_le_bytes());
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    /// What the tail, or the view, that belongs to this `HEAD` starts with.
    pub fn header(&self, magic: &[u8; 8]) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        header[..8].copy_from_slice(magic);
        header[8..12].copy_from_slice(&self.format.to_le_bytes());
        header[12..20].copy_from_slice(&self.generation.to_le_bytes());
        header[20..24].copy_from_slice(&self.chain.commit.to_le_bytes());
        header[24..56].copy_from_slice(&self.chain.digest);
        let crc = crc32fast::hash(&header[..56]);
        header[56..].copy_from_slice(&crc.to_le_bytes());
        header
    }
}

fn parse(bytes: &[u8], directory: &Path) -> Result<Head> {
    let damaged = |reason| files::damaged(&directory.join(files::HEAD), 0, reason);
    let Some((inner, crc)) = bytes.split_last_chunk::<4>() else {
        return Err(damaged("it is too short"));
    };
    let (Some(format), Some(body)) = (inner.get(8..12), inner.get(ENVELOPE..)) else {
        return Err(damaged("it is too short"));
    };
    if u32::from_le_bytes(*crc) != crc32fast::hash(inner) {
        let ours = inner.starts_with(MAGIC);
        return Err(if ours { damaged("its checksum is wrong") } else { foreign(directory) });
    }
    if !inner.starts_with(MAGIC) {
        return Err(foreign(directory));
    }
    let format = format.iter().rev().fold(0, |format: u32, &byte| format << 8 | u32::from(byte));
    if format > FORMAT {
        return Err(newer(directory, format));
    }
    let head = parse_body(format, body).filter(|_| format > 0);
    head.ok_or_else(|| damaged("it says what cannot be"))
}

fn parse_body(format: u32, body: &[u8]) -> Option<Head> {
    let (generation, rest) = body.split_first_chunk::<8>()?;
    let (commit, rest) = rest.split_first_chunk::<4>()?;
    let (digest, rest) = rest.split_first_chunk::<32>()?;
    let (view_length, rest) = rest.split_first_chunk::<8>()?;
    let head = Head {
        format,
        generation: u64::from_le_bytes(*generation),
        chain: Chain { commit: u32::from_le_bytes(*commit), digest: *digest },
        view_length: u64::from_le_bytes(*view_length),
    };
    // Both are counted on from, in both directions.
    let counts = (1..u64::MAX).contains(&head.generation) && head.chain.commit < u32::MAX;
    (rest.is_empty() && counts).then_some(head)
}

/// The directory has files, and they are not ours.
pub fn foreign(directory: &Path) -> Error {
    Error::damaged(format!("`{}` is not a Casebook store", directory.display()))
        .note("a store is made only where there is no folder, or an empty one")
}

fn newer(directory: &Path, format: u32) -> Error {
    let message = format!(
        "`{}` was written by a newer Casebook (format {format}, this one reads up to {FORMAT})",
        directory.display()
    );
    Error::new(ErrorKind::NewerFormat, message)
        .note("install a newer version of Casebook, or open another store")
}
