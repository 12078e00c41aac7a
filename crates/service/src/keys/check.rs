//! Whether a master key is the one of a store.

use super::signing::private_half;
use keystead_crypto::sealing::MasterKey;
use keystead_domain::{Error, ErrorKind, PLATFORM, Result, Scope, Timestamp};
use keystead_store::Store;

/// Opens the store's signing keys that have not expired with `master`, and writes nothing. Returns how many there are: with
/// none, nothing is known.
///
/// # Errors
/// `Invalid` with code `master_key_differs` when one was sealed by another master key; or when the store fails.
pub async fn check_master_key(store: &dyn Store, master: &MasterKey, now: Timestamp) -> Result<usize> {
    let unit = store.read(Scope::organization(PLATFORM)).await?;
    let keys = unit.keys().signing_keys(now).await?;
    for key in &keys {
        master.open(&private_half(key.id), &key.private_sealed).map_err(|error| {
            Error::new(
                ErrorKind::Invalid,
                "master_key_differs",
                "The master key is not the one that sealed this store's keys. All servers of an installation share one: \
                 KEYSTEAD_MASTER_KEY, or the file master.key of the data directory; and a restored or copied store needs the \
                 key of its time. Nothing was changed.",
            )
            .with_internal(format!("the signing key {}: {error}", key.kid))
        })?;
    }
    Ok(keys.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::now;
    use keystead_domain::{Ids, SeededRandom, keys::SigningKey};
    use keystead_store::mocks::{MockStore, MockUnitOfWork};
    use std::sync::Arc;

    async fn check(sealing: &MasterKey, opening: &MasterKey) -> Result<usize> {
        let random = Arc::new(SeededRandom::new(3));
        let ids = Ids::new(Arc::new(keystead_domain::FixedClock::at(now())), random.clone());
        let id = ids.next();
        let key = SigningKey {
            id,
            kid: "k".to_owned(),
            algorithm: "EdDSA".to_owned(),
            public_jwk: "{}".to_owned(),
            private_sealed: sealing.seal(&private_half(id), b"private", &*random).unwrap(),
            active_from: now(),
            retires_at: now(),
            expires_at: now(),
            created_at: now(),
        };
        let (store, mut unit) = (MockStore::new(), MockUnitOfWork::new());
        unit.keys.expect_signing_keys().returning(move |_| Ok(vec![key.clone()]));
        store.expect_unit(unit);
        check_master_key(&store, opening, now()).await
    }

    #[tokio::test]
    async fn another_key_is_told_apart() {
        let [one, other] = [1, 2].map(|seed| MasterKey::generate(&SeededRandom::new(seed)).unwrap());
        assert_eq!(check(&one, &one).await.unwrap(), 1);
        let error = check(&one, &other).await.unwrap_err();
        assert_eq!(error.code, "master_key_differs");
        assert!(error.message.contains("KEYSTEAD_MASTER_KEY"), "{error}");
    }
}
