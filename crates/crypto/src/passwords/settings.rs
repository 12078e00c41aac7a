//! How new password hashes are made.

use super::{HashError, Memory, argon2_hash::Argon2Hash, bcrypt_hash::BcryptHash};
use keystead_domain::Random;

/// The algorithm and its costs, within bounds. By default Argon2id with 19 MiB, 2 passes and
/// 1 lane (OWASP's first recommendation).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashSettings(pub(super) Algorithm);

/// Which algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Argon2id(Argon2Costs),
    Bcrypt { rounds: u32 },
}

/// The costs of Argon2 (RFC 9106, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Argon2Costs {
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

impl Argon2Costs {
    /// No honest hash costs more, whoever made it: 1 GiB, 100 passes, 64 lanes, and 4 GiB
    /// written in all.
    pub(super) const fn check(self) -> Result<Self, HashError> {
        let Self { memory_kib, passes, lanes } = self;
        let written = memory_kib as u64 * passes as u64;
        if memory_kib > 1 << 20 || passes > 100 || lanes > 64 || written > 1 << 22 {
            return Err(HashError::TooCostly);
        }
        if passes == 0 || lanes == 0 || memory_kib < 8 * lanes {
            return Err(HashError::Malformed);
        }
        Ok(self)
    }
}

/// bcrypt with more than 2^16 rounds takes several seconds.
pub(super) const fn check_rounds(rounds: u32) -> Result<u32, HashError> {
    match rounds {
        4..=16 => Ok(rounds),
        17.. => Err(HashError::TooCostly),
        _ => Err(HashError::Malformed),
    }
}

impl Default for HashSettings {
    fn default() -> Self {
        Self(Algorithm::Argon2id(Argon2Costs { memory_kib: 19_456, passes: 2, lanes: 1 }))
    }
}

impl HashSettings {
    /// bcrypt's rounds when nothing else is said.
    pub const DEFAULT_BCRYPT_ROUNDS: u32 = 12;

    /// Argon2id with so many KiB of memory, passes over it and lanes in it. Lanes are computed
    /// one after the other: the pool's threads already use the cores.
    ///
    /// # Errors
    /// [`HashError::BadSettings`] beyond 1 GiB, 100 passes, 64 lanes or 4 GiB written in all,
    /// below 8 KiB a lane, and for zeros.
    pub const fn argon2id(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, HashError> {
        match (Argon2Costs { memory_kib, passes, lanes }).check() {
            Ok(costs) => Ok(Self(Algorithm::Argon2id(costs))),
            Err(_) => Err(HashError::BadSettings(
                "Argon2id takes 1 to 64 lanes, 8 KiB a lane to 1 GiB, 1 to 100 passes, \
                 and memory times passes at most 4 GiB",
            )),
        }
    }

    /// bcrypt with 2^`rounds` rounds.
    ///
    /// # Errors
    /// [`HashError::BadSettings`] unless 4 to 16.
    pub const fn bcrypt(rounds: u32) -> Result<Self, HashError> {
        match check_rounds(rounds) {
            Ok(rounds) => Ok(Self(Algorithm::Bcrypt { rounds })),
            Err(_) => Err(HashError::BadSettings("bcrypt takes 4 to 16 rounds")),
        }
    }

    pub(super) fn hash(&self, memory: &mut Memory, password: &[u8], random: &dyn Random) -> Result<String, HashError> {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        match self.0 {
            Algorithm::Argon2id(costs) => Argon2Hash::make(memory, password, costs, &salt),
            Algorithm::Bcrypt { rounds } => BcryptHash::make(password, rounds, salt),
        }
    }

    /// A hash of nothing, with these settings: verifying against it costs what verifying a real
    /// one costs.
    pub(super) fn decoy(&self, random: &dyn Random) -> String {
        let (mut salt, mut output) = ([0; 16], [0; 32]);
        random.fill(&mut salt);
        random.fill(&mut output);
        match self.0 {
            Algorithm::Argon2id(costs) => Argon2Hash::write(costs, &salt, &output),
            Algorithm::Bcrypt { rounds } => BcryptHash::write(rounds, salt, &output[..23]),
        }
    }

    /// How many blocks of memory a hash needs.
    pub(super) fn blocks(&self) -> usize {
        match self.0 {
            Algorithm::Argon2id(costs) => costs.memory_kib as usize,
            Algorithm::Bcrypt { .. } => 0,
        }
    }

    /// Roughly how long a hash takes, in milliseconds, on a slow core: 1.5 GiB written per second
    /// for Argon2id, 80 µs a round for bcrypt. For advice on when to try again.
    pub(super) fn estimated_millis(&self) -> u64 {
        match self.0 {
            Algorithm::Argon2id(costs) => u64::from(costs.memory_kib) * u64::from(costs.passes) / 1573 + 1,
            Algorithm::Bcrypt { rounds } => (80 << rounds) / 1000 + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passwords::{needs_rehash, verify};
    use keystead_domain::SystemRandom;

    #[test]
    fn settings_are_bounded() {
        for (memory_kib, passes, lanes) in
            [(7, 1, 1), (1 << 20 | 1, 1, 1), (64, 0, 1), (64, 1, 0), (64, 101, 1), (1 << 20, 5, 1), (600, 1, 65)]
        {
            let refused = HashSettings::argon2id(memory_kib, passes, lanes);
            assert!(matches!(refused, Err(HashError::BadSettings(_))));
        }
        assert!(HashSettings::argon2id(1 << 20, 4, 1).is_ok());
        assert!(HashSettings::bcrypt(3).is_err() && HashSettings::bcrypt(17).is_err());
        assert!(HashSettings::argon2id(8, 1, 1).is_ok() && HashSettings::bcrypt(16).is_ok());
    }

    #[test]
    fn the_decoy_is_a_current_hash_that_nothing_matches() {
        for settings in [HashSettings::argon2id(64, 1, 1), HashSettings::bcrypt(4)] {
            let settings = settings.unwrap();
            let decoy = settings.decoy(&SystemRandom);
            assert!(!needs_rehash(&decoy, &settings), "{decoy}");
            assert!(!verify(b"", &decoy).unwrap());
        }
    }
}
