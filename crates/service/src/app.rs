//! What every use case works with.

use crate::{
    ServiceSettings,
    access::{GrantsCache, decisions::Decisions},
    audit::{DecisionLog, ReadLog, no_reads},
    keys::{self, Keyring},
    passwords::Judge,
    service_accounts::KeyUsage,
    sessions::{Activity, Places},
};
use keystead_crypto::{passwords::PasswordPool, sealing::MasterKey};
use keystead_domain::{Clock, Ids, Random, Result, Timestamp};
use keystead_store::{Joint, SharedStore};
use std::{fmt, ops::Deref, sync::Arc};
use tokio::sync::Notify;

/// What the server puts together to make an [`App`].
pub struct Setup {
    /// Where the rows are kept; migrated.
    pub store: SharedStore,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for secrets.
    pub random: Arc<dyn Random>,
    /// Seals the keys that the store keeps.
    pub master_key: MasterKey,
    /// What the operator has set.
    pub settings: ServiceSettings,
}

/// Everything that use cases need, shared. A clone is one more reference to the same thing.
#[derive(Clone)]
pub struct App {
    /// Where the rows are kept; migrated.
    pub store: SharedStore,
    parts: Arc<Parts>,
    /// Whether what is written there is for nobody else yet.
    is_joined: bool,
}

/// What an [`App`] is made of.
pub struct Parts {
    /// The time. There is no other clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness for secrets.
    pub random: Arc<dyn Random>,
    /// New identifiers.
    pub ids: Ids,
    /// The threads that hash passwords.
    pub passwords: PasswordPool,
    /// The keys that seal, authenticate and sign.
    pub keys: Keyring,
    /// What the operator has set.
    pub settings: ServiceSettings,
    pub(crate) grants: GrantsCache,
    pub(crate) decisions: Decisions,
    pub(crate) activity: Activity,
    pub(crate) key_usage: KeyUsage,
    pub(crate) places: Places,
    /// Told when this node enqueues a job.
    pub(crate) new_jobs: Notify,
    pub(crate) reads: ReadLog,
    pub(crate) decision_log: Arc<DecisionLog>,
    pub(crate) judge: Judge,
}

impl App {
    /// Makes what the platform needs before anything else (its organization, its keys, a signing key) unless
    /// it is there, and reads it. Several nodes may do this at once.
    ///
    /// # Errors
    /// When the store fails, or when its keys were sealed by another master key.
    pub async fn start(setup: Setup) -> Result<Self> {
        let Setup { store, clock, random, master_key, settings } = setup;
        let ids = Ids::new(Arc::clone(&clock), Arc::clone(&random));
        let keyring = keys::open_keyring(&*store, master_key, &ids, &*clock, &*random).await?;
        let app = Self::assemble(store, clock, random, keyring, settings)?;
        keys::reload_signing_keys(&app).await?;
        keys::current_signing_key(&app).await?;
        Ok(app)
    }

    pub(crate) fn assemble(
        store: SharedStore,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        keys: Keyring,
        settings: ServiceSettings,
    ) -> Result<Self> {
        let parts = Parts {
            ids: Ids::new(Arc::clone(&clock), Arc::clone(&random)),
            passwords: PasswordPool::new(&settings.passwords, Arc::clone(&random))?,
            grants: GrantsCache::default(),
            decisions: Decisions::default(),
            activity: Activity::default(),
            key_usage: KeyUsage::default(),
            places: Places::default(),
            new_jobs: Notify::new(),
            reads: no_reads(),
            decision_log: DecisionLog::new(settings.audit_decisions),
            judge: Judge::default(),
            clock,
            random,
            keys,
            settings,
        };
        Ok(Self { store, parts: Arc::new(parts), is_joined: false })
    }

    /// The same on a store that is one transaction.
    pub(crate) fn joined(&self, store: Arc<Joint>) -> Self {
        Self { store, parts: Arc::clone(&self.parts), is_joined: true }
    }
    /// Whether what it reads may never come to be.
    pub(crate) const fn is_joined(&self) -> bool {
        self.is_joined
    }
}

impl Parts {
    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("store", &self.store.mode()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        keys::jwks,
        testing::{Trail, now},
    };
    use keystead_domain::{FixedClock, PLATFORM, SeededRandom, keys::EncryptionKey, organizations::OrganizationKind};
    use keystead_store::mocks::{MockStore, MockUnitOfWork};
    use std::sync::Mutex;

    fn setup(store: MockStore, seed: u64) -> Setup {
        let random = Arc::new(SeededRandom::new(seed));
        let master_key = MasterKey::generate(&*random).unwrap();
        let settings = ServiceSettings::default();
        Setup { store: Arc::new(store), clock: Arc::new(FixedClock::at(now())), random, master_key, settings }
    }

    /// The first unit of work of a start over the stored keys.
    fn first(stored: &Arc<Mutex<Vec<EncryptionKey>>>) -> MockUnitOfWork {
        let (mut unit, stored) = (MockUnitOfWork::new(), Arc::clone(stored));
        unit.seeds.expect_lock().once().returning(|| Ok(()));
        unit.organizations.expect_find().returning(|_, _| Ok(None));
        unit.organizations.expect_insert().once().returning(|organization| {
            assert_eq!((organization.id, organization.kind), (PLATFORM, OrganizationKind::Platform));
            Ok(())
        });
        unit.keys.expect_ensure_encryption_key().times(2).returning(move |_, candidate| {
            let mut stored = stored.lock().unwrap();
            if let Some(known) = stored.iter().find(|key| key.purpose == candidate.purpose) {
                return Ok(known.clone());
            }
            stored.push(candidate.clone());
            Ok(candidate.clone())
        });
        unit
    }

    #[tokio::test]
    async fn the_first_start_makes_the_platform_its_keys_and_one_signing_key() {
        let store = MockStore::new();
        let stored = Arc::default();
        store.expect_unit(first(&stored));
        let mut none = MockUnitOfWork::new();
        none.keys.expect_signing_keys().returning(|_| Ok(vec![]));
        store.expect_unit(none);
        let mut rotation = MockUnitOfWork::new();
        rotation.keys.expect_lock_signing_keys().once().returning(|| Ok(()));
        rotation.keys.expect_signing_keys().returning(|_| Ok(vec![]));
        rotation.keys.expect_insert_signing_key().once().returning(|_| Ok(()));
        Trail::default().record(&mut rotation);
        store.expect_unit(rotation);
        let journal = store.journal();
        let app = App::start(setup(store, 1)).await.unwrap();
        assert_eq!((jwks(&app).keys.len(), journal.commits(), stored.lock().unwrap().len()), (1, 2, 2));
    }

    #[tokio::test]
    async fn another_master_key_is_refused_with_a_reason() {
        let stored = Arc::default();
        for (seed, opens) in [(1, true), (2, false)] {
            let store = MockStore::new();
            store.expect_unit(first(&stored));
            // After the keys are open, the store has nothing more to offer.
            let reason = App::start(setup(store, seed)).await.unwrap_err().internal.unwrap();
            assert_eq!(!reason.contains("master key"), opens, "{reason}");
        }
    }

    /// The edge runs each use case as a task of its own.
    #[tokio::test]
    async fn use_cases_can_be_spawned() {
        fn spawnable<T: Send + 'static>(_: &T) {}
        let work = async |app: App, caller: keystead_domain::Caller| {
            let _ = crate::accounts::register(&app, &caller, unreachable(), None).await;
            let _ = crate::sessions::sign_in(&app, &caller, unreachable()).await;
            let _ = crate::sessions::refresh(&app, &caller, unreachable()).await;
            let _ = crate::accounts::create_user(&app, &caller, unreachable(), None).await;
            let _ = crate::bootstrap::bootstrap(&app, unreachable()).await;
        };
        fn unreachable<T>() -> T {
            unreachable!("never polled")
        }
        let app = crate::testing::TestApp::new().build();
        let task = work(app, crate::testing::anonymous());
        spawnable(&task);
    }
}
