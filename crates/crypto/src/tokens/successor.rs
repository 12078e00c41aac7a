//! The successor of a refresh token, kept for a lost reply.
//!
//! A client whose network fails after the rotation has an old token and never saw the new one.
//! For a few seconds it may ask again and must get the same successor; but whoever reads the
//! database must not. So the successor is sealed under a key that follows from the old token's
//! secret, of which the store keeps only a hash.

use super::{RefreshToken, TokenError, refresh::LENGTH};
use crate::sealing::{Cipher, MacKey, NONCE_LENGTH, derive};
use keystead_domain::Random;

const LABEL: &[u8] = b"keystead v1 refresh successor";

impl RefreshToken {
    /// Seals `successor`, so that only a holder of this token can read it:
    /// `nonce (24) ‖ ciphertext ‖ tag (16)`.
    ///
    /// # Errors
    /// [`TokenError::Library`] when the cryptographic library fails.
    pub fn seal_successor(&self, successor: &Self, random: &dyn Random) -> Result<Vec<u8>, TokenError> {
        let mut nonce = [0; NONCE_LENGTH];
        random.fill(&mut nonce);
        let mut sealed = nonce.to_vec();
        self.cipher()?.seal(&nonce, &self.covered(), &successor.to_bytes()[..], &mut sealed)?;
        Ok(sealed)
    }

    /// Reads the successor that [`Self::seal_successor`] sealed for this token, and checks that
    /// it is the next generation of the same family.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] when it was sealed for another token or changed.
    pub fn open_successor(&self, sealed: &[u8], key: &MacKey) -> Result<Self, TokenError> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LENGTH>().ok_or(TokenError::Invalid)?;
        let opened = self.cipher()?.open(nonce, &self.covered(), ciphertext)?;
        let bytes: &[u8; LENGTH] = opened[..].try_into().map_err(|_| TokenError::Invalid)?;
        let successor = Self::from_bytes(bytes, key)?;
        let follows = successor.user() == self.user()
            && successor.session() == self.session()
            && Some(successor.generation()) == self.generation().checked_add(1);
        if follows { Ok(successor) } else { Err(TokenError::Invalid) }
    }

    fn cipher(&self) -> Result<Cipher, TokenError> {
        Ok(Cipher::new(&derive(&self.secret, &[LABEL])?)?)
    }

    fn covered(&self) -> [u8; 36] {
        let mut covered = [0; 36];
        covered[..16].copy_from_slice(self.user().as_uuid().as_bytes());
        covered[16..32].copy_from_slice(self.session().as_uuid().as_bytes());
        covered[32..].copy_from_slice(&self.generation().to_be_bytes());
        covered
    }
}

#[cfg(test)]
mod tests {
    use crate::tokens::{
        TokenError,
        fixtures::{issue, key},
    };
    use keystead_domain::SystemRandom;

    #[test]
    fn the_holder_of_the_predecessor_reads_the_successor() {
        let token = issue(3);
        let successor = token.next(&key(), &SystemRandom).unwrap();
        let sealed = token.seal_successor(&successor, &SystemRandom).unwrap();
        let opened = token.open_successor(&sealed, &key()).unwrap();
        assert_eq!(opened.hash(), successor.hash());
        assert_eq!(opened.generation(), 4);
    }

    #[test]
    fn nobody_else_does() {
        let token = issue(3);
        let successor = token.next(&key(), &SystemRandom).unwrap();
        let sealed = token.seal_successor(&successor, &SystemRandom).unwrap();
        for other in [issue(3), issue(2), successor] {
            assert_eq!(other.open_successor(&sealed, &key()).unwrap_err(), TokenError::Invalid);
        }
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(token.open_successor(&changed, &key()).is_err(), "byte {index}");
            assert!(token.open_successor(&sealed[..index], &key()).is_err());
        }
    }

    #[test]
    fn only_the_next_generation_of_the_family_is_a_successor() {
        let token = issue(3);
        for stranger in [issue(3), issue(5)] {
            let sealed = token.seal_successor(&stranger, &SystemRandom).unwrap();
            assert_eq!(token.open_successor(&sealed, &key()).unwrap_err(), TokenError::Invalid);
        }
    }
}
