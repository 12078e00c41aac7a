//! A role's password, kept as what the database keeps of it.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use keystead_domain::{Error, Random, Result};
use sha2::{Digest, Sha256};
use std::fmt;

/// What PostgreSQL itself uses.
const ITERATIONS: u32 = 4096;
/// The block of SHA-256 (FIPS 180-4), in bytes.
const BLOCK: usize = 64;

/// A role's password as a SCRAM-SHA-256 verifier (RFC 5803, in PostgreSQL's spelling): the password itself never
/// reaches the database, nor the logs that it writes of statements.
#[derive(Clone)]
pub struct RolePassword(String);

impl RolePassword {
    /// The verifier of `password` with a random salt.
    ///
    /// # Errors
    /// `Invalid` when it is empty or holds anything but printable ASCII: then preparing it (RFC 4013) changes nothing.
    pub fn new(password: &str, random: &dyn Random) -> Result<Self> {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        Self::with_salt(password, &salt)
    }

    fn with_salt(password: &str, salt: &[u8]) -> Result<Self> {
        if password.is_empty() || !password.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(Error::invalid("password", "a role's password must be printable ASCII, and not empty"));
        }
        let salted = salted_password(password.as_bytes(), salt);
        let stored_key = Sha256::digest(hmac(&salted, &[b"Client Key"]));
        let server_key = hmac(&salted, &[b"Server Key"]);
        Ok(Self(format!(
            "SCRAM-SHA-256${ITERATIONS}:{}${}:{}",
            BASE64.encode(salt),
            BASE64.encode(stored_key),
            BASE64.encode(server_key)
        )))
    }

    pub(super) fn verifier(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RolePassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RolePassword(…)")
    }
}

/// HMAC-SHA-256 (RFC 2104) over the parts, one after the other.
fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = [0; BLOCK];
    if key.len() > BLOCK {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let mut inner = Sha256::new_with_prefix(block.map(|byte| byte ^ 0x36));
    for part in parts {
        inner.update(part);
    }
    Sha256::new_with_prefix(block.map(|byte| byte ^ 0x5c)).chain_update(inner.finalize()).finalize().into()
}

/// `Hi()` of RFC 5802, section 2.2: PBKDF2 with one block.
fn salted_password(password: &[u8], salt: &[u8]) -> [u8; 32] {
    let mut last = hmac(password, &[salt, &1_u32.to_be_bytes()]);
    let mut sum = last;
    for _ in 1..ITERATIONS {
        last = hmac(password, &[&last]);
        for (sum, byte) in sum.iter_mut().zip(last) {
            *sum ^= byte;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7677_comes_out() {
        // Section 3: user `user`, password `pencil`; the client's proof and the server's signature follow from these keys.
        let salt = BASE64.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let salted = salted_password(b"pencil", &salt);
        let message: &[u8] = b"n=user,r=rOprNGfwEbeRWgbNEkqO,\
            r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,\
            c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let signature = hmac(&hmac(&salted, &[b"Server Key"]), &[message]);
        assert_eq!(BASE64.encode(signature), "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    #[test]
    fn the_password_is_not_in_it() {
        let password = RolePassword::with_salt("correct horse", &[7; 16]).unwrap();
        assert!(password.verifier().starts_with("SCRAM-SHA-256$4096:"));
        assert!(!password.verifier().contains('\''));
        assert_eq!(format!("{password:?}"), "RolePassword(…)");
        assert!(RolePassword::with_salt("", &[7; 16]).is_err());
        assert!(RolePassword::with_salt("pässword", &[7; 16]).is_err());
    }
}
