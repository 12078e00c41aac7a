//! XAES-256-GCM: AES-256-GCM with 192-bit nonces (C2SP, <https://c2sp.org/XAES-256-GCM>).

use super::{SealError, SecretBytes};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    cmac,
};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

/// Bytes in a nonce.
pub(crate) const NONCE_LENGTH: usize = 24;

/// Bytes that sealing adds to a plaintext.
pub(crate) const TAG_LENGTH: usize = 16;

/// A sealing key with its key schedule computed once.
pub(crate) struct Cipher(cmac::Key);

impl Cipher {
    pub(crate) fn new(key: &SecretBytes) -> Result<Self, SealError> {
        Ok(Self(cmac::Key::new(cmac::AES_256, key.expose_secret())?))
    }

    /// Appends ciphertext and tag of `plaintext` to `output`.
    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        covered: &[u8],
        plaintext: &[u8],
        output: &mut Vec<u8>,
    ) -> Result<(), SealError> {
        let (key, nonce) = self.message_key(nonce)?;
        let start = output.len();
        output.reserve_exact(plaintext.len() + TAG_LENGTH);
        output.extend_from_slice(plaintext);
        let tag = key.seal_in_place_separate_tag(nonce, Aad::from(covered), &mut output[start..])?;
        output.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// The plaintext of what [`Self::seal`] appended.
    pub(crate) fn open(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        covered: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (key, nonce) = self.message_key(nonce)?;
        let mut buffer = Zeroizing::new(sealed.to_vec());
        let opened = key.open_in_place(nonce, Aad::from(covered), &mut buffer);
        let length = opened.map_err(|_| SealError::Rejected)?.len();
        buffer.truncate(length);
        Ok(buffer)
    }

    /// The key of one message: a counter-mode KDF with AES-256-CMAC (NIST SP 800-108r1, 4.1)
    /// over the first half of the nonce.
    fn message_key(&self, nonce: &[u8; NONCE_LENGTH]) -> Result<(LessSafeKey, Nonce), SealError> {
        let (for_key, for_message) = nonce.split_at(12);
        let mut block = [0; 16];
        block[2] = b'X';
        block[4..].copy_from_slice(for_key);
        let mut key = Zeroizing::new([0; 32]);
        for (counter, half) in (1..).zip(key.chunks_exact_mut(16)) {
            block[1] = counter;
            cmac::sign_to_buffer(&self.0, &block, half)?;
        }
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_ref())?);
        Ok((key, Nonce::try_assume_unique_for_key(for_message)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretBox;

    const NONCE: &[u8; NONCE_LENGTH] = b"ABCDEFGHIJKLMNOPQRSTUVWX";

    fn sealed_hex(key: u8, covered: &[u8]) -> String {
        let cipher = Cipher::new(&SecretBox::new(Box::new([key; 32]))).unwrap();
        let mut output = Vec::new();
        cipher.seal(NONCE, covered, b"XAES-256-GCM", &mut output).unwrap();
        assert_eq!(*cipher.open(NONCE, covered, &output).unwrap(), b"XAES-256-GCM");
        output.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The vectors of the specification.
    #[test]
    fn known_answers() {
        assert_eq!(sealed_hex(1, b""), "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271");
        assert_eq!(sealed_hex(3, b"c2sp.org/XAES-256-GCM"), "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d");
    }
}
