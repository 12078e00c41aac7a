//! Keys and tokens for this module's tests.

use super::RefreshToken;
use crate::sealing::{DataKey, MacKey};
use keystead_domain::{KeyId, SeededRandom, SessionId, SystemRandom, UserId};
use uuid::Uuid;

fn key_from(seed: u64) -> MacKey {
    let id = KeyId::from_uuid(Uuid::nil());
    DataKey::generate(id, &SeededRandom::new(seed)).unwrap().mac_key("tokens").unwrap()
}

pub(super) fn key() -> MacKey {
    key_from(1)
}

pub(super) fn other_key() -> MacKey {
    key_from(2)
}

pub(super) fn issue(generation: u32) -> RefreshToken {
    let user = UserId::from_uuid(Uuid::from_u128(1));
    let session = SessionId::from_uuid(Uuid::from_u128(2));
    RefreshToken::issue(user, session, generation, &key(), &SystemRandom)
}
