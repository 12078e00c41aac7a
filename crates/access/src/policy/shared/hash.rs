//! Hashes of texts and of numbers.

use std::hash::{BuildHasher, RandomState};
use uuid::Uuid;

/// 2^61 - 1, a prime.
const PRIME: u64 = (1 << 61) - 1;

/// Hashes texts as polynomials over a prime field at a secret point: nobody who chooses texts can make two of them
/// meet more often than chance does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextHash {
    point: u64,
}

impl Default for TextHash {
    fn default() -> Self {
        // The point must only be secret; no result of a decision depends on it.
        Self { point: RandomState::new().hash_one(0u8) % (PRIME - 2) + 2 }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "both halves are below 2^61")]
fn times(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    let sum = (product as u64 & PRIME) + (product >> 61) as u64;
    if sum >= PRIME { sum - PRIME } else { sum }
}

fn plus(left: u64, right: u64) -> u64 {
    let sum = left + right;
    if sum >= PRIME { sum - PRIME } else { sum }
}

impl TextHash {
    /// The hash of a text, seven bytes at a time.
    pub(crate) fn of(self, text: &str) -> u64 {
        let mut state = text.len() as u64 + 1;
        let (chunks, rest) = text.as_bytes().as_chunks::<7>();
        for [a, b, c, d, e, f, g] in chunks {
            let number = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, 0]);
            state = plus(times(state, self.point), number);
        }
        let rest = rest.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
        scattered(plus(times(state, self.point), rest))
    }
    /// Adds one byte to the state of a hash that is wanted for every beginning of a text.
    pub(crate) fn next(self, state: u64, byte: u8) -> u64 {
        plus(times(state, self.point), u64::from(byte) + 1)
    }
}

/// Spreads what differs over all bits.
pub(crate) fn scattered(value: u64) -> u64 {
    let value = (value ^ (value >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (value ^ (value >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

/// The hash of a few small numbers.
pub(crate) fn of_numbers(numbers: &[u32]) -> u64 {
    let fold =
        |state: u64, number: &u32| (state ^ u64::from(*number)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    scattered(numbers.iter().fold(0x51_7C_C1_B7, fold))
}

/// The hash of an identifier. Programs make those, so nobody can choose many that meet.
pub(crate) fn of_uuid(id: Uuid) -> u64 {
    let (high, low) = id.as_u64_pair();
    scattered(high.rotate_left(23) ^ scattered(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_meet_and_others_do_not() {
        let hash = TextHash::default();
        assert_eq!(hash.of("document:17"), hash.of("document:17"));
        let mut seen: Vec<_> = (0..10_000).map(|number| hash.of(&format!("document:{number}"))).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 10_000);
        assert_ne!(hash.of("a"), hash.of("a\0"));
    }
}
