//! All keys of a running server.

use super::{DataKeys, KeyOwner, Macs, SigningKeys, data_keys::Tools};
use keystead_crypto::sealing::{DataKey, MasterKey};
use keystead_domain::{
    Clock, Error, Ids, Json, PLATFORM, Random, Result, Scope,
    keys::EncryptionKey,
    organizations::{Isolation, Organization, OrganizationKind, OrganizationStatus},
};
use keystead_store::Store;
use std::sync::Arc;

/// The keys that seal, authenticate and sign.
pub struct Keyring {
    master: MasterKey,
    platform: Arc<DataKey>,
    macs: Macs,
    data: DataKeys,
    signing: SigningKeys,
}

impl Keyring {
    /// A keyring with the platform's own keys: `token` authenticates, `data` seals.
    pub(crate) fn new(master: MasterKey, token: &DataKey, data: DataKey) -> Result<Self> {
        let macs = Macs::derive(token)?;
        Ok(Self { master, platform: Arc::new(data), macs, data: DataKeys::default(), signing: SigningKeys::default() })
    }

    /// Seals what the store keeps.
    #[must_use]
    pub const fn master(&self) -> &MasterKey {
        &self.master
    }

    /// The keys that authenticate tokens and make hashes that can be searched.
    #[must_use]
    pub const fn macs(&self) -> &Macs {
        &self.macs
    }

    /// The key of the platform organization, for what belongs to nobody else.
    pub(crate) fn platform(&self) -> Arc<DataKey> {
        Arc::clone(&self.platform)
    }

    pub(crate) const fn data(&self) -> &DataKeys {
        &self.data
    }

    pub(crate) const fn signing(&self) -> &SigningKeys {
        &self.signing
    }
}

/// Makes the platform organization and its keys unless they are there, and opens them.
pub(crate) async fn open_keyring(
    store: &dyn Store,
    master: MasterKey,
    ids: &Ids,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<Keyring> {
    let unit = store.begin(Scope::organization(PLATFORM)).await?;
    unit.seeds().lock().await?;
    if unit.organizations().find(PLATFORM, PLATFORM).await?.is_none() {
        unit.organizations().insert(&platform_organization(clock)).await?;
    }
    let tools = Tools { master: &master, ids, clock, random };
    let owner = KeyOwner::Organization(PLATFORM);
    let (_, token) = tools.ensure(&*unit, owner, "token").await?;
    let (_, data) = tools.ensure(&*unit, owner, "data").await?;
    let (token, data) = (open(&tools, &token)?, open(&tools, &data)?);
    unit.commit().await?;
    Keyring::new(master, &token, data)
}

fn open(tools: &Tools<'_>, stored: &EncryptionKey) -> Result<DataKey> {
    tools.open(stored)?.ok_or_else(|| Error::internal("a key of the platform organization was destroyed"))
}

fn platform_organization(clock: &dyn Clock) -> Organization {
    let now = clock.now();
    Organization {
        id: PLATFORM,
        name: "Platform".to_owned(),
        kind: OrganizationKind::Platform,
        isolation: Isolation::Shared,
        status: OrganizationStatus::Active,
        metadata: Json::Object(serde_json::Map::new()),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}
