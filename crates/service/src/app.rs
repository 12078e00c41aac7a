//! What every use case works with.

use crate::{
    ServiceSettings,
    access::GrantsCache,
    audit::ReadLog,
    keys::{self, Keyring},
    sessions::Activity,
};
use keystead_crypto::{passwords::PasswordPool, sealing::MasterKey};
use keystead_domain::{Clock, Ids, Random, Result, Timestamp};
use keystead_store::SharedStore;
use std::{fmt, ops::Deref, sync::Arc};

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
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
pub struct Parts {
    /// Where the rows are kept.
    pub store: SharedStore,
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
    pub(crate) activity: Activity,
    pub(crate) reads: ReadLog,
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
        Ok(Self(Arc::new(Parts {
            ids: Ids::new(Arc::clone(&clock), Arc::clone(&random)),
            passwords: PasswordPool::new(&settings.passwords, Arc::clone(&random))?,
            grants: GrantsCache::default(),
            activity: Activity::default(),
            reads: ReadLog::default(),
            store,
            clock,
            random,
            keys,
            settings,
        })))
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
        &self.0
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("store", &self.store.mode()).finish_non_exhaustive()
    }
}
