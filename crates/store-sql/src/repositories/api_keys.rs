//! Keys of service accounts.

use super::{
    statements::{all_in, exactly},
    time,
};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{foreign_key_violation, store_error, unique_violation},
    },
    entities::api_keys,
};
use api_keys::{ActiveModel, Column, Entity, Model};
use async_trait::async_trait;
use keystead_domain::{
    ApiKeyId, Error, Json, OrganizationId, Page, PageRequest, Result, ServiceAccountId, Timestamp,
    access::{AccessChange, AccessTable},
    accounts::ApiKey,
};
use keystead_store::ApiKeyRepository;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, Select,
    sea_query::{Expr, ExprTrait},
};

/// The names in a list of scopes.
pub(crate) fn scopes(stored: Json) -> Result<Vec<String>> {
    serde_json::from_value(stored).map_err(|error| Error::internal(format!("api_keys.scopes: {error}")))
}

fn key(row: Model) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.id.into(),
        organization_id: row.organization_id.into(),
        service_account_id: row.service_account_id.into(),
        prefix: row.prefix,
        scopes: scopes(row.scopes)?,
        replaces_id: row.replaces_id.map(ApiKeyId::from_uuid),
        expires_at: row.expires_at.map(time),
        last_used_at: row.last_used_at.map(time),
        revoked_at: row.revoked_at.map(time),
        created_by: row.created_by,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    })
}

fn refused(error: DbErr) -> Error {
    match unique_violation(&error) {
        Some(what) if what.contains("prefix") => {
            Error::conflict("api_key_prefix_taken", "There is a key with this prefix: make another one.")
        }
        _ if foreign_key_violation(&error) => Error::not_found("service account"),
        _ => store_error(error),
    }
}

impl SqlUnitOfWork {
    fn keys_of(&self, organization: OrganizationId) -> Select<Entity> {
        Entity::find().filter(self.of_organization(Column::OrganizationId, organization))
    }
}

#[async_trait]
impl ApiKeyRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &ApiKey, key_hash: &[u8]) -> Result<()> {
        self.may_write_in(organization)?;
        all_in(organization, std::iter::once(new.organization_id))?;
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            organization_id: Set(new.organization_id.as_uuid()),
            service_account_id: Set(new.service_account_id.as_uuid()),
            prefix: Set(new.prefix.clone()),
            key_hash: Set(key_hash.to_vec()),
            scopes: Set(new.scopes.clone().into()),
            replaces_id: Set(new.replaces_id.map(ApiKeyId::as_uuid)),
            expires_at: Set(new.expires_at.map(Timestamp::as_datetime)),
            last_used_at: Set(new.last_used_at.map(Timestamp::as_datetime)),
            revoked_at: Set(new.revoked_at.map(Timestamp::as_datetime)),
            created_by: Set(new.created_by.clone()),
            created_at: Set(new.created_at.as_datetime()),
            updated_at: Set(new.updated_at.as_datetime()),
            version: Set(new.version),
        };
        self.add(std::iter::once(row)).await.map_err(refused)?;
        self.note(organization, AccessChange::put(AccessTable::ServiceAccounts, new.service_account_id));
        Ok(())
    }

    async fn find(&self, organization: OrganizationId, id: ApiKeyId) -> Result<Option<ApiKey>> {
        let query = self.keys_of(organization).filter(Column::Id.eq(id.as_uuid()));
        self.one(query).await?.map(key).transpose()
    }

    async fn find_by_prefix(&self, organization: OrganizationId, prefix: &str) -> Result<Option<ApiKey>> {
        let query = self.keys_of(organization).filter(Column::Prefix.eq(prefix));
        self.one(query).await?.map(key).transpose()
    }

    async fn list(
        &self,
        organization: OrganizationId,
        account: ServiceAccountId,
        page: &PageRequest,
    ) -> Result<Page<ApiKey>> {
        let query = self.keys_of(organization).filter(Column::ServiceAccountId.eq(account.as_uuid()));
        let rows = self.page(query, Column::Id, page).await?;
        let items = rows.into_iter().map(key).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(items, page.limit, |row| row.id.to_string()))
    }

    async fn update(&self, organization: OrganizationId, changed: &ApiKey) -> Result<ApiKey> {
        let next = ApiKey { version: changed.version + 1, ..changed.clone() };
        let row = ActiveModel {
            scopes: Set(next.scopes.clone().into()),
            expires_at: Set(next.expires_at.map(Timestamp::as_datetime)),
            revoked_at: Set(next.revoked_at.map(Timestamp::as_datetime)),
            updated_at: Set(next.updated_at.as_datetime()),
            version: Set(next.version),
            ..Default::default()
        };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version)
            .add(Column::ServiceAccountId.eq(changed.service_account_id.as_uuid()))
            .add(self.of_organization(Column::OrganizationId, organization));
        self.change_row(row, which, refused).await?;
        self.note(organization, AccessChange::put(AccessTable::ServiceAccounts, changed.service_account_id));
        Ok(next)
    }

    async fn revoke_all(&self, organization: OrganizationId, account: ServiceAccountId, now: Timestamp) -> Result<u64> {
        let at = now.as_datetime();
        let live = Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(at));
        let done = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(at))
            .col_expr(Column::UpdatedAt, Expr::value(at))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .filter(Column::ServiceAccountId.eq(account.as_uuid()))
            .filter(Column::RevokedAt.is_null())
            .filter(live)
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        if done.rows_affected > 0 {
            self.note(organization, AccessChange::put(AccessTable::ServiceAccounts, account));
        }
        Ok(done.rows_affected)
    }

    async fn delete(&self, organization: OrganizationId, id: ApiKeyId, version: i64) -> Result<()> {
        let which = exactly(Column::Id, id, Column::Version, version);
        let which = which.add(self.of_organization(Column::OrganizationId, organization));
        let accounts = self.remove_returning::<Entity>(which, Column::ServiceAccountId).await?;
        if accounts.is_empty() {
            return Err(Error::stale());
        }
        self.note_put(organization, AccessTable::ServiceAccounts, accounts);
        Ok(())
    }
}
