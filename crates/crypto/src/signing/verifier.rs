//! Verifying access tokens.

use super::{Algorithm, Claims, Jwk, KeyError, TOKEN_TYPE};
use aws_lc_rs::signature::ParsedPublicKey;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use keystead_domain::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use std::{collections::HashMap, fmt};

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_LENGTH: usize = 8 * 1024;

/// How far another node's clock may be ahead of ours, in seconds: a token that begins that
/// soon is accepted. At its end a token gets no extra time.
pub const SKEW_SECONDS: i64 = 5;

/// Why an access token was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// It is longer than [`MAX_TOKEN_LENGTH`].
    #[error("the token is too long")]
    TooLong,
    /// It is not a token in compact form with the expected claims.
    #[error("the token is malformed")]
    Malformed,
    /// It is a JWT for another use.
    #[error("the token is not an access token")]
    WrongType,
    /// Its key is not known: perhaps it is newer than the keys that were loaded, so that loading
    /// them again (not too often) may help.
    #[error("the token's key is not known")]
    UnknownKey,
    /// It names another algorithm than its key's.
    #[error("the token's algorithm is not its key's")]
    WrongAlgorithm,
    /// The signature is wrong.
    #[error("the token's signature is wrong")]
    BadSignature,
    /// It has ended.
    #[error("the token has expired")]
    Expired,
    /// It has not begun.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// Another server issued it.
    #[error("the token is of another issuer")]
    WrongIssuer,
    /// It is for another API.
    #[error("the token is for another audience")]
    WrongAudience,
}

/// The header (RFC 7515, section 4.1). Keystead writes these three members only; a token with
/// another, such as `crit`, asks for something that is not understood here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    typ: Option<String>,
    alg: String,
    kid: Option<String>,
}

/// The public keys that tokens are checked against, read once.
#[derive(Default)]
pub struct Verifier {
    keys: HashMap<String, (Algorithm, ParsedPublicKey)>,
}

impl Verifier {
    /// A verifier that knows `keys`.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when one of them is not a key.
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a Jwk>) -> Result<Self, KeyError> {
        let read = |key: &Jwk| Ok((key.kid().to_owned(), (key.algorithm(), key.parse()?)));
        Ok(Self { keys: keys.into_iter().map(read).collect::<Result<_, KeyError>>()? })
    }

    /// Whether the key of that name is known.
    #[must_use]
    pub fn knows(&self, kid: &str) -> bool {
        self.keys.contains_key(kid)
    }

    /// The claims of `token`, when it is an access token of `issuer` for `audience` and valid at
    /// `now`. Whether its session still lives is for the caller to say.
    ///
    /// # Errors
    /// [`VerifyError`]; nothing in the token may be believed then.
    pub fn verify(&self, token: &str, now: Timestamp, issuer: &str, audience: &str) -> Result<Claims, VerifyError> {
        if token.len() > MAX_TOKEN_LENGTH {
            return Err(VerifyError::TooLong);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed)?;
        let (header, claims) = message.split_once('.').ok_or(VerifyError::Malformed)?;
        let key = self.key_for(&decode(header)?)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| VerifyError::Malformed)?;
        key.verify_sig(message.as_bytes(), &signature).map_err(|_| VerifyError::BadSignature)?;
        let claims = decode(claims)?;
        check(&claims, now.unix_seconds(), issuer, audience)?;
        Ok(claims)
    }

    /// The key decides about the algorithm, never the token.
    fn key_for(&self, header: &Header) -> Result<&ParsedPublicKey, VerifyError> {
        let typ = header.typ.as_deref().ok_or(VerifyError::WrongType)?;
        // RFC 9068, section 4: either spelling; media types know no case (RFC 7515, 4.1.9).
        let typ = typ.strip_prefix("application/").unwrap_or(typ);
        if !typ.eq_ignore_ascii_case(TOKEN_TYPE) {
            return Err(VerifyError::WrongType);
        }
        let kid = header.kid.as_deref().ok_or(VerifyError::Malformed)?;
        let (algorithm, key) = self.keys.get(kid).ok_or(VerifyError::UnknownKey)?;
        if header.alg != algorithm.name() {
            return Err(VerifyError::WrongAlgorithm);
        }
        Ok(key)
    }
}

fn decode<T: DeserializeOwned>(part: &str) -> Result<T, VerifyError> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| VerifyError::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| VerifyError::Malformed)
}

fn check(claims: &Claims, now: i64, issuer: &str, audience: &str) -> Result<(), VerifyError> {
    if claims.iss != issuer {
        return Err(VerifyError::WrongIssuer);
    }
    if claims.aud != audience {
        return Err(VerifyError::WrongAudience);
    }
    if now >= claims.exp {
        return Err(VerifyError::Expired);
    }
    let begins = claims.iat.max(claims.nbf.unwrap_or(claims.iat));
    if begins > now.saturating_add(SKEW_SECONDS) {
        return Err(VerifyError::NotYetValid);
    }
    Ok(())
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys.keys()).finish()
    }
}

#[cfg(test)]
mod tests;
