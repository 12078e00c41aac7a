//! Public keys as JSON (RFC 7517), for `/.well-known/jwks.json` and for the store.

use super::{Algorithm, KeyError};
use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{
        ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A public key. Its members belong together: text is read by [`Jwk::from_json`] only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Jwk {
    /// The members that make up the key.
    #[serde(flatten)]
    material: Material,
    /// What it is for: always `sig`.
    #[serde(rename = "use")]
    usage: &'static str,
    /// The only algorithm it is used with.
    alg: &'static str,
    /// Its thumbprint.
    kid: String,
}

/// The members of the thumbprint (RFC 7638, section 3.2; RFC 8037, section 2), in the order of
/// their names, as the thumbprint wants them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Material {
    EllipticCurve { crv: P256, kty: Ec, x: String, y: String },
    Edwards { crv: Ed25519, kty: Okp, x: String },
    Rsa { e: String, kty: Rsa, n: String },
}

macro_rules! fixed_member {
    ($($name:ident = $text:literal),*) => {$(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub(super) enum $name {
            #[serde(rename = $text)]
            Value,
        }
    )*};
}
fixed_member!(P256 = "P-256", Ed25519 = "Ed25519", Ec = "EC", Okp = "OKP", Rsa = "RSA");

impl Material {
    /// An Ed25519 key: 32 bytes.
    pub(super) fn edwards(public: &[u8]) -> Self {
        let x = URL_SAFE_NO_PAD.encode(public);
        Self::Edwards { crv: Ed25519::Value, kty: Okp::Value, x }
    }

    /// A point on P-256 in uncompressed form (SEC 1, section 2.3.3): 4, x, y.
    pub(super) fn elliptic_curve(point: &[u8]) -> Result<Self, KeyError> {
        let Some((4, coordinates)) = point.split_first() else {
            return Err(KeyError::Malformed);
        };
        let (x, y) = coordinates.split_at_checked(32).ok_or(KeyError::Malformed)?;
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        Ok(Self::EllipticCurve { crv: P256::Value, kty: Ec::Value, x, y })
    }

    /// An RSA key: modulus and exponent, big-endian without leading zeros.
    pub(super) fn rsa(modulus: &[u8], exponent: &[u8]) -> Self {
        let (n, e) = (URL_SAFE_NO_PAD.encode(modulus), URL_SAFE_NO_PAD.encode(exponent));
        Self::Rsa { e, kty: Rsa::Value, n }
    }

    pub(super) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::EllipticCurve { .. } => Algorithm::Es256,
            Self::Edwards { .. } => Algorithm::EdDsa,
            Self::Rsa { .. } => Algorithm::Rs256,
        }
    }

    /// The thumbprint of RFC 7638, as base64url.
    pub(super) fn thumbprint(&self) -> Result<String, KeyError> {
        let members = serde_json::to_vec(self).map_err(|_| KeyError::Library)?;
        Ok(URL_SAFE_NO_PAD.encode(digest(&SHA256, &members)))
    }

    fn parse(&self) -> Result<ParsedPublicKey, KeyError> {
        let decode = |text: &String| URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::Malformed);
        Ok(match self {
            Self::Edwards { x, .. } => {
                // The library would also take another encoding, told by its length.
                let x: [u8; 32] = decode(x)?.try_into().map_err(|_| KeyError::Malformed)?;
                ParsedPublicKey::new(&ED25519, x)?
            }
            Self::EllipticCurve { x, y, .. } => {
                let point = [&[4][..], &decode(x)?, &decode(y)?].concat();
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)?
            }
            Self::Rsa { e, n, .. } => {
                let (n, e) = (decode(n)?, decode(e)?);
                // 2048 to 8192 bits and the exponent that AWS-LC always takes: the library looks
                // at neither before it verifies.
                if !(256..=1024).contains(&n.len()) || n[0] < 0x80 || e != [1, 0, 1] {
                    return Err(KeyError::Malformed);
                }
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)?
            }
        })
    }
}

impl Jwk {
    pub(super) fn new(material: Material) -> Result<Self, KeyError> {
        Ok(Self { usage: "sig", alg: material.algorithm().name(), kid: material.thumbprint()?, material })
    }

    /// The key's name in token headers: its thumbprint (RFC 7638).
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The only algorithm that the key is used with. It follows from the kind of key.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.material.algorithm()
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when it is no sound key of a supported kind,
    /// [`KeyError::Inconsistent`] when it has other members than [`Self::to_json`] writes for it.
    pub fn from_json(text: &str) -> Result<Self, KeyError> {
        let given: Value = serde_json::from_str(text).map_err(|_| KeyError::Malformed)?;
        let material = Material::deserialize(&given).map_err(|_| KeyError::Malformed)?;
        material.parse()?;
        let key = Self::new(material)?;
        let expected = serde_json::to_value(&key).map_err(|_| KeyError::Library)?;
        if given == expected { Ok(key) } else { Err(KeyError::Inconsistent) }
    }

    /// The JSON form. [`Self::from_json`] reads it back.
    ///
    /// # Errors
    /// [`KeyError::Library`] when it cannot be written, which no known key causes.
    pub fn to_json(&self) -> Result<String, KeyError> {
        serde_json::to_string(self).map_err(|_| KeyError::Library)
    }

    pub(super) fn parse(&self) -> Result<ParsedPublicKey, KeyError> {
        self.material.parse()
    }
}

/// A set of public keys (RFC 7517, section 5): the body of `/.well-known/jwks.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    /// The keys, newest first by convention.
    pub keys: Vec<Jwk>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::SigningKey;

    /// RFC 8037, appendix A.2 and A.3.
    #[test]
    fn thumbprint_of_an_edwards_key() {
        let material = Material::Edwards {
            crv: Ed25519::Value,
            kty: Okp::Value,
            x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".to_owned(),
        };
        assert_eq!(material.thumbprint().unwrap(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    /// RFC 7638, section 3.1.
    #[test]
    fn thumbprint_of_an_rsa_key() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let material = Material::Rsa { e: "AQAB".to_owned(), kty: Rsa::Value, n: n.to_owned() };
        assert_eq!(material.thumbprint().unwrap(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn members_are_those_of_the_standards() {
        for (algorithm, members) in [
            (Algorithm::EdDsa, ["crv", "kty", "x", "use", "alg", "kid"].as_slice()),
            (Algorithm::Es256, &["crv", "kty", "x", "y", "use", "alg", "kid"]),
            (Algorithm::Rs256, &["e", "kty", "n", "use", "alg", "kid"]),
        ] {
            let key = SigningKey::generate(algorithm).unwrap();
            let json = serde_json::to_value(key.public()).unwrap();
            assert_eq!(json.as_object().unwrap().keys().collect::<Vec<_>>(), members);
            assert_eq!(json["alg"], algorithm.name());
            assert_eq!(json["use"], "sig");
            let text = key.public().to_json().unwrap();
            assert_eq!(&Jwk::from_json(&text).unwrap(), key.public());
        }
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
        let json = key.public().to_json().unwrap();
        for (from, to) in [("EdDSA", "RS256"), ("\"sig\"", "\"enc\""), (key.kid(), "kid")] {
            let error = Jwk::from_json(&json.replace(from, to)).unwrap_err();
            assert_eq!(error, KeyError::Inconsistent);
        }
        for text in ["", "{}", r#"{"kty":"oct","k":"AAAA","use":"sig","alg":"HS256","kid":"1"}"#] {
            assert_eq!(Jwk::from_json(text).unwrap_err(), KeyError::Malformed);
        }
    }

    #[test]
    fn weak_or_broken_keys_are_refused() {
        for material in [
            Material::elliptic_curve(&[4; 65]).unwrap(),
            Material::edwards(&[1; 31]),
            Material::rsa(&[0xff; 128], &[1, 0, 1]),
            Material::rsa(&[0x01; 256], &[1, 0, 1]),
            Material::rsa(&[0xff; 256], &[2]),
        ] {
            let json = Jwk::new(material).unwrap().to_json().unwrap();
            assert_eq!(Jwk::from_json(&json).unwrap_err(), KeyError::Malformed, "{json}");
        }
        assert_eq!(Material::elliptic_curve(&[2; 33]).unwrap_err(), KeyError::Malformed);
    }
}
