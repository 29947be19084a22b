//! Repeatable chance. Small and of our own, so that an upgrade of a random-number crate never changes a company.

/// A stream of numbers that depends on its seeds alone (the `SplitMix64` generator).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Equal seeds give equal streams; any different seed gives an unrelated one.
    pub(crate) fn new(seeds: &[u64]) -> Self {
        let mut dice = Self(0x5EED);
        for seed in seeds {
            dice.0 ^= *seed;
            dice.0 = dice.next();
        }
        dice
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0..bound`; 0 for a bound of 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let high = u64::from(u32::MAX) & (self.next() >> 32);
        u32::try_from((high * u64::from(bound)) >> 32).unwrap_or_default()
    }

    pub(crate) fn index(&mut self, length: usize) -> usize {
        self.below(u32::try_from(length).unwrap_or(u32::MAX)) as usize
    }

    /// True `percent` times out of a hundred.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.index(choices.len())]
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }
}

/// A number for a word, to seed with (FNV-1a).
pub(crate) fn word(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}
