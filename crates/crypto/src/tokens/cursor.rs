//! Cursors: the place in a list where the next page begins.

use super::TokenError;
use crate::sealing::MacKey;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// The longest payload of a cursor, in bytes.
pub const MAX_CURSOR_PAYLOAD: usize = 1024;

const VERSION: u8 = 1;
const MAC_LENGTH: usize = 16;
const MAX_TEXT: usize = ((1 + MAC_LENGTH + MAX_CURSOR_PAYLOAD) * 4).div_ceil(3);

/// Signs and opens cursors: as base64url, `version (1) ‖ MAC (16) ‖ payload`.
///
/// A cursor is readable but cannot be forged, and it is bound: one made for another caller,
/// organization or filter does not open.
#[derive(Clone, Copy, Debug)]
pub struct Cursor;

impl Cursor {
    /// Signs `payload` (the sort key of the last row) for `bind` (caller, organization, list and
    /// filter, written so that no two are alike).
    ///
    /// # Errors
    /// [`TokenError::TooLong`] when the payload exceeds [`MAX_CURSOR_PAYLOAD`].
    pub fn sign(key: &MacKey, bind: &[u8], payload: &[u8]) -> Result<String, TokenError> {
        if payload.len() > MAX_CURSOR_PAYLOAD {
            return Err(TokenError::TooLong);
        }
        let mut bytes = Vec::with_capacity(1 + MAC_LENGTH + payload.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(&key.tag(&covered(bind, &bind_length(bind), payload))[..MAC_LENGTH]);
        bytes.extend_from_slice(payload);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The payload of a cursor that [`Self::sign`] made for the same `bind`; `None` for
    /// anything else.
    #[must_use]
    pub fn open(key: &MacKey, bind: &[u8], text: &str) -> Option<Vec<u8>> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let mut bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (&[VERSION], rest) = bytes.split_first_chunk::<1>()? else {
            return None;
        };
        let (mac, payload) = rest.split_first_chunk::<MAC_LENGTH>()?;
        key.check(&covered(bind, &bind_length(bind), payload), mac).then_some(())?;
        Some(bytes.split_off(1 + MAC_LENGTH))
    }
}

const fn bind_length(bind: &[u8]) -> [u8; 8] {
    (bind.len() as u64).to_be_bytes()
}

const fn covered<'a>(bind: &'a [u8], length: &'a [u8; 8], payload: &'a [u8]) -> [&'a [u8]; 5] {
    [b"cursor", &[VERSION], length, bind, payload]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::fixtures::{key, other_key};
    use proptest::prelude::*;

    #[test]
    fn a_cursor_opens_only_where_it_was_made() {
        let text = Cursor::sign(&key(), b"users:org-1", b"ada").unwrap();
        assert_eq!(Cursor::open(&key(), b"users:org-1", &text).unwrap(), b"ada");
        assert_eq!(Cursor::open(&key(), b"users:org-2", &text), None);
        assert_eq!(Cursor::open(&key(), b"users:org-1a", &text), None);
        assert_eq!(Cursor::open(&other_key(), b"users:org-1", &text), None);
    }

    #[test]
    fn every_changed_bit_is_noticed() {
        let text = Cursor::sign(&key(), b"bind", b"payload").unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        for index in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[index] ^= 1 << bit;
                assert_eq!(Cursor::open(&key(), b"bind", &URL_SAFE_NO_PAD.encode(changed)), None);
            }
            assert_eq!(Cursor::open(&key(), b"bind", &URL_SAFE_NO_PAD.encode(&bytes[..index])), None);
        }
    }

    #[test]
    fn the_length_is_limited() {
        let longest = [7; MAX_CURSOR_PAYLOAD];
        let text = Cursor::sign(&key(), b"", &longest).unwrap();
        assert_eq!(text.len(), MAX_TEXT);
        assert_eq!(Cursor::open(&key(), b"", &text).unwrap(), longest);
        let longer = Cursor::sign(&key(), b"", &[7; MAX_CURSOR_PAYLOAD + 1]);
        assert_eq!(longer.unwrap_err(), TokenError::TooLong);
        assert_eq!(Cursor::open(&key(), b"", &"A".repeat(10_000_000)), None);
    }

    proptest! {
        #[test]
        fn any_payload_survives(
            bind: Vec<u8>, payload in prop::collection::vec(any::<u8>(), 0..MAX_CURSOR_PAYLOAD),
        ) {
            let text = Cursor::sign(&key(), &bind, &payload).unwrap();
            prop_assert_eq!(Cursor::open(&key(), &bind, &text), Some(payload));
        }

        #[test]
        fn arbitrary_text_is_refused(text: String) {
            prop_assert_eq!(Cursor::open(&key(), b"", &text), None);
        }
    }
}
