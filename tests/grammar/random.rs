//! Chance that can be repeated: everything follows from a seed.

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn next(&mut self) -> u64 {
        // SplitMix64: good enough for choices, and four lines.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// The text with a few characters lost, doubled, moved or replaced.
    pub fn mutilate(&mut self, text: &str) -> String {
        let strange: Vec<char> = "\"\\#;,.:=!<>()[]{}$%-/\n\u{0}\u{301}“é工9a ".chars().collect();
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(3) {
            let at = self.below(characters.len() + 1);
            let end = (at + self.below(6)).min(characters.len());
            match self.below(4) {
                0 => drop(characters.drain(at..end)),
                1 => {
                    let copied: Vec<char> = characters[at..end].to_vec();
                    let place = self.below(characters.len() + 1);
                    drop(characters.splice(place..place, copied));
                }
                _ => characters.insert(at, self.one_of(&strange)),
            }
        }
        characters.into_iter().collect()
    }
}
