//! A stored hash, of either kind.

use super::{HashError, HashSettings, Memory, argon2_hash::Argon2Hash, bcrypt_hash::BcryptHash};

pub(super) enum StoredHash<'a> {
    Argon2(Argon2Hash),
    Bcrypt(BcryptHash<'a>),
}

impl<'a> StoredHash<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, HashError> {
        if text.starts_with("$argon2") {
            Argon2Hash::parse(text).map(Self::Argon2)
        } else {
            BcryptHash::parse(text).map(Self::Bcrypt)
        }
    }

    pub(super) fn verify(&self, memory: &mut Memory, password: &[u8]) -> Result<bool, HashError> {
        match self {
            Self::Argon2(hash) => hash.verify(memory, password),
            Self::Bcrypt(hash) => hash.verify(password),
        }
    }

    pub(super) fn is_current(&self, settings: &HashSettings) -> bool {
        match self {
            Self::Argon2(hash) => hash.is_current(settings),
            Self::Bcrypt(hash) => hash.is_current(settings),
        }
    }
}
