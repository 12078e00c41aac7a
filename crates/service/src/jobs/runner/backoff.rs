//! How long a failed job waits.

use keystead_domain::Random;

const FIRST_MILLIS: u64 = 5_000;
const LONGEST_MILLIS: u64 = 3_600_000;

/// How many milliseconds pass before attempt `attempt + 1`: 5 s, doubled with each failure up to an hour, less a random part
/// of up to a half, so that what failed together is not tried together again.
pub(super) fn backoff_millis(attempt: i32, random: &dyn Random) -> i64 {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(0).min(32);
    let whole = FIRST_MILLIS.saturating_mul(1 << doublings).min(LONGEST_MILLIS);
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    let half = whole / 2;
    let millis = whole - u64::from_le_bytes(bytes) % (half + 1);
    i64::try_from(millis).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_domain::SeededRandom;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_lies_between_half_and_whole_and_never_exceeds_an_hour(attempt in -3..200_i32, seed: u64) {
            let millis = backoff_millis(attempt, &SeededRandom::new(seed));
            let doublings = attempt.clamp(1, 20) - 1;
            let whole = (5_000_i64 << doublings).min(3_600_000);
            prop_assert!(millis >= whole / 2 && millis <= whole, "{}", millis);
        }
    }
}
