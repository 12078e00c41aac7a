//! Passwords: Argon2id (RFC 9106) and bcrypt, and the bounded pool that runs them.
//!
//! The setting decides how new hashes are made. Stored hashes of the other kind, with other
//! costs, or from other programs are accepted as they are, and replaced at the next sign-in.
//!
//! bcrypt reads 72 bytes of a password and no more. A longer one is never cut silently: it is
//! hashed in the form `$bcrypt-sha256$` (see [`hash`]).
//!
//! Requests go through a [`PasswordPool`]; [`hash`] and [`verify`] are for commands and seeds.

mod argon2_hash;
mod bcrypt_hash;
mod memory;
mod pool;
mod queue;
mod settings;
mod stored;
mod worker;

pub use pool::{ClientPool, PasswordPool, PoolError, PoolSettings, Verdict};
pub use settings::HashSettings;

use keystead_domain::Random;
use memory::Memory;
use stored::StoredHash;

/// Why a hash could not be made or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The settings are out of bounds.
    #[error("the password hash settings are out of bounds: {0}")]
    BadSettings(&'static str),
    /// The text is not a password hash of a supported kind.
    #[error("not a password hash of a supported kind")]
    Malformed,
    /// The stored hash asks for more memory or time than any honest one.
    #[error("the password hash asks for too much memory or time")]
    TooCostly,
    /// There is not enough memory.
    #[error("not enough memory to hash a password")]
    OutOfMemory,
    /// The hashing library failed.
    #[error("the hashing library failed")]
    Library,
}

/// Hashes `password` with a fresh salt.
///
/// Argon2id gives `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. bcrypt gives `$2b$…`; for a password
/// of more than 72 bytes, or with a zero byte, where bcrypt would stop reading, it gives
/// `$bcrypt-sha256$v=2,t=2b,r=…$salt$hash`: bcrypt over HMAC-SHA256 of the password keyed with
/// the salt (the format of Python's passlib).
///
/// # Errors
/// [`HashError::OutOfMemory`] or [`HashError::Library`].
pub fn hash(password: &[u8], settings: &HashSettings, random: &dyn Random) -> Result<String, HashError> {
    settings.hash(&mut Memory::default(), password, random)
}

/// Whether `password` is the one behind `stored`, a hash of either kind, whatever the setting.
///
/// # Errors
/// [`HashError::Malformed`] or [`HashError::TooCostly`] when `stored` cannot be used;
/// [`HashError::OutOfMemory`] or [`HashError::Library`].
pub fn verify(password: &[u8], stored: &str) -> Result<bool, HashError> {
    StoredHash::parse(stored)?.verify(&mut Memory::default(), password)
}

/// Whether `stored` is anything other than what `settings` make now: another kind, other costs
/// (also higher ones: equal costs keep the time of a failed sign-in equal), an older version, or
/// unreadable.
#[must_use]
pub fn needs_rehash(stored: &str, settings: &HashSettings) -> bool {
    StoredHash::parse(stored).map_or(true, |stored| !stored.is_current(settings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_domain::SystemRandom;
    use proptest::prelude::*;

    fn cheap() -> [HashSettings; 2] {
        [HashSettings::argon2id(64, 1, 1).unwrap(), HashSettings::bcrypt(4).unwrap()]
    }

    #[test]
    fn a_hash_of_either_kind_verifies_whatever_the_setting() {
        for settings in cheap() {
            let stored = hash(b"correct horse", &settings, &SystemRandom).unwrap();
            assert!(verify(b"correct horse", &stored).unwrap());
            assert!(!verify(b"correct horsf", &stored).unwrap());
            assert!(!verify(b"", &stored).unwrap());
            assert_ne!(stored, hash(b"correct horse", &settings, &SystemRandom).unwrap());
        }
    }

    #[test]
    fn another_kind_or_cost_needs_rehashing() {
        let [argon2, bcrypt] = cheap();
        for (settings, others) in [
            (
                argon2,
                [
                    HashSettings::argon2id(72, 1, 1).unwrap(),
                    HashSettings::argon2id(64, 2, 1).unwrap(),
                    HashSettings::argon2id(64, 1, 2).unwrap(),
                    bcrypt,
                ],
            ),
            (bcrypt, [argon2, HashSettings::bcrypt(5).unwrap(), HashSettings::default(), argon2]),
        ] {
            let long = [b'x'; 100];
            for password in [&b"password"[..], &long] {
                let stored = hash(password, &settings, &SystemRandom).unwrap();
                assert!(!needs_rehash(&stored, &settings), "{stored}");
                for other in others {
                    assert!(needs_rehash(&stored, &other), "{stored}");
                }
            }
        }
        assert!(needs_rehash("", &argon2));
    }

    /// What programs in other languages made (Python: argon2-cffi 25.1, bcrypt 5.0, passlib 1.7.4).
    #[test]
    fn hashes_from_other_programs_verify() {
        let argon2id =
            "$argon2id$v=19$m=19456,t=2,p=1$J1D5rpaaWe7S3mAAZwCAZw$YR5Y0soYKG4a0xnmodxzqlFPNy3tCT66lo0G/v307iI";
        assert!(!needs_rehash(argon2id, &HashSettings::default()));
        let (long, cyrillic, edge) = ("L".repeat(100), "ключ".repeat(30), "x".repeat(72));
        for (password, stored) in [
            ("correct horse battery staple", argon2id),
            ("pässwörd", "$argon2id$v=19$m=1024,t=3,p=4$5odXObLSoTs$UaTmpRAHHqLnfwQAbnErkcSzVwHoJuYQ"),
            (
                "argon2i",
                "$argon2i$v=19$m=256,t=2,p=1$m91WSb89atjLzF6wlGQfag$bFYjGBBjMuQPnccx+ywkvPeFU6zuEcXTAl+og8cOK8g",
            ),
            (
                "argon2d",
                "$argon2d$v=19$m=256,t=2,p=1$DLMc8XnCWso7vawDxfEwng$T0x984i4EWtczw5icAcZN2JvUR9elS39hXJFmXBazdQ",
            ),
            ("correct horse battery staple", "$2b$05$ZWeqTZM.KeTT0euhH.rQyuprye4vNJJaFDExeEq5tXVHvlNdn8wR6"),
            (&edge, "$2b$04$kZn5DbCb.vz7n.KI7jb4ju7RE6wu../TjPe4sKOvGbsLfaWEaWV52"),
            ("legacy", "$2a$04$6ZF5yY3AQp0oQArScgtsguFQDLggv2NDjf.M6FUcBRb4dUwyO9V9W"),
            (&long, "$bcrypt-sha256$v=2,t=2b,r=4$6j2loLau7grTu9jHH678a.$RG7Tv37NDtPAOtNiLIgWCAS0c/UYwgy"),
            (&cyrillic, "$bcrypt-sha256$v=2,t=2b,r=4$FLwYs4.KRXJtwUuvR13/tu$J4.iM8fqhbOX7qD4c2o0m6lGOI/5II2"),
        ] {
            assert!(verify(password.as_bytes(), stored).unwrap(), "{stored}");
            assert!(!verify(b"wrong", stored).unwrap(), "{stored}");
        }
    }

    #[test]
    fn a_hash_that_asks_for_too_much_is_refused_without_work() {
        let salt_and_hash = "c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaA";
        for parameters in ["m=1048577,t=1,p=1", "m=1048576,t=5,p=1", "m=64,t=1000,p=1", "m=1024,t=1,p=65"] {
            let stored = format!("$argon2id$v=19${parameters}${salt_and_hash}");
            assert_eq!(verify(b"x", &stored), Err(HashError::TooCostly), "{stored}");
        }
        let stored = "$2b$17$ZWeqTZM.KeTT0euhH.rQyuprye4vNJJaFDExeEq5tXVHvlNdn8wR6";
        assert_eq!(verify(b"x", stored), Err(HashError::TooCostly));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn any_password_verifies_and_no_other(password: Vec<u8>, other: Vec<u8>) {
            for settings in cheap() {
                let stored = hash(&password, &settings, &SystemRandom).unwrap();
                prop_assert!(verify(&password, &stored).unwrap());
                prop_assert_eq!(verify(&other, &stored).unwrap(), password == other);
            }
        }

        #[test]
        fn a_long_password_counts_to_its_last_byte(length in 72_usize..300, at in 0_usize..300) {
            for settings in cheap() {
                let password = vec![b'p'; length];
                let stored = hash(&password, &settings, &SystemRandom).unwrap();
                let mut other = password.clone();
                other[at % length] = b'q';
                prop_assert!(verify(&password, &stored).unwrap());
                prop_assert!(!verify(&other, &stored).unwrap());
                prop_assert!(!verify(&password[..length - 1], &stored).unwrap());
            }
        }

        #[test]
        fn arbitrary_hashes_do_no_harm(text: String, tail in "[$=,a-z0-9A-Z./+]{0,80}") {
            let _ = verify(b"password", &text);
            for kind in ["$argon2id$", "$2b$", "$bcrypt-sha256$", "$argon2id$v=19$m=64,t=1,p=1$"] {
                let _ = verify(b"password", &format!("{kind}{tail}"));
            }
        }
    }
}
