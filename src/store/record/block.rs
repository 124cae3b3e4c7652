//! Raw bytes inside a record: what would take serde a call per element otherwise.

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// Bytes: their number, then they themselves.
pub struct Block<'a>(pub Cow<'a, [u8]>);

impl Serialize for Block<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Block<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(Borrowed)
    }
}

struct Borrowed;

impl<'de> Visitor<'de> for Borrowed {
    type Value = Block<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Block<'de>, E> {
        Ok(Block(Cow::Borrowed(bytes)))
    }
}

/// Numbers of 4 bytes each, little-endian.
pub fn from_u32s(numbers: &[u32]) -> Block<'static> {
    Block(numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
}

/// The numbers of 4 bytes each; `None` if bytes are left over.
pub fn to_u32s(bytes: &[u8]) -> Option<Vec<u32>> {
    let (numbers, rest) = bytes.as_chunks::<4>();
    rest.is_empty().then(|| numbers.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect())
}

/// Codes up to `highest` in the fewest of 1, 2 and 4 bytes each.
pub fn from_codes(codes: &[u32], highest: usize) -> (u8, Block<'static>) {
    // The casts lose nothing: no code is above `highest`.
    if highest <= u8::MAX as usize {
        (1, Block(codes.iter().map(|&code| code as u8).collect()))
    } else if highest <= u16::MAX as usize {
        (2, Block(codes.iter().flat_map(|&code| (code as u16).to_le_bytes()).collect()))
    } else {
        (4, from_u32s(codes))
    }
}

/// Codes of `width` bytes each; `None` if the width is none of 1, 2 and 4, or bytes are left over.
pub fn to_codes(width: u8, bytes: &[u8]) -> Option<Vec<u32>> {
    match width {
        1 => Some(bytes.iter().map(|&code| code.into()).collect()),
        2 => {
            let (codes, rest) = bytes.as_chunks::<2>();
            rest.is_empty().then(|| codes.iter().map(|code| u16::from_le_bytes(*code).into()).collect())
        }
        4 => to_u32s(bytes),
        _ => None,
    }
}
