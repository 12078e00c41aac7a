//! The statements that every table has: rows are added, read, changed and removed in batches.

use super::{after, one_more};
use crate::engine::{SqlUnitOfWork, errors::store_error};
use keystead_domain::{Error, OrganizationId, PageRequest, Result};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, TryInsertResult,
    sea_query::{OnConflict, Query},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many values one statement takes at the most: SQLite 32,766, PostgreSQL 65,535.
const VALUES: usize = 30_000;
/// How many identifiers one statement names at the most.
const IDENTIFIERS: usize = 1_000;

impl SqlUnitOfWork {
    /// Adds rows, so many to a statement as it takes.
    pub(super) async fn add<A>(&self, rows: impl Iterator<Item = A>) -> Result<(), DbErr>
    where
        A: ActiveModelTrait + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        let rows: Vec<A> = rows.collect();
        for batch in rows.chunks(batch_of::<A::Entity>()) {
            A::Entity::insert_many(batch.iter().cloned()).exec_without_returning(self.connection()).await?;
        }
        Ok(())
    }

    /// As [`SqlUnitOfWork::add`], with what is to happen to a row that is there already. Returns how many were written.
    pub(super) async fn add_or<A>(&self, rows: impl Iterator<Item = A>, conflict: OnConflict) -> Result<u64, DbErr>
    where
        A: ActiveModelTrait + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        let rows: Vec<A> = rows.collect();
        let mut written = 0;
        for batch in rows.chunks(batch_of::<A::Entity>()) {
            let insert = A::Entity::insert_many(batch.iter().cloned()).on_conflict(conflict.clone()).try_insert();
            if let TryInsertResult::Inserted(rows) = insert.exec_without_returning(self.connection()).await? {
                written += rows;
            }
        }
        Ok(written)
    }

    /// As [`SqlUnitOfWork::add_or`]; returns a column of what was written.
    pub(super) async fn add_or_returning<A>(
        &self,
        rows: impl Iterator<Item = A>,
        conflict: OnConflict,
        column: <A::Entity as EntityTrait>::Column,
    ) -> Result<Vec<Uuid>, DbErr>
    where
        A: ActiveModelTrait + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        let rows: Vec<A> = rows.collect();
        let mut written = Vec::with_capacity(rows.len());
        for batch in rows.chunks(batch_of::<A::Entity>()) {
            let mut insert = A::Entity::insert_many(batch.iter().cloned()).on_conflict(conflict.clone()).into_query();
            insert.returning_col(column);
            for row in self.connection().query_all(&insert).await? {
                written.push(row.try_get_by_index(0)?);
            }
        }
        Ok(written)
    }

    /// At most one row.
    pub(super) async fn one<E: EntityTrait>(&self, query: Select<E>) -> Result<Option<E::Model>> {
        query.one(self.connection()).await.map_err(store_error)
    }

    /// Every row.
    pub(super) async fn many<E: EntityTrait>(&self, query: Select<E>) -> Result<Vec<E::Model>> {
        query.all(self.connection()).await.map_err(store_error)
    }

    /// The rows with these identifiers, in their order, so many to a statement as it takes.
    pub(super) async fn with_ids<E: EntityTrait>(
        &self,
        query: Select<E>,
        column: E::Column,
        ids: impl Iterator<Item = Uuid>,
    ) -> Result<Vec<E::Model>> {
        let mut ids: Vec<Uuid> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let mut rows = Vec::with_capacity(ids.len());
        for batch in ids.chunks(IDENTIFIERS) {
            let query = query.clone().filter(column.is_in(batch.iter().copied())).order_by_asc(column);
            rows.extend(self.many(query).await?);
        }
        Ok(rows)
    }

    /// A page in the order of an identifier, with one row more, by which it is known whether more follow.
    pub(super) async fn page<E: EntityTrait>(
        &self,
        query: Select<E>,
        column: E::Column,
        page: &PageRequest,
    ) -> Result<Vec<E::Model>> {
        let query = match after(page)? {
            Some(id) => query.filter(column.gt(id)),
            None => query,
        };
        self.many(query.order_by_asc(column).limit(one_more(page))).await
    }

    /// Writes a row where all of this holds: identifier, version, and whose it is.
    pub(super) async fn change_row<A: ActiveModelTrait>(
        &self,
        row: A,
        which: Condition,
        refused: impl FnOnce(DbErr) -> Error,
    ) -> Result<()> {
        let done = A::Entity::update_many().set(row).filter(which).exec(self.connection()).await.map_err(refused)?;
        if done.rows_affected == 0 { Err(Error::stale()) } else { Ok(()) }
    }

    /// Removes a row where all of this holds: identifier, version, and whose it is.
    pub(super) async fn remove_row<E: EntityTrait>(
        &self,
        which: Condition,
        refused: impl FnOnce(DbErr) -> Error,
    ) -> Result<()> {
        let done = E::delete_many().filter(which).exec(self.connection()).await.map_err(refused)?;
        if done.rows_affected == 0 { Err(Error::stale()) } else { Ok(()) }
    }

    /// Removes every row for which this holds. Returns how many there were.
    pub(super) async fn remove_all<E: EntityTrait>(&self, which: Condition) -> Result<u64> {
        let done = E::delete_many().filter(which).exec(self.connection()).await.map_err(store_error)?;
        Ok(done.rows_affected)
    }

    /// Removes every row for which this holds. Returns a column of those that there were.
    pub(super) async fn remove_returning<E: EntityTrait>(
        &self,
        which: Condition,
        column: E::Column,
    ) -> Result<Vec<Uuid>> {
        let mut delete = Query::delete();
        delete.from_table(E::default().table_ref()).cond_where(which).returning_col(column);
        let rows = self.connection().query_all(&delete).await.map_err(store_error)?;
        rows.iter().map(|row| row.try_get_by_index(0).map_err(store_error)).collect()
    }

    /// Removes the rows with these identifiers for which this holds. Returns how many there were.
    pub(super) async fn remove_ids<E: EntityTrait>(
        &self,
        column: E::Column,
        ids: impl Iterator<Item = Uuid>,
        which: Condition,
    ) -> Result<u64> {
        let ids: Vec<Uuid> = ids.collect();
        let mut removed = 0;
        for batch in ids.chunks(IDENTIFIERS) {
            let which = which.clone().add(column.is_in(batch.iter().copied()));
            removed += self.remove_all::<E>(which).await?;
        }
        Ok(removed)
    }
}

fn batch_of<E: EntityTrait>() -> usize {
    VALUES / E::Column::iter().count().max(1)
}

/// One identifier and one version.
pub(super) fn exactly<C: ColumnTrait>(id: C, is: impl Into<Uuid>, version: C, was: i64) -> Condition {
    Condition::all().add(id.eq(is.into())).add(version.eq(was))
}

/// Of rows with the same key the last one: an engine may refuse to write one row twice in one statement.
pub(super) fn last_of_each<'r, T, K: Ord>(rows: &'r [T], key: impl Fn(&'r T) -> K) -> Vec<&'r T> {
    let last: BTreeMap<K, usize> = rows.iter().enumerate().map(|(place, row)| (key(row), place)).collect();
    let mut places: Vec<usize> = last.into_values().collect();
    places.sort_unstable();
    places.into_iter().filter_map(|place| rows.get(place)).collect()
}

/// Refuses rows that name another organization than the one they are written for.
pub(super) fn all_in(organization: OrganizationId, mut rows: impl Iterator<Item = OrganizationId>) -> Result<()> {
    if rows.any(|row| row != organization) {
        return Err(Error::internal("a row belongs to another organization than it is written for"));
    }
    Ok(())
}
