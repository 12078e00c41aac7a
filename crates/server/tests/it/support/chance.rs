//! Repeatable chance, and how often a test repeats itself.

use keystead_domain::{Random, SeededRandom};

/// A sequence of numbers from a seed, printed when a test fails through the seed in its name.
pub struct Chance(SeededRandom);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(SeededRandom::new(seed))
    }
    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % end
    }
}

/// `short` in the tests, `long` in a soak (`cargo xtask soak` sets `KEYSTEAD_TEST_SOAK`).
pub fn times(short: u32, long: u32) -> u32 {
    if std::env::var_os("KEYSTEAD_TEST_SOAK").is_some() { long } else { short }
}
