//! Records: the bytes of commits, and of what views keep. bincode is named here and nowhere else.

mod block;
mod decode;
mod encode;
pub mod kept;
mod texts;
pub mod v1;
pub mod v3;

use bincode::Options;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// The format version that this program writes, and the highest that it reads. Version 2 has one record
/// more than version 1 ([`v1::Operation::DeclareMeanings`]), version 3 one more than version 2
/// ([`v1::Operation::ImportMany`]); commits that an earlier version wrote read the same in a later one. Views of
/// versions 1 and 2 are not read.
pub const FORMAT: u32 = 3;

/// The longest record in bytes: a commit, or a block of a view.
pub const MAX_RECORD: u64 = 1 << 30;

/// Why bytes that are whole are no record: words for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit(pub &'static str);

fn options() -> impl Options {
    // Stated, although they are bincode's defaults: the bytes on disk depend on them.
    bincode::DefaultOptions::new()
        .with_limit(MAX_RECORD)
        .with_little_endian()
        .with_varint_encoding()
        .reject_trailing_bytes()
}

/// The bytes of a record, if they are not more than `most`.
pub fn encode_within(record: &impl Serialize, most: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut within = Within { bytes: &mut bytes, most };
    let fits = options().with_no_limit().serialize_into(&mut within, record).is_ok();
    fits.then_some(bytes)
}

/// Writes the bytes of a record, piece by piece. An error of the writer, [`MAX_RECORD`] among them, is for it to tell.
pub fn encode_into(record: &impl Serialize, writer: impl Write) -> io::Result<()> {
    options().with_no_limit().serialize_into(writer, record).map_err(io::Error::other)
}

struct Within<'a> {
    bytes: &'a mut Vec<u8>,
    most: usize,
}

impl Write for Within<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The bytes of a record; `Unfit` only if they would be more than [`MAX_RECORD`].
pub fn encode(record: &impl Serialize) -> Result<Vec<u8>, Unfit> {
    options().serialize(record).map_err(|_| Unfit("a record of more than 1 GiB"))
}

/// The record that these bytes are, and all of them.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Unfit> {
    options().deserialize(bytes).map_err(|_| Unfit("its bytes are not those of a record"))
}
