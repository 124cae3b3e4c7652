//! Numbers in as few bits each as the highest of them needs, least bit first.

use crate::model::codes::Code;

/// As many bits as this number needs.
pub fn width(highest: u32) -> u32 {
    u32::BITS - highest.leading_zeros()
}

/// The bytes of numbers of `width` bits each.
pub fn pack(numbers: &[u32], width: u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity((numbers.len() * width as usize).div_ceil(8));
    let (mut waiting, mut bits) = (0_u64, 0);
    for number in numbers {
        waiting |= u64::from(*number) << bits;
        bits += width;
        while bits >= 8 {
            bytes.push(waiting as u8);
            waiting >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 {
        bytes.push(waiting as u8);
    }
    bytes
}

/// The number at a position; 0 beyond the end.
pub fn get(bytes: &[u8], width: u32, at: usize) -> u32 {
    (word(bytes, at * width as usize) & mask(width)) as u32
}

/// Fills `numbers` from the beginning, with 0 where there are no more. Reads as many together as one word holds.
pub fn unpack<T: Code>(bytes: &[u8], width: u32, numbers: &mut [T]) {
    // A number begins within the first byte of the word in which it is looked for.
    let together = (u64::BITS - 7).checked_div(width).unwrap_or(u64::BITS) as usize;
    for (at, numbers) in numbers.chunks_mut(together).enumerate() {
        let mut word = word(bytes, at * together * width as usize);
        for number in numbers {
            *number = T::lowest(word & mask(width));
            word = word.checked_shr(width).unwrap_or(0);
        }
    }
}

/// At least 57 bits from this one on; zeros beyond the end.
fn word(bytes: &[u8], bit: usize) -> u64 {
    let rest = bytes.get(bit / 8..).unwrap_or_default();
    let word = match rest.first_chunk::<8>() {
        Some(word) => u64::from_le_bytes(*word),
        None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    word >> (bit % 8)
}

fn mask(width: u32) -> u64 {
    (1 << width) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_unpacks_in_every_width() {
        assert_eq!([width(0), width(1), width(255), width(256), width(u32::MAX)], [0, 1, 8, 9, 32]);
        for bits in 0..=32 {
            let mask = ((1_u64 << bits) - 1) as u32;
            let numbers: Vec<u32> = (0..1003_u32).map(|at| at.wrapping_mul(2_654_435_761) & mask).collect();
            let bytes = pack(&numbers, bits);
            assert_eq!(bytes.len(), (numbers.len() * bits as usize).div_ceil(8));
            let mut unpacked = vec![0_u32; numbers.len()];
            unpack(&bytes, bits, &mut unpacked);
            assert_eq!(unpacked, numbers);
            assert!((0..numbers.len()).all(|at| get(&bytes, bits, at) == numbers[at]));
        }
        let mut more = [9_u16; 5];
        unpack(&[1, 2], 8, &mut more);
        assert_eq!(more, [1, 2, 0, 0, 0]);
    }
}
