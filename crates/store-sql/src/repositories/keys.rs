//! Signing keys and data keys.

use super::time;
use crate::{
    engine::{SqlUnitOfWork, errors::store_error},
    entities::{encryption_keys, signing_keys},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, KeyId, OrganizationId, PLATFORM, Result, Timestamp, UserId,
    keys::{EncryptionKey, SigningKey},
};
use keystead_store::KeyRepository;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};

/// The advisory lock that rotation takes. Any number will do that nothing else in the database takes.
const ROTATION: i64 = 0x6b65_7973_0001;

fn signing_key(row: signing_keys::Model) -> SigningKey {
    SigningKey {
        id: KeyId::from_uuid(row.id),
        kid: row.kid,
        algorithm: row.algorithm,
        public_jwk: row.public_jwk.to_string(),
        private_sealed: row.private_sealed,
        active_from: time(row.active_from),
        retires_at: time(row.retires_at),
        expires_at: time(row.expires_at),
        created_at: time(row.created_at),
    }
}

fn encryption_key(row: encryption_keys::Model) -> EncryptionKey {
    EncryptionKey {
        id: KeyId::from_uuid(row.id),
        organization_id: OrganizationId::from_uuid(row.organization_id),
        user_id: row.user_id.map(UserId::from_uuid),
        purpose: row.purpose,
        key_sealed: row.key_sealed,
        created_at: time(row.created_at),
        destroyed_at: row.destroyed_at.map(time),
    }
}

#[async_trait]
impl KeyRepository for SqlUnitOfWork {
    async fn insert_signing_key(&self, key: &SigningKey) -> Result<()> {
        self.may_write_in(PLATFORM)?;
        let public_jwk = serde_json::from_str(&key.public_jwk)
            .map_err(|error| Error::internal(format!("signing_keys.public_jwk: {error}")))?;
        let row = signing_keys::ActiveModel {
            id: Set(key.id.as_uuid()),
            kid: Set(key.kid.clone()),
            algorithm: Set(key.algorithm.clone()),
            public_jwk: Set(public_jwk),
            private_sealed: Set(key.private_sealed.clone()),
            active_from: Set(key.active_from.as_datetime()),
            retires_at: Set(key.retires_at.as_datetime()),
            expires_at: Set(key.expires_at.as_datetime()),
            created_at: Set(key.created_at.as_datetime()),
        };
        let done = signing_keys::Entity::insert(row).exec_without_returning(self.connection()).await;
        done.map(drop).map_err(store_error)
    }

    async fn signing_keys(&self, now: Timestamp) -> Result<Vec<SigningKey>> {
        let query = signing_keys::Entity::find()
            .filter(signing_keys::Column::ExpiresAt.gt(now.as_datetime()))
            .order_by_asc(signing_keys::Column::ActiveFrom)
            .order_by_asc(signing_keys::Column::Id);
        Ok(query.all(self.connection()).await.map_err(store_error)?.into_iter().map(signing_key).collect())
    }

    async fn lock_signing_keys(&self) -> Result<()> {
        self.advisory_lock(ROTATION).await
    }

    async fn encryption_key(&self, id: KeyId) -> Result<Option<EncryptionKey>> {
        let query = encryption_keys::Entity::find_by_id(id.as_uuid());
        Ok(query.one(self.connection()).await.map_err(store_error)?.map(encryption_key))
    }

    async fn encryption_keys(&self, ids: &[KeyId]) -> Result<Vec<EncryptionKey>> {
        let query = encryption_keys::Entity::find()
            .filter(encryption_keys::Column::Id.is_in(ids.iter().map(|id| id.as_uuid())));
        Ok(query.all(self.connection()).await.map_err(store_error)?.into_iter().map(encryption_key).collect())
    }

    async fn ensure_encryption_key(
        &self,
        organization: OrganizationId,
        candidate: &EncryptionKey,
    ) -> Result<EncryptionKey> {
        if organization != candidate.organization_id {
            return Err(Error::internal("encryption_keys: the key belongs to another organization"));
        }
        if let Some(found) = self.existing_key(candidate).await? {
            return Ok(found);
        }
        if candidate.user_id.is_none() || organization != PLATFORM {
            self.may_write_in(organization)?;
        }
        let row = encryption_keys::ActiveModel {
            id: Set(candidate.id.as_uuid()),
            organization_id: Set(organization.as_uuid()),
            user_id: Set(candidate.user_id.map(UserId::as_uuid)),
            purpose: Set(candidate.purpose.clone()),
            key_sealed: Set(candidate.key_sealed.clone()),
            created_at: Set(candidate.created_at.as_datetime()),
            destroyed_at: Set(candidate.destroyed_at.map(Timestamp::as_datetime)),
        };
        encryption_keys::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(self.connection())
            .await
            .map_err(store_error)?;
        let found = self.existing_key(candidate).await?;
        found.ok_or_else(|| Error::internal("encryption_keys: no row after adding it"))
    }
}

impl SqlUnitOfWork {
    async fn existing_key(&self, candidate: &EncryptionKey) -> Result<Option<EncryptionKey>> {
        use encryption_keys::Column;
        let query = encryption_keys::Entity::find().filter(Column::Purpose.eq(candidate.purpose.as_str()));
        let query = match candidate.user_id {
            Some(user) => query.filter(Column::UserId.eq(user.as_uuid())),
            None => query
                .filter(Column::OrganizationId.eq(candidate.organization_id.as_uuid()))
                .filter(Column::UserId.is_null()),
        };
        Ok(query.one(self.connection()).await.map_err(store_error)?.map(encryption_key))
    }

    /// Takes a lock until the transaction ends. SQLite has one writer, who needs none.
    pub(super) async fn advisory_lock(&self, number: i64) -> Result<()> {
        if self.backend() == DbBackend::Postgres {
            let sql = format!("SELECT pg_advisory_xact_lock({number})");
            self.connection().execute_unprepared(&sql).await.map_err(store_error)?;
        }
        Ok(())
    }
}
