//! Answers to repeated requests.

use crate::{
    engine::{SqlUnitOfWork, errors::store_error},
    entities::idempotency_keys,
};
use async_trait::async_trait;
use idempotency_keys::Column;
use keystead_domain::{Error, Json, Result};
use keystead_store::{Claim, IdempotencyKey, IdempotencyRepository};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, TryInsertResult, prelude::Expr, sea_query::OnConflict,
};

#[async_trait]
impl IdempotencyRepository for SqlUnitOfWork {
    async fn claim(&self, key: &IdempotencyKey) -> Result<Claim> {
        self.may_write_in(key.organization_id)?;
        // An expired key counts as never used.
        idempotency_keys::Entity::delete_many()
            .filter(Column::KeyHash.eq(key.key_hash.clone()))
            .filter(Column::ExpiresAt.lte(key.created_at.as_datetime()))
            .filter(self.of_organization(Column::OrganizationId, key.organization_id))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        let row = idempotency_keys::ActiveModel {
            organization_id: Set(key.organization_id.as_uuid()),
            key_hash: Set(key.key_hash.clone()),
            body_hash: Set(key.body_hash.clone()),
            is_answered: Set(false),
            answer: Set(None),
            created_at: Set(key.created_at.as_datetime()),
            expires_at: Set(key.expires_at.as_datetime()),
        };
        // A row of a transaction that has not ended makes this wait for it.
        let done = idempotency_keys::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(self.connection())
            .await
            .map_err(store_error)?;
        if matches!(done, TryInsertResult::Inserted(rows) if rows > 0) {
            return Ok(Claim::First);
        }
        let row = idempotency_keys::Entity::find()
            .filter(Column::KeyHash.eq(key.key_hash.clone()))
            .filter(self.of_organization(Column::OrganizationId, key.organization_id))
            .one(self.connection())
            .await
            .map_err(store_error)?
            .ok_or_else(|| Error::busy(1).with_internal("idempotency_keys: the row went away in between"))?;
        Ok(Claim::Answered { body_hash: row.body_hash, answer: row.answer })
    }

    async fn finish(&self, key: &IdempotencyKey, answer: Option<Json>) -> Result<()> {
        let done = idempotency_keys::Entity::update_many()
            .col_expr(Column::IsAnswered, Expr::value(true))
            .col_expr(Column::Answer, Expr::value(answer))
            .filter(Column::KeyHash.eq(key.key_hash.clone()))
            .filter(self.of_organization(Column::OrganizationId, key.organization_id))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        if done.rows_affected == 1 { Ok(()) } else { Err(Error::internal("idempotency_keys: the claimed row is gone")) }
    }
}
