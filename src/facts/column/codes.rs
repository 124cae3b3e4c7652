//! Codes into a dictionary, in as few bytes as they need.

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

    /// Bit by bit, least first, whether a code lies in one of these ranges.
    pub fn bits(&self, wanted: &[Range<u32>]) -> Vec<u8> {
        let mut bits = vec![0u8; self.len().div_ceil(8)];
        for range in wanted {
            with_codes!(self, codes => set_bits(&mut bits, codes, range));
        }
        bits
    }

    /// Passes over the codes from `start` on, together with `keys`: `keys[i] = keys[i] * radix + place[code]`.
    pub fn fold_into(&self, keys: &mut [u32], start: usize, radix: u32, place: &[u32]) {
        if let Codes::Bytes(codes) = self {
            // A place for every byte, so that none needs to be checked.
            let mut places = [0; 256];
            places.iter_mut().zip(place).for_each(|(to, from)| *to = *from);
            for (key, code) in keys.iter_mut().zip(&codes[start..]) {
                *key = *key * radix + places[usize::from(*code)];
            }
            return;
        }
        with_codes!(self, codes => {
            for (key, code) in keys.iter_mut().zip(&codes[start..]) {
                *key = *key * radix + place[*code as usize];
            }
        });
    }
}

/// Sets the bits of the codes in a range: the inner loop of every filter on imported data. Eight at a time, and
/// one comparison each, so that the compiler makes vectors of them.
fn set_bits<T: Copy + Into<u32>>(bits: &mut [u8], codes: &[T], wanted: &Range<u32>) {
    let width = wanted.end.saturating_sub(wanted.start);
    let is_wanted = |code: T| u8::from(code.into().wrapping_sub(wanted.start) < width);
    let (eights, rest) = codes.as_chunks::<8>();
    for (byte, eight) in bits.iter_mut().zip(eights) {
        *byte |= (0..8).fold(0, |byte, at| byte | is_wanted(eight[at]) << at);
    }
    if let Some(byte) = bits.get_mut(eights.len()) {
        *byte |= rest.iter().enumerate().fold(0, |byte, (at, code)| byte | is_wanted(*code) << at);
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
            let bits = packed.bits(&wanted);
            for (at, code) in codes.iter().enumerate() {
                assert_eq!(
                    bits[at / 8] >> (at % 8) & 1 == 1,
                    wanted.iter().any(|range| range.contains(code))
                );
            }
        }
    }
}
