//! bcrypt hashes: `$2b$12$…`, and `$bcrypt-sha256$v=2,t=2b,r=12$salt$hash` for what bcrypt alone
//! would cut.

use super::{
    HashError,
    settings::{Algorithm, HashSettings, check_rounds},
};
use aws_lc_rs::hmac;
use base64::{
    Engine,
    alphabet::BCRYPT,
    engine::{
        GeneralPurpose,
        general_purpose::{NO_PAD, STANDARD},
    },
};
use std::borrow::Cow;
use zeroize::Zeroizing;

const BCRYPT_64: GeneralPurpose = GeneralPurpose::new(&BCRYPT, NO_PAD);

/// How much of a password bcrypt reads, in bytes.
const LONGEST: usize = 72;
/// 22 characters of salt, 31 of hash.
const SALT_LENGTH: usize = 22;
const DIGEST_LENGTH: usize = 53;
const PREHASHED: &str = "$bcrypt-sha256$v=2,t=2b,r=";

/// A hash that was read.
pub(super) struct BcryptHash<'a> {
    rounds: u32,
    /// Whether bcrypt ran over HMAC-SHA256 of the password.
    prehashed: bool,
    /// Whether the version is 2b, the one that is made today.
    current: bool,
    /// The plain form, which the library reads.
    text: Cow<'a, str>,
}

impl<'a> BcryptHash<'a> {
    pub(super) fn make(password: &[u8], rounds: u32, salt: [u8; 16]) -> Result<String, HashError> {
        let run = |input: &[u8]| {
            let parts = bcrypt::hash_with_salt(input, rounds, salt);
            Ok(parts.map_err(|_| HashError::Library)?.to_string())
        };
        if password.len() <= LONGEST && !password.contains(&0) {
            return run(password);
        }
        let hashed = run(prehash(password, &BCRYPT_64.encode(salt)).as_bytes())?;
        let (salt, digest) = split(&hashed).ok_or(HashError::Library)?;
        Ok(format!("{PREHASHED}{rounds}${salt}${digest}"))
    }

    pub(super) fn write(rounds: u32, salt: [u8; 16], output: &[u8]) -> String {
        let encode = |bytes: &[u8]| BCRYPT_64.encode(bytes);
        format!("$2b${rounds:02}${}{}", encode(&salt), encode(output))
    }

    pub(super) fn parse(text: &'a str) -> Result<Self, HashError> {
        let hash = Self::read(text).ok_or(HashError::Malformed)?;
        check_rounds(hash.rounds)?;
        hash.text.parse::<bcrypt::HashParts>().map_err(|_| HashError::Malformed)?;
        Ok(hash)
    }

    fn read(text: &'a str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix(PREHASHED) {
            let (rounds, salt_and_digest) = rest.split_once('$')?;
            let rounds = rounds.parse().ok()?;
            let (salt, digest) = salt_and_digest.split_once('$')?;
            if salt.len() != SALT_LENGTH {
                return None;
            }
            let text = Cow::Owned(format!("$2b${rounds:02}${salt}{digest}"));
            return Some(Self { rounds, prehashed: true, current: true, text });
        }
        let (version, rest) = text.strip_prefix("$2")?.split_once('$')?;
        // The letters mark repaired mistakes of old implementations; the sound computation is
        // the same for all.
        if !matches!(version, "a" | "b" | "x" | "y") {
            return None;
        }
        let rounds = rest.split_once('$')?.0.parse().ok()?;
        Some(Self { rounds, prehashed: false, current: version == "b", text: Cow::Borrowed(text) })
    }

    /// A plain hash from elsewhere may have been made from the first 72 bytes of a longer
    /// password, and is verified the same way.
    pub(super) fn verify(&self, password: &[u8]) -> Result<bool, HashError> {
        let verify = |input: &[u8]| bcrypt::verify(input, &self.text).map_err(|_| HashError::Library);
        if !self.prehashed {
            return verify(password);
        }
        let (salt, _) = split(&self.text).ok_or(HashError::Malformed)?;
        verify(prehash(password, salt).as_bytes())
    }

    pub(super) fn is_current(&self, settings: &HashSettings) -> bool {
        settings.0 == Algorithm::Bcrypt { rounds: self.rounds } && self.current
    }
}

/// Salt and digest of a plain hash.
fn split(text: &str) -> Option<(&str, &str)> {
    text.get(text.len().checked_sub(DIGEST_LENGTH)?..)?.split_at_checked(SALT_LENGTH)
}

/// 44 characters without zero bytes. The salt is the key, so that this is not a plain SHA-256
/// which a list of hashes from elsewhere could be tried against.
fn prehash(password: &[u8], salt: &str) -> Zeroizing<String> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, salt.as_bytes());
    Zeroizing::new(STANDARD.encode(hmac::sign(&key, password)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: [u8; 16] = *b"0123456789abcdef";

    #[test]
    fn the_form_depends_on_what_bcrypt_would_cut() {
        for (password, plain) in
            [(vec![b'x'; 72], true), (vec![b'x'; 73], false), (b"zero\0byte".to_vec(), false), (Vec::new(), true)]
        {
            let stored = BcryptHash::make(&password, 4, SALT).unwrap();
            assert_eq!(stored.starts_with("$2b$04$"), plain, "{stored}");
            assert!(BcryptHash::parse(&stored).unwrap().verify(&password).unwrap());
        }
    }

    /// bcrypt 5.0 for Python refuses long passwords; those before it made this from 73 bytes.
    #[test]
    fn imported_hashes_of_cut_passwords_verify() {
        let cut = "$2b$04$kZn5DbCb.vz7n.KI7jb4ju7RE6wu../TjPe4sKOvGbsLfaWEaWV52";
        assert!(BcryptHash::parse(cut).unwrap().verify(&[b'x'; 73]).unwrap());
    }

    #[test]
    fn older_versions_verify_and_are_not_current() {
        let stored = BcryptHash::make(b"password", 4, SALT).unwrap();
        let settings = HashSettings::bcrypt(4).unwrap();
        assert!(BcryptHash::parse(&stored).unwrap().is_current(&settings));
        for version in ["$2a$", "$2x$", "$2y$"] {
            let older = stored.replace("$2b$", version);
            let hash = BcryptHash::parse(&older).unwrap();
            assert!(hash.verify(b"password").unwrap());
            assert!(!hash.is_current(&settings));
        }
    }

    #[test]
    fn other_forms_are_refused() {
        let digest = "ZWeqTZM.KeTT0euhH.rQyuprye4vNJJaFDExeEq5tXVHvlNdn8wR6";
        for head in ["$2$04$", "$2c$04$", "$2b$4$", "$2b$03$", "2b$04$", "$2b$xx$", "$bcrypt-sha256$v=1,t=2b,r=4$"] {
            let stored = format!("{head}{digest}");
            assert_eq!(BcryptHash::parse(&stored).err(), Some(HashError::Malformed), "{stored}");
        }
        for stored in [
            &format!("{PREHASHED}4${digest}"),
            &format!("{PREHASHED}4$ä{digest}"),
            &format!("$2b$04${}", &digest[1..]),
            &format!("$2b$04$ä{}", &digest[2..]),
        ] {
            assert_eq!(BcryptHash::parse(stored).err(), Some(HashError::Malformed), "{stored}");
        }
    }
}
