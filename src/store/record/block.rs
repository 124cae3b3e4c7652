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

/// Numbers of so many bits each, at most 32, one after the other from the lowest bit of the first byte on. They are
/// packed when they are written, so that no second copy of them is needed.
pub enum Bits<'a> {
    /// Numbers to be written.
    Numbers(&'a [u32]),
    /// The differences from one number to the next, the first one's from 0.
    Steps(&'a [u32]),
    /// As read.
    Packed { count: u32, width: u8, bytes: &'a [u8] },
}

impl Bits<'_> {
    /// Runs through the numbers to be written.
    fn each(&self, mut take: impl FnMut(u32)) {
        match self {
            Bits::Numbers(numbers) => numbers.iter().for_each(|number| take(*number)),
            Bits::Steps(numbers) => {
                let mut before = 0;
                for number in *numbers {
                    take(number - before);
                    before = *number;
                }
            }
            Bits::Packed { .. } => {}
        }
    }

    fn count(&self) -> u32 {
        match self {
            Bits::Numbers(numbers) | Bits::Steps(numbers) => numbers.len() as u32,
            Bits::Packed { count, .. } => *count,
        }
    }

    fn pack(&self) -> (u8, Vec<u8>) {
        let mut all = 0;
        self.each(|number| all |= number);
        let width = 32 - all.leading_zeros();
        let mut bytes = Vec::with_capacity((self.count() as usize * width as usize).div_ceil(8) + 8);
        let (mut held, mut bits) = (0u64, 0);
        self.each(|number| {
            held |= u64::from(number) << bits;
            bits += width;
            if bits >= 32 {
                bytes.extend((held as u32).to_le_bytes());
                held >>= 32;
                bits -= 32;
            }
        });
        bytes.extend(&held.to_le_bytes()[..bits.div_ceil(8) as usize]);
        (width as u8, bytes)
    }

    /// The numbers; `None` if there are more or fewer bytes than they take.
    pub fn read(&self) -> Option<Vec<u32>> {
        let Bits::Packed { count, width, bytes } = self else { return None };
        let (count, width) = (*count as usize, u32::from(*width));
        if width > 32 || (count * width as usize).div_ceil(8) != bytes.len() {
            return None;
        }
        if width == 0 {
            // So many numbers take no bytes, but they must not take all memory.
            return (count <= MOST_ZEROS).then(|| vec![0; count]);
        }
        let mut numbers = Vec::with_capacity(count);
        let mask = (1u64 << width) - 1;
        let (mut held, mut bits, mut rest) = (0u64, 0, bytes.iter());
        for _ in 0..count {
            while bits < width {
                held |= u64::from(*rest.next()?) << bits;
                bits += 8;
            }
            numbers.push((held & mask) as u32);
            held >>= width;
            bits -= width;
        }
        Some(numbers)
    }

    /// The sums up to each number; `None` also if one is more than 32 bits have.
    pub fn read_sums(&self) -> Option<Vec<u32>> {
        let mut numbers = self.read()?;
        let mut sum = 0u32;
        for number in &mut numbers {
            sum = sum.checked_add(*number)?;
            *number = sum;
        }
        Some(numbers)
    }
}

/// So many names at most have nothing of an attribute at all.
const MOST_ZEROS: usize = 1 << 28;

impl Serialize for Bits<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (width, bytes) = self.pack();
        (self.count(), width, Block(bytes.into())).serialize(serializer)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Bits<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (count, width, bytes) = <(u32, u8, &'de [u8])>::deserialize(deserializer)?;
        Ok(Bits::Packed { count, width, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(bits: &Bits) -> (u8, Bits<'static>) {
        let (width, bytes) = bits.pack();
        (width, Bits::Packed { count: bits.count(), width, bytes: bytes.leak() })
    }

    #[test]
    fn numbers_of_any_width_are_read_as_they_were_written() {
        for width in 0..=32u32 {
            let mask = (1u64 << width) - 1;
            for count in [0, 1, 7, 8, 100] {
                let numbers: Vec<u32> = (1..=count)
                    .map(|at: u64| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20 & mask) as u32)
                    .collect();
                let (_, packed) = read_back(&Bits::Numbers(&numbers));
                assert_eq!(packed.read(), Some(numbers));
            }
        }
        let ends = [3, 3, 10, 11];
        let (width, packed) = read_back(&Bits::Steps(&ends));
        assert_eq!((width, packed.read_sums()), (3, Some(ends.to_vec())));
        assert_eq!(Bits::Packed { count: 3, width: 8, bytes: &[1, 2] }.read(), None);
        assert_eq!(Bits::Packed { count: 3, width: 33, bytes: &[0; 13] }.read(), None);
        assert_eq!(Bits::Packed { count: u32::MAX, width: 0, bytes: &[] }.read(), None);
    }
}
