//! Seeds that were applied.

use super::time;
use crate::{
    engine::{SqlUnitOfWork, errors::store_error},
    entities::seeds_applied,
};
use async_trait::async_trait;
use keystead_domain::{PLATFORM, Result, Timestamp};
use keystead_store::SeedRepository;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, TryInsertResult, sea_query::OnConflict};

/// The advisory lock that seeding takes. Any number will do that nothing else in the database takes.
const SEEDING: i64 = 0x6b65_7973_0002;

#[async_trait]
impl SeedRepository for SqlUnitOfWork {
    async fn lock(&self) -> Result<()> {
        self.advisory_lock(SEEDING).await
    }

    async fn note(&self, name: &str, environment: &str, now: Timestamp) -> Result<bool> {
        self.may_write_in(PLATFORM)?;
        let row = seeds_applied::ActiveModel {
            name: Set(name.to_owned()),
            environment: Set(environment.to_owned()),
            applied_at: Set(now.as_datetime()),
        };
        let done = seeds_applied::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(self.connection())
            .await
            .map_err(store_error)?;
        Ok(matches!(done, TryInsertResult::Inserted(rows) if rows > 0))
    }

    async fn applied(&self) -> Result<Vec<(String, String, Timestamp)>> {
        let query = seeds_applied::Entity::find()
            .order_by_asc(seeds_applied::Column::Name)
            .order_by_asc(seeds_applied::Column::Environment);
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        Ok(rows.into_iter().map(|row| (row.name, row.environment, time(row.applied_at))).collect())
    }
}
