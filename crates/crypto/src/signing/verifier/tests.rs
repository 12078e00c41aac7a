use super::*;
use crate::signing::SigningKey;
use jsonwebtoken::{DecodingKey, EncodingKey, Validation, decode as other_decode, encode as other_encode};
use keystead_domain::{OrganizationId, SessionId, UserId};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::LazyLock;
use uuid::Uuid;

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://id.example.org";
const AUDIENCE: &str = "keystead";

/// Made once: RSA keys take their time.
static KEYS: LazyLock<Vec<SigningKey>> =
    LazyLock::new(|| Algorithm::ALL.map(|algorithm| SigningKey::generate(algorithm).unwrap()).into());

fn claims() -> Claims {
    Claims {
        iss: ISSUER.to_owned(),
        sub: UserId::from_uuid(Uuid::from_u128(1)),
        aud: AUDIENCE.to_owned(),
        exp: NOW + 600,
        iat: NOW,
        jti: Uuid::from_u128(2),
        sid: SessionId::from_uuid(Uuid::from_u128(3)),
        org: OrganizationId::from_uuid(Uuid::from_u128(4)),
        roles: vec!["admin".to_owned()],
        client_id: None,
        nbf: None,
    }
}

fn verifier() -> Verifier {
    Verifier::new(KEYS.iter().map(SigningKey::public)).unwrap()
}

fn verify_at(token: &str, now: i64) -> Result<Claims, VerifyError> {
    verifier().verify(token, Timestamp::from_unix_seconds(now), ISSUER, AUDIENCE)
}

fn verify(token: &str) -> Result<Claims, VerifyError> {
    verify_at(token, NOW)
}

fn signed(change: impl FnOnce(&mut Claims)) -> String {
    let mut claims = claims();
    change(&mut claims);
    KEYS[0].sign(&claims).unwrap()
}

/// Signs any header and claims with the EdDSA key, through the other implementation.
fn forged(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let key = EncodingKey::from_ed_der(&KEYS[0].to_pkcs8().unwrap());
    let algorithm = jsonwebtoken::Algorithm::EdDSA;
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, algorithm).unwrap();
    format!("{message}.{signature}")
}

fn header() -> Value {
    json!({"typ": "at+jwt", "alg": "EdDSA", "kid": KEYS[0].kid()})
}

fn claims_json() -> Value {
    serde_json::to_value(claims()).unwrap()
}

#[test]
fn a_token_of_each_algorithm_verifies() {
    for key in &*KEYS {
        assert_eq!(verify(&key.sign(&claims()).unwrap()), Ok(claims()), "{key:?}");
    }
}

#[test]
fn a_key_survives_its_private_form() {
    for key in &*KEYS {
        let again = SigningKey::from_pkcs8(key.algorithm(), &key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(again.public(), key.public());
        assert_eq!(verify(&again.sign(&claims()).unwrap()), Ok(claims()));
        for other in Algorithm::ALL.into_iter().filter(|other| *other != key.algorithm()) {
            let read = SigningKey::from_pkcs8(other, &key.to_pkcs8().unwrap());
            assert_eq!(read.err(), Some(KeyError::Malformed));
        }
        assert!(!format!("{key:?}").contains("Pair"), "{key:?}");
    }
}

/// RFC 8037, appendix A: the private key of A.1 gives the public key of A.2, the thumbprint of
/// A.3 and the signature of A.4.
#[test]
fn known_answers_for_eddsa() {
    let seed = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
    // PKCS#8 (RFC 8410, section 7) around the seed.
    let wrapping = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let der = [&wrapping[..], &seed].concat();
    let key = SigningKey::from_pkcs8(Algorithm::EdDsa, &der).unwrap();
    assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assert_eq!(*key.to_pkcs8().unwrap(), der);
    let message = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let mut token = message.to_owned();
    key.append_signature(&mut token).unwrap();
    assert_eq!(token, format!("{message}.{signature}"));
}

#[test]
fn the_other_implementation_agrees() {
    for key in &*KEYS {
        let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_str(&key.public().to_json().unwrap()).unwrap();
        let algorithm: jsonwebtoken::Algorithm = key.algorithm().name().parse().unwrap();
        let mut validation = Validation::new(algorithm);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        validation.validate_exp = false;
        let ours = key.sign(&claims()).unwrap();
        let read = other_decode::<Claims>(&ours, &DecodingKey::from_jwk(&jwk).unwrap(), &validation).unwrap();
        assert_eq!(read.claims, claims());
        assert_eq!(read.header.typ.as_deref(), Some("at+jwt"));
        assert_eq!(read.header.kid.as_deref(), Some(key.kid()));

        let der = key.to_pkcs8().unwrap();
        let private = match key.algorithm() {
            Algorithm::EdDsa => EncodingKey::from_ed_der(&der),
            Algorithm::Es256 => EncodingKey::from_ec_der(&der),
            Algorithm::Rs256 => EncodingKey::from_rsa_der(rsa_private_key(&der)),
        };
        let mut header = jsonwebtoken::Header::new(algorithm);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(key.kid().to_owned());
        let theirs = other_encode(&header, &claims(), &private).unwrap();
        assert_eq!(verify(&theirs), Ok(claims()));
    }
}

/// The `RSAPrivateKey` (RFC 8017) inside PKCS#8: the other implementation takes no wrapping,
/// which has a fixed length for keys of this size.
fn rsa_private_key(pkcs8: &[u8]) -> &[u8] {
    &pkcs8[26..]
}

#[test]
fn every_changed_byte_is_noticed() {
    for key in &*KEYS {
        let token = key.sign(&claims()).unwrap();
        for index in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            assert!(verify(&String::from_utf8(changed).unwrap()).is_err(), "byte {index}");
        }
    }
}

#[test]
fn the_clock_is_the_one_given() {
    let token = signed(|_| {});
    assert_eq!(verify_at(&token, NOW + 599), Ok(claims()));
    assert_eq!(verify_at(&token, NOW + 600), Err(VerifyError::Expired));
    assert_eq!(verify_at(&token, NOW - SKEW_SECONDS), Ok(claims()));
    assert_eq!(verify_at(&token, NOW - SKEW_SECONDS - 1), Err(VerifyError::NotYetValid));
    let later = signed(|claims| claims.nbf = Some(NOW + 60));
    assert_eq!(verify(&later), Err(VerifyError::NotYetValid));
    assert!(verify_at(&later, NOW + 60).is_ok());
    let endless = signed(|claims| claims.exp = i64::MAX);
    assert!(verify_at(&endless, NOW).is_ok());
}

#[test]
fn issuer_and_audience_are_exact() {
    let token = signed(|claims| claims.iss.push('/'));
    assert_eq!(verify(&token), Err(VerifyError::WrongIssuer));
    let token = signed(|claims| claims.aud = "Keystead".to_owned());
    assert_eq!(verify(&token), Err(VerifyError::WrongAudience));
    let mut several = claims_json();
    several["aud"] = json!([AUDIENCE, "other"]);
    assert_eq!(verify(&forged(&header(), &several)), Err(VerifyError::Malformed));
}

#[test]
fn the_type_says_access_token() {
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt"] {
        let mut header = header();
        header["typ"] = json!(typ);
        assert_eq!(verify(&forged(&header, &claims_json())), Ok(claims()), "{typ}");
    }
    for typ in [json!("JWT"), json!(""), json!(null), json!("at+jwt ")] {
        let mut header = header();
        header["typ"] = typ;
        assert_eq!(verify(&forged(&header, &claims_json())), Err(VerifyError::WrongType));
    }
}

#[test]
fn the_key_decides_about_the_algorithm() {
    for alg in ["none", "HS256", "RS256", "ES256", "eddsa", ""] {
        let mut header = header();
        header["alg"] = json!(alg);
        let token = forged(&header, &claims_json());
        assert_eq!(verify(&token), Err(VerifyError::WrongAlgorithm), "{alg}");
        let unsigned = token.rsplit_once('.').unwrap().0;
        assert_eq!(verify(&format!("{unsigned}.")), Err(VerifyError::WrongAlgorithm), "{alg}");
    }
    let mut header = header();
    header["kid"] = json!(KEYS[1].kid());
    header["alg"] = json!("ES256");
    assert_eq!(verify(&forged(&header, &claims_json())), Err(VerifyError::BadSignature));
}

#[test]
fn the_public_key_is_no_shared_secret() {
    let public = KEYS[2].public().to_json().unwrap();
    let secret = EncodingKey::from_secret(public.as_bytes());
    let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    header.typ = Some("at+jwt".to_owned());
    header.kid = Some(KEYS[2].kid().to_owned());
    let token = other_encode(&header, &claims(), &secret).unwrap();
    assert_eq!(verify(&token), Err(VerifyError::WrongAlgorithm));
}

#[test]
fn an_unknown_key_is_told_apart() {
    let newer = SigningKey::generate(Algorithm::EdDsa).unwrap();
    let token = newer.sign(&claims()).unwrap();
    assert_eq!(verify(&token), Err(VerifyError::UnknownKey));
    assert!(!verifier().knows(newer.kid()));
    assert!(verifier().knows(KEYS[0].kid()));
    let mut header = header();
    header["kid"] = json!(null);
    assert_eq!(verify(&forged(&header, &claims_json())), Err(VerifyError::Malformed));
}

#[test]
fn what_is_not_understood_is_refused() {
    for (name, value) in [("crit", json!(["exp"])), ("b64", json!(false)), ("jwk", json!({})), ("x5u", json!(""))] {
        let mut header = header();
        header[name] = value;
        assert_eq!(verify(&forged(&header, &claims_json())), Err(VerifyError::Malformed), "{name}");
    }
    for name in ["iss", "sub", "aud", "exp", "iat", "jti", "sid", "org", "roles"] {
        let mut claims = claims_json();
        claims.as_object_mut().unwrap().shift_remove(name);
        assert_eq!(verify(&forged(&header(), &claims)), Err(VerifyError::Malformed), "{name}");
    }
}

#[test]
fn the_length_is_limited() {
    let token = signed(|claims| claims.roles = vec!["r".repeat(7000)]);
    assert!(token.len() > MAX_TOKEN_LENGTH);
    assert_eq!(verify(&token), Err(VerifyError::TooLong));
    let token = signed(|claims| claims.roles = vec!["r".repeat(5000)]);
    assert!(verify(&token).is_ok());
}

#[test]
fn other_shapes_are_refused() {
    let token = signed(|_| {});
    let (message, signature) = token.rsplit_once('.').unwrap();
    for token in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        message,
        &format!("{token}."),
        &format!(".{token}"),
        &format!("{token}="),
        &format!("{token} "),
        &format!("{message}.{signature}.{signature}"),
        &format!("{message}."),
    ] {
        assert!(verify(token).is_err(), "{token}");
    }
}

proptest! {
    #[test]
    fn arbitrary_text_is_refused(text: String, parts in "[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,80}") {
        prop_assert!(verify(&text).is_err());
        prop_assert!(verify(&parts).is_err());
    }

    #[test]
    fn any_roles_survive(roles in prop::collection::vec(".{0,20}", 0..20)) {
        let token = signed(|claims| claims.roles = roles.clone());
        prop_assert_eq!(verify(&token).unwrap().roles, roles);
    }
}
