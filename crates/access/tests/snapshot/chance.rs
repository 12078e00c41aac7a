//! Repeatable choices (SplitMix64).

#[derive(Clone, Debug)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
    pub(crate) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }
    pub(crate) fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
    /// Some of them, each perhaps.
    pub(crate) fn some<T: Clone>(&mut self, choices: &[T], most: usize) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| self.of(choices)).collect()
    }
}

/// `short` in the tests, `long` in a soak (`cargo xtask soak` sets `KEYSTEAD_TEST_SOAK`).
pub(crate) fn cases(short: u32, long: u32) -> u32 {
    if std::env::var_os("KEYSTEAD_TEST_SOAK").is_some() { long } else { short }
}
