//! Frames: how records follow one another in a tail, and in the log, each bound to the one before.

use super::record::{self, Unfit, v1};
use crate::model::change::{Commit, CommitLine};

/// The longest payload of a frame in bytes; a commit that is longer goes to the log, in pieces.
pub const MAX_PAYLOAD: usize = 256 * 1024;
/// No entry is shorter.
const MIN_PAYLOAD: usize = 6;
/// Length, CRC and digest, before the payload.
pub const PREFIX: usize = 40;
/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// How far a sequence of commits goes, and a digest of all of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chain {
    /// The last commit; 0 if there is none.
    pub commit: u32,
    /// Of the digest before and the last payload.
    pub digest: [u8; 32],
}

impl Chain {
    /// Before the first commit.
    pub const START: Chain = Chain { commit: 0, digest: [0; 32] };

    fn next(&self, payload: &[u8]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.digest).update(payload);
        *hasher.finalize().as_bytes()
    }

    /// The frame of the next commit's payload, and the chain after it.
    pub fn frame(&self, payload: &[u8]) -> (Vec<u8>, Chain) {
        let digest = self.next(payload);
        // `MAX_PAYLOAD` fits.
        let length = (payload.len() as u32).to_le_bytes();
        let mut frame = Vec::with_capacity(PREFIX + payload.len());
        frame.extend(length);
        frame.extend(checksum(&length, &digest, payload));
        frame.extend(digest);
        frame.extend(payload);
        (frame, Chain { commit: self.commit + 1, digest })
    }
}

fn checksum(length: &[u8], digest: &[u8], payload: &[u8]) -> [u8; 4] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(length);
    hasher.update(digest);
    hasher.update(payload);
    hasher.finalize().to_le_bytes()
}

/// What a frame holds.
#[derive(Debug)]
pub enum Entry {
    /// A commit.
    Commit(Commit),
    /// A commit whose payload lies in the log.
    Reference(Reference),
}

/// Where a large commit lies.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The commit in one line.
    pub line: CommitLine,
    /// In how many pieces.
    pub pieces: u32,
    /// Bytes of all pieces together.
    pub length: u64,
    /// Their blake3 digest.
    pub digest: [u8; 32],
}

impl Entry {
    fn number(&self) -> u32 {
        match self {
            Entry::Commit(commit) => commit.number,
            Entry::Reference(reference) => reference.line.number,
        }
    }

    /// From a payload.
    pub fn decode(payload: &[u8]) -> Result<Entry, Unfit> {
        Ok(match record::decode(payload)? {
            v1::Entry::Commit(commit) => Entry::Commit(commit.try_into()?),
            v1::Entry::Reference(reference) => Entry::Reference(Reference {
                line: reference.line.into(),
                pieces: reference.pieces,
                length: reference.length,
                digest: reference.digest,
            }),
        })
    }
}

/// Something that should not be there, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    /// In bytes from the start of the file.
    pub offset: u64,
    /// In words.
    pub reason: &'static str,
}

/// What a sequence of frames holds.
#[derive(Debug)]
pub struct Scan {
    /// One for each commit.
    pub entries: Vec<Entry>,
    /// The offset of the byte after the last whole frame.
    pub end: u64,
    /// The chain there.
    pub chain: Chain,
    /// The offset of the last whole frame; `end` if there is none.
    pub last: u64,
}

impl Scan {
    /// Whether one of the commits lies in the log.
    pub fn refers(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry, Entry::Reference(_)))
    }
}

/// Reads the frames that follow `chain`; `bytes` start `offset` bytes into their file.
///
/// Checks length, CRC, digest and number of each. Bytes at the end that a crash during an append leaves
/// (or an append under way) are taken as not there; everything else that is no frame is a fault.
pub fn scan(bytes: &[u8], offset: u64, chain: Chain) -> Result<Scan, Fault> {
    let mut scan = Scan { entries: Vec::new(), end: offset, chain, last: offset };
    let mut rest = bytes;
    while !rest.is_empty() {
        let fault = |reason| Fault { offset: scan.end, reason };
        let Some(frame) = Frame::first(rest) else {
            return match torn(rest, scan.end, scan.chain) {
                Ok(()) => Ok(scan),
                Err(reason) => Err(fault(reason)),
            };
        };
        if scan.chain.next(frame.payload) != *frame.digest {
            return Err(fault("a record does not follow from the one before it"));
        }
        let entry = Entry::decode(frame.payload).map_err(|Unfit(reason)| fault(reason))?;
        if Some(entry.number()) != scan.chain.commit.checked_add(1) {
            return Err(fault("a commit's number is not the next one"));
        }
        scan.chain = Chain { commit: entry.number(), digest: *frame.digest };
        scan.last = scan.end;
        scan.end += frame.length() as u64;
        rest = &rest[frame.length()..];
        scan.entries.push(entry);
    }
    Ok(scan)
}

/// A frame whose CRC is right.
struct Frame<'a> {
    digest: &'a [u8; 32],
    payload: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The one that `bytes` start with.
    fn first(bytes: &'a [u8]) -> Option<Frame<'a>> {
        let length = stated_length(bytes)?;
        let digest = bytes.get(8..PREFIX)?.first_chunk()?;
        let payload = bytes.get(PREFIX..PREFIX + length)?;
        let whole = bytes[4..8] == checksum(&bytes[..4], digest, payload);
        whole.then_some(Frame { digest, payload })
    }

    fn length(&self) -> usize {
        PREFIX + self.payload.len()
    }
}

/// The length that a frame states for its payload, if it is one that a payload may have.
fn stated_length(bytes: &[u8]) -> Option<usize> {
    let length = u32::from_le_bytes(*bytes.first_chunk()?) as usize;
    (MIN_PAYLOAD..=MAX_PAYLOAD).contains(&length).then_some(length)
}

/// Whether `rest`, which does not start with a frame, is what an append that was cut short leaves: part
/// of one frame, either up to some byte or with sectors that were never written (which read as zeros).
/// If not, it was whole once, and something was lost.
fn torn(rest: &[u8], offset: u64, chain: Chain) -> Result<(), &'static str> {
    if rest.len() > PREFIX + MAX_PAYLOAD {
        return Err("it is followed by more than one record could hold");
    }
    if rest.len() >= PREFIX && chain.next(&rest[PREFIX..]) == rest[8..PREFIX] {
        return Err("the length or the checksum of a record has changed");
    }
    if (1..rest.len()).any(|at| Frame::first(&rest[at..]).is_some()) {
        return Err("a record is damaged, and others follow it");
    }
    let cut = rest.len() < 4 || stated_length(rest).is_some_and(|length| rest.len() < PREFIX + length);
    if cut || has_blank_sector(rest, offset) {
        return Ok(());
    }
    Err("the checksum of a record is wrong")
}

/// Whether the bytes, `offset` bytes into their file, have nothing but zeros in one of its sectors.
fn has_blank_sector(bytes: &[u8], offset: u64) -> bool {
    let first = (SECTOR - offset as usize % SECTOR).min(bytes.len());
    let (first, others) = bytes.split_at(first);
    std::iter::once(first).chain(others.chunks(SECTOR)).any(|sector| sector.iter().all(|&byte| byte == 0))
}

/// Whether a frame that begins so is `length` bytes long and leads to this digest, by what it states.
pub fn leads_to(start: &[u8; PREFIX], length: u64, digest: &[u8; 32]) -> bool {
    let stated = stated_length(start).map(|payload| (PREFIX + payload) as u64);
    stated == Some(length) && start[8..] == *digest
}
