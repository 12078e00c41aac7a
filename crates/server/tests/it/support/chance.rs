//! Repeatable chance, and how often a test repeats itself.

/// A sequence of numbers from a seed (SplitMix64), printed when a test fails through the seed in its name.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }
}

/// `short` in the tests, `long` in a soak (`cargo xtask soak` sets `KEYSTEAD_TEST_SOAK`).
pub fn times(short: u32, long: u32) -> u32 {
    if std::env::var_os("KEYSTEAD_TEST_SOAK").is_some() { long } else { short }
}
