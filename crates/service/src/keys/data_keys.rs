//! Data keys: one per organization and per person, made when first needed.

use crate::App;
use keystead_crypto::sealing::{DataKey, MasterKey};
use keystead_domain::{
    Clock, Error, Ids, KeyId, OrganizationId, PLATFORM, Random, Result, Scope, UserId, keys::EncryptionKey,
};
use keystead_store::UnitOfWork;
use moka::sync::Cache;
use std::{collections::HashMap, sync::Arc, time::Duration};
use uuid::Uuid;

/// Whose values a key seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyOwner {
    /// An organization's.
    Organization(OrganizationId),
    /// A person's: destroying the key erases what it sealed.
    Person(UserId),
}

impl KeyOwner {
    pub(super) const fn organization(self) -> OrganizationId {
        match self {
            Self::Organization(organization) => organization,
            Self::Person(_) => PLATFORM,
        }
    }
    const fn user(self) -> Option<UserId> {
        match self {
            Self::Organization(_) => None,
            Self::Person(user) => Some(user),
        }
    }
    const fn id(self) -> Uuid {
        match self {
            Self::Organization(organization) => organization.as_uuid(),
            Self::Person(user) => user.as_uuid(),
        }
    }
    fn of(key: &EncryptionKey) -> Self {
        key.user_id.map_or(Self::Organization(key.organization_id), Self::Person)
    }
}

/// Opened data keys, as many as are in use.
pub(crate) struct DataKeys {
    by_owner: Cache<KeyOwner, Arc<DataKey>>,
    by_id: Cache<KeyId, Arc<DataKey>>,
    /// Keys made here by transactions that may not have ended. They are not kept: if the transaction is rolled
    /// back, the key was never there, and what is sealed under it later could never be opened.
    uncommitted: Cache<KeyOwner, KeyId>,
}

impl Default for DataKeys {
    fn default() -> Self {
        Self {
            by_owner: Cache::new(10_000),
            by_id: Cache::new(10_000),
            uncommitted: Cache::builder().max_capacity(100_000).time_to_live(Duration::from_secs(300)).build(),
        }
    }
}

/// The key that seals `owner`'s values, made within `unit` when it is first needed; none when it was destroyed.
///
/// # Errors
/// When the store fails, or the key was sealed by another master key.
pub async fn data_key(app: &App, unit: &dyn UnitOfWork, owner: KeyOwner) -> Result<Option<Arc<DataKey>>> {
    if let Some(key) = kept(app, owner) {
        return Ok(Some(key));
    }
    let tools = Tools { master: app.keys.master(), ids: &app.ids, clock: &*app.clock, random: &*app.random };
    let (candidate, stored) = tools.ensure(unit, owner, "data").await?;
    if stored.id == candidate.id() {
        app.keys.data().uncommitted.insert(owner, stored.id);
        return Ok(Some(Arc::new(candidate)));
    }
    let Some(key) = tools.open(&stored)?.map(Arc::new) else { return Ok(None) };
    if app.keys.data().uncommitted.get(&owner) != Some(stored.id) {
        app.keys.data().by_owner.insert(owner, Arc::clone(&key));
    }
    Ok(Some(key))
}

fn kept(app: &App, owner: KeyOwner) -> Option<Arc<DataKey>> {
    if owner == KeyOwner::Organization(PLATFORM) {
        return Some(app.keys.platform());
    }
    app.keys.data().by_owner.get(&owner)
}

/// To be called after the commit of a transaction that has sealed under `owner`'s key: no other transaction can have made
/// another one meanwhile, so that the next reading may be kept.
pub(crate) fn data_key_is_committed(app: &App, owner: KeyOwner) {
    app.keys.data().uncommitted.invalidate(&owner);
}

/// As [`data_key`], in a transaction of its own, after which the key can be kept.
pub(crate) async fn committed_data_key(app: &App, owner: KeyOwner) -> Result<Option<Arc<DataKey>>> {
    if let Some(key) = kept(app, owner) {
        return Ok(Some(key));
    }
    let unit = app.store.begin(Scope { organization: Some(owner.organization()), user: owner.user() }).await?;
    let key = data_key(app, &*unit, owner).await?;
    unit.commit().await?;
    if let Some(key) = &key {
        app.keys.data().by_owner.insert(owner, Arc::clone(key));
    }
    Ok(key)
}

/// The keys with these identifiers, for reading what they sealed; unknown and destroyed ones are missing.
pub(crate) async fn data_keys_by_id(
    app: &App,
    unit: &dyn UnitOfWork,
    ids: impl IntoIterator<Item = KeyId>,
) -> Result<HashMap<KeyId, Arc<DataKey>>> {
    let (mut found, mut missing) = (HashMap::new(), Vec::new());
    let platform = app.keys.platform();
    for id in ids {
        if id == platform.id() {
            found.insert(id, Arc::clone(&platform));
        } else if let Some(key) = app.keys.data().by_id.get(&id) {
            found.insert(id, key);
        } else if !missing.contains(&id) {
            missing.push(id);
        }
    }
    if !missing.is_empty() {
        for stored in unit.keys().encryption_keys(&missing).await? {
            if let Some(key) = open(app.keys.master(), &stored)?.map(Arc::new) {
                app.keys.data().by_id.insert(stored.id, Arc::clone(&key));
                found.insert(stored.id, key);
            }
        }
    }
    Ok(found)
}

/// What making and opening data keys takes.
pub(super) struct Tools<'a> {
    pub(super) master: &'a MasterKey,
    pub(super) ids: &'a Ids,
    pub(super) clock: &'a dyn Clock,
    pub(super) random: &'a dyn Random,
}

impl Tools<'_> {
    /// A new key and the one that is now stored: that new one, or another that was there before.
    pub(super) async fn ensure(
        &self,
        unit: &dyn UnitOfWork,
        owner: KeyOwner,
        purpose: &str,
    ) -> Result<(DataKey, EncryptionKey)> {
        let key = DataKey::generate(self.ids.next(), self.random)?;
        let candidate = EncryptionKey {
            id: key.id(),
            organization_id: owner.organization(),
            user_id: owner.user(),
            purpose: purpose.to_owned(),
            key_sealed: Some(self.master.seal_key(&key, owner.id(), self.random)?),
            created_at: self.clock.now(),
            destroyed_at: None,
        };
        let stored = unit.keys().ensure_encryption_key(owner.organization(), &candidate).await?;
        Ok((key, stored))
    }

    /// The stored key, opened; none when it was destroyed.
    pub(super) fn open(&self, stored: &EncryptionKey) -> Result<Option<DataKey>> {
        open(self.master, stored)
    }
}

fn open(master: &MasterKey, stored: &EncryptionKey) -> Result<Option<DataKey>> {
    let Some(sealed) = &stored.key_sealed else { return Ok(None) };
    let opened = master.unseal_key(stored.id, KeyOwner::of(stored).id(), sealed);
    opened.map(Some).map_err(|error| {
        Error::internal(format!("the data key {} cannot be opened with this master key: {error}", stored.id))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, user};
    use keystead_store::mocks::MockUnitOfWork;
    use std::sync::Mutex;

    const OWNER: KeyOwner = KeyOwner::Person(user_id());

    const fn user_id() -> UserId {
        UserId::from_uuid(Uuid::from_u128(0x2007))
    }

    /// A unit of work over the one stored key, if there is one; it is asked `times` times.
    fn unit(stored: &Arc<Mutex<Option<EncryptionKey>>>, times: usize) -> MockUnitOfWork {
        let (mut unit, stored) = (MockUnitOfWork::new(), Arc::clone(stored));
        unit.keys.expect_ensure_encryption_key().times(times).returning(move |organization, candidate| {
            assert_eq!((organization, candidate.user_id), (PLATFORM, Some(user(7))));
            Ok(stored.lock().unwrap().get_or_insert_with(|| candidate.clone()).clone())
        });
        unit
    }

    #[tokio::test]
    async fn a_key_of_a_transaction_that_is_rolled_back_is_forgotten() {
        let app = TestApp::new().build();
        let stored = Arc::default();
        let lost = data_key(&app, &unit(&stored, 1), OWNER).await.unwrap().unwrap();
        // Within the transaction it is there; also a second look must not make it stay.
        let seen = data_key(&app, &unit(&stored, 1), OWNER).await.unwrap().unwrap();
        assert_eq!(lost.id(), seen.id());
        *stored.lock().unwrap() = None;
        let next = data_key(&app, &unit(&stored, 1), OWNER).await.unwrap().unwrap();
        assert_ne!(lost.id(), next.id());
    }

    #[tokio::test]
    async fn a_key_that_was_made_here_is_kept_once_it_is_committed() {
        let (app, stored) = (TestApp::new().build(), Arc::default());
        let made = data_key(&app, &unit(&stored, 1), OWNER).await.unwrap().unwrap();
        data_key_is_committed(&app, OWNER);
        let read = data_key(&app, &unit(&stored, 1), OWNER).await.unwrap().unwrap();
        let kept = data_key(&app, &unit(&stored, 0), OWNER).await.unwrap().unwrap();
        assert_eq!((made.id(), made.id()), (read.id(), kept.id()));
    }

    #[tokio::test]
    async fn a_committed_key_is_read_once() {
        let (test, stored) = (TestApp::new(), Arc::default());
        test.unit(unit(&stored, 1));
        let app = test.build();
        let first = committed_data_key(&app, OWNER).await.unwrap().unwrap();
        let again = committed_data_key(&app, OWNER).await.unwrap().unwrap();
        let within = data_key(&app, &unit(&stored, 0), OWNER).await.unwrap().unwrap();
        assert_eq!((first.id(), first.id()), (again.id(), within.id()));
    }

    #[tokio::test]
    async fn a_destroyed_key_seals_nothing() {
        let (app, stored) = (TestApp::new().build(), Arc::default());
        data_key(&app, &unit(&stored, 1), OWNER).await.unwrap();
        stored.lock().unwrap().as_mut().unwrap().key_sealed = None;
        assert!(data_key(&app, &unit(&stored, 1), OWNER).await.unwrap().is_none());
    }
}
