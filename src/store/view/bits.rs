//! Numbers in as few bits each as the highest of them needs, least bit first.

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
    let bit = at * width as usize;
    let rest = bytes.get(bit / 8..).unwrap_or_default();
    let word = match rest.first_chunk::<8>() {
        Some(word) => u64::from_le_bytes(*word),
        None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    ((word >> (bit % 8)) & ((1 << width) - 1)) as u32
}

/// So many numbers from the beginning, or as many as there are.
pub fn unpack(bytes: &[u8], width: u32, count: usize) -> impl Iterator<Item = u32> + '_ {
    let there = (bytes.len() * 8).checked_div(width as usize).unwrap_or(count);
    (0..count.min(there)).map(move |at| get(bytes, width, at))
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
            assert_eq!(unpack(&bytes, bits, numbers.len()).collect::<Vec<_>>(), numbers);
            assert!((0..numbers.len()).all(|at| get(&bytes, bits, at) == numbers[at]));
        }
        assert_eq!(unpack(&[1, 2], 8, 9).count(), 2);
    }
}
