//! Codes into the dictionary of a column, in as few bytes as they need.

use std::ops::Range;

/// Numbers of 1, 2 or 4 bytes each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Codes {
    /// Up to 255.
    Bytes(Vec<u8>),
    /// Up to 65,535.
    Words(Vec<u16>),
    /// All others.
    Longs(Vec<u32>),
}

impl Default for Codes {
    fn default() -> Self {
        Codes::Bytes(Vec::new())
    }
}

/// Runs `$body` with `$codes` bound to the slice, whatever its width.
macro_rules! with_codes {
    ($all:expr, $codes:ident => $body:expr) => {
        match $all {
            Codes::Bytes($codes) => $body,
            Codes::Words($codes) => $body,
            Codes::Longs($codes) => $body,
        }
    };
}

impl Codes {
    /// These codes, none of which is above `highest`.
    pub fn new(codes: &[u32], highest: usize) -> Codes {
        // The casts lose nothing: no code is above `highest`.
        match highest {
            0..=0xff => Codes::Bytes(codes.iter().map(|code| *code as u8).collect()),
            0x100..=0xffff => Codes::Words(codes.iter().map(|code| *code as u16).collect()),
            _ => Codes::Longs(codes.to_vec()),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        with_codes!(self, codes => codes.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code at a position; 0 beyond the end.
    pub fn get(&self, at: usize) -> u32 {
        match self {
            Codes::Bytes(codes) => codes.get(at).copied().unwrap_or(0).into(),
            Codes::Words(codes) => codes.get(at).copied().unwrap_or(0).into(),
            Codes::Longs(codes) => codes.get(at).copied().unwrap_or(0),
        }
    }

    /// All of them, in order.
    pub fn to_vec(&self) -> Vec<u32> {
        (0..self.len()).map(|at| self.get(at)).collect()
    }

    /// How often each code up to `highest` occurs.
    pub fn counts(&self, highest: usize) -> Vec<u32> {
        let mut counts = vec![0; highest + 1];
        with_codes!(self, codes => codes.iter().for_each(|code| counts[*code as usize] += 1));
        counts
    }

    /// Bit by bit, least first, whether a code lies in one of these ranges, behind `skipped` bits, less than eight,
    /// that are not set.
    pub fn bits(&self, wanted: &[Range<u32>], skipped: usize) -> Vec<u8> {
        let mut bits = vec![0u8; (self.len() + skipped).div_ceil(8)];
        for range in wanted.iter().filter(|range| !range.is_empty()) {
            with_codes!(self, codes => set_bits(&mut bits, codes, range, skipped));
        }
        bits
    }

    /// Those of `candidates` that have a code in these ranges; candidate `first` has the code at position 0.
    pub fn holding_among(
        &self,
        first: u32,
        candidates: impl Iterator<Item = u32>,
        wanted: &[Range<u32>],
    ) -> Vec<u32> {
        with_codes!(self, codes => among(codes, first, candidates, wanted))
    }

    /// Adds what belongs to each code from `start` on: `sums[i] += added[code]`, as far as both go; sums that would not fit
    /// wrap.
    pub fn add_by_code(&self, sums: &mut [u32], start: usize, added: &[u32]) {
        if let Codes::Bytes(codes) = self {
            // Something for every byte, so that none needs to be checked.
            let mut all = [0; 256];
            all.iter_mut().zip(added).for_each(|(to, from)| *to = *from);
            let codes = codes.get(start..).unwrap_or_default();
            sums.iter_mut()
                .zip(codes)
                .for_each(|(sum, code)| *sum = sum.wrapping_add(all[usize::from(*code)]));
            return;
        }
        with_codes!(self, codes => {
            let codes = codes.get(start..).unwrap_or_default();
            sums.iter_mut().zip(codes).for_each(|(sum, code)| *sum = sum.wrapping_add(added[*code as usize]));
        });
    }
}

/// A code of some width.
pub trait Code: Copy + Default + Ord + Into<u32> {
    /// The lowest bits of a word.
    fn lowest(word: u64) -> Self;
    /// 1 if it lies in a range, given by its first code and how many more there are.
    fn is_in(self, first: u32, more: u32) -> u8;
}

macro_rules! code {
    ($($width:ty),*) => {$(
        impl Code for $width {
            fn lowest(word: u64) -> Self {
                word as $width
            }

            // Both fit: there are no codes beyond what the width holds. To compare in that width makes the longest vectors.
            fn is_in(self, first: u32, more: u32) -> u8 {
                u8::from(self.wrapping_sub(first as $width) <= more as $width)
            }
        }
    )*};
}

code!(u8, u16, u32);

fn among<T: Code>(
    codes: &[T],
    first: u32,
    candidates: impl Iterator<Item = u32>,
    wanted: &[Range<u32>],
) -> Vec<u32> {
    let code = |candidate: u32| codes.get(candidate.checked_sub(first)? as usize).map(|code| (*code).into());
    let is_wanted = |code: u32| wanted.iter().any(|range| range.contains(&code));
    candidates.filter(|candidate| code(*candidate).is_some_and(is_wanted)).collect()
}

/// So many codes at a time.
const AT_A_TIME: usize = 64;

/// Sets the bits of the codes in a range: the inner loop of every filter on imported data. Comparisons apart from bits,
/// so that the compiler makes vectors of the former.
fn set_bits<T: Code>(bits: &mut [u8], codes: &[T], wanted: &Range<u32>, skipped: usize) {
    let (first, more) = (wanted.start, wanted.end - wanted.start - 1);
    let (before, codes) = codes.split_at(codes.len().min((8 - skipped) % 8));
    if skipped > 0 {
        let bit = |(at, code): (usize, &T)| code.is_in(first, more) << (at + skipped);
        bits[0] |= before.iter().enumerate().map(bit).fold(0, |byte, bit| byte | bit);
    }
    let bits = &mut bits[usize::from(skipped > 0)..];
    for (bits, codes) in bits.chunks_mut(AT_A_TIME / 8).zip(codes.chunks(AT_A_TIME)) {
        let mut is_in = [0; AT_A_TIME];
        is_in.iter_mut().zip(codes).for_each(|(is_in, code)| *is_in = code.is_in(first, more));
        for (byte, eight) in bits.iter_mut().zip(is_in.as_chunks::<8>().0) {
            // The product has the least bits of the eight bytes in its highest byte, in order.
            *byte |= (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_the_same_in_every_width() {
        for highest in [200, 60_000, 100_000] {
            let codes: Vec<u32> = (0..1003).map(|at| at * 37 % (highest + 1)).collect();
            let packed = Codes::new(&codes, highest as usize);
            assert!((0..codes.len()).all(|at| packed.get(at) == codes[at]));
            let wanted = [3..40, 90..91];
            for skipped in 0..8 {
                let bits = packed.bits(&wanted, skipped);
                for (at, code) in codes.iter().enumerate() {
                    let bit = at + skipped;
                    let is_wanted = wanted.iter().any(|range| range.contains(code));
                    assert_eq!(bits[bit / 8] >> (bit % 8) & 1 == 1, is_wanted);
                }
                assert!(bits[0].trailing_zeros() as usize >= skipped);
            }
        }
    }
}
