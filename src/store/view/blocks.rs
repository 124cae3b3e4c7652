//! A file of blocks, each with its checksum, in tables: a block is found, read and checked without the others.
//!
//! The directory, at the end of the file, says where each table is. Of a table of several blocks it names an index, the
//! block behind them, which says how long each is.

use crate::error::{Error, ErrorKind, Result};
use crate::store::files;
use crate::store::record::{self, Unfit, v3};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::mem;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// What the blocks of a table hold; the numbers are the format's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    Outline = 1,
    Commits = 2,
    Patterns = 3,
    Kinds = 4,
    Counted = 5,
    Names = 6,
    Named = 7,
    CellThings = 8,
    Cells = 9,
    Listed = 10,
    Ends = 11,
    Values = 12,
    Codes = 13,
    Buckets = 14,
    Counts = 15,
    Holding = 16,
}

/// What a table holds, and of which attribute or column; 0 if it is of the whole view.
pub type TableId = (Sort, u32);

/// Length and CRC of the directory, at the end of the file.
const FOOTER: usize = 8;
/// So much is read from the end in one go: it mostly holds the whole directory.
const END: u64 = 4 * 1024;
/// Blocks that follow one another are read together, up to so many bytes.
const READ: usize = 64 * 1024;
/// So much room is kept from one read to the next: enough for a set of a million things.
const KEPT_ROOM: usize = 4 * READ;

/// A block's bytes are as they are,
const PLAIN: u8 = 0;
/// or their length follows, in four bytes, and they are compressed with LZ4.
const COMPRESSED: u8 = 1;

// ---- writing ------------------------------------------------------------------------------------

/// A file of blocks on its way.
pub struct Writer<'a> {
    file: BufWriter<File>,
    path: &'a Path,
    length: u64,
    directory: v3::Directory,
}

impl<'a> Writer<'a> {
    /// Begins a file.
    pub fn create(path: &'a Path, header: &[u8]) -> Result<Writer<'a>> {
        let file = BufWriter::with_capacity(READ, File::create(path).map_err(files::io(path))?);
        let mut writer = Writer { file, path, length: 0, directory: v3::Directory { tables: Vec::new() } };
        writer.put(header)?;
        Ok(writer)
    }

    /// Adds a table. One whose blocks are all empty is left out.
    pub fn table(
        &mut self,
        (sort, of): TableId,
        blocks: impl IntoIterator<Item = Result<Vec<u8>>>,
    ) -> Result<()> {
        let mut index = v3::Index { blocks: Vec::new() };
        let start = self.length;
        for block in blocks {
            index.blocks.push(self.block(&block?)?);
        }
        if self.length == start {
            return Ok(());
        }
        let count = index.blocks.len() as u32;
        let (offset, block) = match index.blocks[..] {
            [only] => (start, only),
            _ => (self.length, self.block(&encode(&index)?)?),
        };
        self.directory.tables.push(v3::Table { sort: sort as u8, of, offset, block, count });
        Ok(())
    }

    /// Adds a table of one block.
    pub fn record(&mut self, table: TableId, record: &impl Serialize) -> Result<()> {
        self.table(table, [encode(record)])
    }

    /// The last table counts as this one, too.
    pub fn again(&mut self, (sort, of): TableId) {
        let last = self.directory.tables.iter().rev().find(|table| table.sort == sort as u8).copied();
        self.directory.tables.extend(last.map(|table| v3::Table { of, ..table }));
    }

    /// Ends the file; its bytes last, its name only after [`files::sync_directory`]. Gives its length.
    pub fn finish(mut self) -> Result<u64> {
        let directory = encode(&self.directory)?;
        self.put(&directory)?;
        let length =
            u32::try_from(directory.len()).map_err(|_| too_large("a directory of more than 4 GiB"))?;
        self.put(&length.to_le_bytes())?;
        self.put(&crc32fast::hash(&directory).to_le_bytes())?;
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(files::io(self.path))?;
        Ok(self.length)
    }

    fn block(&mut self, bytes: &[u8]) -> Result<v3::Block> {
        if bytes.is_empty() {
            return Ok(v3::Block { length: 0, crc: 0 });
        }
        let compressed = lz4_flex::block::compress(bytes);
        let block = match compressed.len() < bytes.len() / 4 * 3 {
            true => [&[COMPRESSED][..], &(bytes.len() as u32).to_le_bytes(), &compressed].concat(),
            false => [&[PLAIN], bytes].concat(),
        };
        self.put(&block)?;
        // A record is no longer than 1 GiB.
        Ok(v3::Block { length: block.len() as u32, crc: crc32fast::hash(&block) })
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.length += bytes.len() as u64;
        self.file.write_all(bytes).map_err(files::io(self.path))
    }
}

/// The bytes of a record.
pub fn encode(record: &impl Serialize) -> Result<Vec<u8>> {
    record::encode(record).map_err(|Unfit(reason)| too_large(reason))
}

fn too_large(what: &str) -> Error {
    Error::new(ErrorKind::Limit, format!("a view would need {what}"))
}

// ---- reading ------------------------------------------------------------------------------------

/// A file of blocks that are read when they are needed. It stays open, and readable when its name is gone.
#[derive(Debug)]
pub struct Blocks {
    file: File,
    path: PathBuf,
    tables: BTreeMap<(u8, u32), Table>,
    /// What was read last, to be written over: fresh memory costs more than what is read into it.
    room: Mutex<Vec<u8>>,
}

#[derive(Debug)]
struct Table {
    known: v3::Table,
    /// Where each block is.
    places: OnceLock<Vec<Place>>,
}

/// Where a block is, and its checksum.
#[derive(Clone, Copy, Debug)]
struct Place {
    offset: u64,
    length: usize,
    crc: u32,
}

impl Place {
    fn new(offset: u64, block: v3::Block) -> Place {
        Place { offset, length: block.length as usize, crc: block.crc }
    }
}

impl Blocks {
    /// Opens a file of this length that begins with this header; reads its directory.
    pub fn open(path: PathBuf, header: &[u8], length: u64) -> Result<Blocks> {
        let damaged = |offset, reason| Err(files::damaged(&path, offset, reason));
        let file = match File::open(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(files::beyond_repair(format!("`{}` is missing", path.display())));
            }
            file => file.map_err(files::io(&path))?,
        };
        let found = file.metadata().map_err(files::io(&path))?.len();
        if found != length || length < (header.len() + FOOTER) as u64 {
            return damaged(found, "it has not the length that `HEAD` states");
        }
        let mut start = vec![0; header.len()];
        files::read_at(&file, &mut start, 0).map_err(files::io(&path))?;
        if start != header {
            return damaged(0, "its header does not belong to `HEAD`");
        }
        let mut end = vec![0; END.min(length) as usize];
        files::read_at(&file, &mut end, length - END.min(length)).map_err(files::io(&path))?;
        let Some((size, crc)) = footer(&end) else { return damaged(length, "it is too short") };
        let before = length - FOOTER as u64;
        if u64::from(size) > before {
            return damaged(before, "its directory is longer than the file");
        }
        let offset = before - u64::from(size);
        if size as usize + FOOTER > end.len() {
            end = vec![0; size as usize + FOOTER];
            files::read_at(&file, &mut end, offset).map_err(files::io(&path))?;
        }
        let directory = &end[end.len() - FOOTER - size as usize..end.len() - FOOTER];
        if crc32fast::hash(directory) != crc {
            return damaged(offset, "the checksum of its directory is wrong");
        }
        let directory: v3::Directory = match record::decode(directory) {
            Ok(directory) => directory,
            Err(Unfit(reason)) => return damaged(offset, reason),
        };
        let table = |known: v3::Table| ((known.sort, known.of), Table { known, places: OnceLock::new() });
        let tables = directory.tables.into_iter().map(table).collect();
        Ok(Blocks { file, path, tables, room: Mutex::default() })
    }

    /// How many blocks a table has.
    pub fn count(&self, (sort, of): TableId) -> u32 {
        self.tables.get(&(sort as u8, of)).map_or(0, |table| table.known.count)
    }

    /// One block of a table, by what `take` makes of its bytes; there are none beyond its end.
    pub fn read<T>(
        &self,
        table: TableId,
        at: u32,
        take: impl FnOnce(&[u8]) -> Result<T, Unfit>,
    ) -> Result<T> {
        let mut take = Some(take);
        let mut taken = None;
        self.each(table, at..at + 1, &mut |bytes| {
            taken = take.take().map(|take| take(bytes)).transpose()?;
            Ok(())
        })?;
        match (taken, take) {
            (Some(taken), _) => Ok(taken),
            (None, Some(take)) => take(&[]).map_err(|Unfit(reason)| files::damaged(&self.path, 0, reason)),
            (None, None) => Err(files::damaged(&self.path, 0, "a block was not read")),
        }
    }

    /// Gives `take` the bytes of consecutive blocks of a table, one after the other, as far as there are any.
    pub fn each(
        &self,
        table: TableId,
        blocks: Range<u32>,
        take: &mut dyn FnMut(&[u8]) -> Result<(), Unfit>,
    ) -> Result<()> {
        let places = self.places(table)?;
        let end = places.len().min(blocks.end as usize);
        let mut places = &places[end.min(blocks.start as usize)..end];
        let mut bytes = mem::take(&mut *self.room());
        while let Some(first) = places.first() {
            let is_near = |place: &&Place| (place.offset - first.offset) as usize + place.length <= READ;
            let together = places[1..].iter().take_while(is_near).count() + 1;
            let (run, rest) = places.split_at(together);
            let length = run.iter().map(|place| place.length).sum();
            if bytes.len() < length {
                bytes.resize(length, 0);
            }
            files::read_at(&self.file, &mut bytes[..length], first.offset).map_err(files::io(&self.path))?;
            for place in run {
                let start = (place.offset - first.offset) as usize;
                self.check(place, &bytes[start..start + place.length], take)?;
            }
            places = rest;
        }
        if bytes.len() <= KEPT_ROOM {
            *self.room() = bytes;
        }
        Ok(())
    }

    fn room(&self) -> MutexGuard<'_, Vec<u8>> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives `take` the bytes of a block, if its checksum is right.
    fn check(
        &self,
        place: &Place,
        block: &[u8],
        take: &mut dyn FnMut(&[u8]) -> Result<(), Unfit>,
    ) -> Result<()> {
        let taken = if crc32fast::hash(block) != place.crc && place.length > 0 {
            Err(Unfit("the checksum of a block is wrong"))
        } else {
            match block.split_first() {
                None => take(&[]),
                Some((&PLAIN, bytes)) => take(bytes),
                Some((&COMPRESSED, bytes)) => decompressed(bytes).and_then(|bytes| take(&bytes)),
                Some(_) => Err(Unfit("a block of an unknown form")),
            }
        };
        taken.map_err(|Unfit(reason)| files::damaged(&self.path, place.offset, reason))
    }

    /// What is wrong with blocks, whichever table they are of.
    pub fn faults(&self) -> Vec<Error> {
        let mut faults = Vec::new();
        for table in self.tables.values() {
            match self.places_of(table) {
                Ok(places) => faults.extend(places.iter().filter_map(|place| self.fault(place))),
                Err(error) => faults.push(error),
            }
        }
        faults
    }

    fn fault(&self, place: &Place) -> Option<Error> {
        let mut bytes = vec![0; place.length];
        let read = files::read_at(&self.file, &mut bytes, place.offset).map_err(files::io(&self.path));
        read.and_then(|()| self.check(place, &bytes, &mut |_| Ok(()))).err()
    }

    fn places(&self, (sort, of): TableId) -> Result<&[Place]> {
        self.tables.get(&(sort as u8, of)).map_or(Ok(&[]), |table| self.places_of(table))
    }

    fn places_of<'a>(&self, table: &'a Table) -> Result<&'a [Place]> {
        if let Some(places) = table.places.get() {
            return Ok(places);
        }
        let known = &table.known;
        let own = Place::new(known.offset, known.block);
        let places = match known.count {
            1 => vec![own],
            _ => self.index(own, known.count)?,
        };
        Ok(table.places.get_or_init(|| places))
    }

    /// The places of the blocks before an index.
    fn index(&self, own: Place, count: u32) -> Result<Vec<Place>> {
        let mut bytes = vec![0; own.length];
        files::read_at(&self.file, &mut bytes, own.offset).map_err(files::io(&self.path))?;
        let mut places = Vec::new();
        self.check(&own, &bytes, &mut |bytes| {
            let index: v3::Index = record::decode(bytes)?;
            let length: u64 = index.blocks.iter().map(|block| u64::from(block.length)).sum();
            let first = own.offset.checked_sub(length).filter(|_| index.blocks.len() == count as usize);
            let mut offset = first.ok_or(Unfit("an index of other blocks than there are"))?;
            places.reserve(index.blocks.len());
            for block in index.blocks {
                places.push(Place::new(offset, block));
                offset += u64::from(block.length);
            }
            Ok(())
        })?;
        Ok(places)
    }
}

fn footer(end: &[u8]) -> Option<(u32, u32)> {
    let (rest, crc) = end.split_last_chunk::<4>()?;
    let (_, size) = rest.split_last_chunk::<4>()?;
    Some((u32::from_le_bytes(*size), u32::from_le_bytes(*crc)))
}

/// LZ4 makes of a byte no more than so many.
const MOST_GROWTH: usize = 255;

fn decompressed(bytes: &[u8]) -> Result<Vec<u8>, Unfit> {
    let wrong = Unfit("a block that does not decompress");
    let (length, bytes) = bytes.split_first_chunk::<4>().ok_or(wrong)?;
    let length = u32::from_le_bytes(*length) as usize;
    if length / MOST_GROWTH > bytes.len() {
        return Err(wrong);
    }
    lz4_flex::block::decompress(bytes, length).map_err(|_| wrong)
}
