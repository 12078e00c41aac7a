//! How far a copy is: a small table at the destination, gone when the copy is done.

use super::side::Side;
use crate::{
    engine::errors::sqlx_store_error,
    rows::{Connection, Key, Shape, count, key_from_json, key_to_json},
};
use keystead_domain::{Error, Result};
use std::collections::HashMap;

/// The rows of a table that were copied.
#[derive(Clone, Debug)]
pub(super) struct Copied {
    /// How many.
    pub(super) rows: u64,
    /// The last one's key.
    pub(super) last: Key,
}

/// How far the copy is.
#[derive(Debug)]
pub(super) struct Marker {
    tables: HashMap<String, Copied>,
    resumed: bool,
}

const CREATE: &str =
    "CREATE TABLE store_copy_progress (table_name text PRIMARY KEY, copied bigint NOT NULL, last_key text NOT NULL)";

impl Marker {
    /// Finds how far an interrupted copy got, or begins a new one in an empty destination.
    pub(super) async fn open(destination: &Side, shapes: &[Shape]) -> Result<Self> {
        let work = destination.write().await?;
        let mut driver = work.driver().await?;
        let mut marker = Self { tables: HashMap::new(), resumed: is_there(driver.rows()?).await? };
        if marker.resumed {
            for (table, rows, last) in all(driver.rows()?).await? {
                let shape = shapes.iter().find(|shape| shape.table == table);
                let last = shape.and_then(|shape| key_from_json(shape, &last));
                let last = last.ok_or_else(|| Error::internal(format!("store_copy_progress: the key of {table}")))?;
                marker.tables.insert(table, Copied { rows: u64::try_from(rows).unwrap_or(0), last });
            }
        }
        for shape in shapes.iter().filter(|shape| !marker.tables.contains_key(&shape.table)) {
            let rows = count(driver.rows()?, shape).await?;
            if rows > 0 {
                return Err(Error::conflict(
                    "copy_not_empty",
                    format!(
                        "The destination is not empty: {} has {rows} rows. Copy into a new database, migrated and not yet \
                         started or seeded.",
                        shape.table
                    ),
                ));
            }
        }
        if !marker.resumed {
            driver.rows()?.run(CREATE).await.map_err(|error| sqlx_store_error(&error))?;
        }
        drop(driver);
        work.commit().await?;
        Ok(marker)
    }

    /// Whether an interrupted copy was found.
    pub(super) fn resumed(&self) -> bool {
        self.resumed
    }

    /// What was copied of a table; none where it was not begun.
    pub(super) fn copied(&self, shape: &Shape) -> Option<&Copied> {
        self.tables.get(&shape.table)
    }

    /// Notes, in the transaction of the rows, that `rows` more were copied and that `last` is the last one.
    pub(super) async fn advance(
        &mut self,
        connection: Connection<'_>,
        shape: &Shape,
        rows: usize,
        last: Key,
    ) -> Result<u64> {
        let before = self.tables.get(&shape.table).map_or(0, |copied| copied.rows);
        let after = before + u64::try_from(rows).unwrap_or(0);
        // The condition fails when another copy works on the same destination.
        let sql = "INSERT INTO store_copy_progress (table_name, copied, last_key) VALUES ($1, $2, $3)
                   ON CONFLICT (table_name) DO UPDATE SET copied = excluded.copied, last_key = excluded.last_key
                   WHERE store_copy_progress.copied = $4";
        let numbers = (i64::try_from(after).unwrap_or(i64::MAX), i64::try_from(before).unwrap_or(i64::MAX));
        macro_rules! execute {
            ($connection:expr) => {
                sqlx::query(sql)
                    .bind(&shape.table)
                    .bind(numbers.0)
                    .bind(key_to_json(&last))
                    .bind(numbers.1)
                    .execute($connection)
                    .await
                    .map(|done| done.rows_affected())
            };
        }
        let changed = match connection {
            Connection::Postgres(connection) => execute!(connection),
            Connection::Sqlite(connection) => execute!(connection),
        };
        if changed.map_err(|error| sqlx_store_error(&error))? != 1 {
            return Err(Error::conflict("copy_in_progress", "Another copy writes to the same destination."));
        }
        self.tables.insert(shape.table.clone(), Copied { rows: after, last });
        Ok(after)
    }

    /// Removes the table: the copy is done.
    pub(super) async fn remove(self, destination: &Side) -> Result<()> {
        // What became a file has no such table.
        if destination.is_json() {
            return Ok(());
        }
        let work = destination.write().await?;
        let mut driver = work.driver().await?;
        driver.rows()?.run("DROP TABLE store_copy_progress").await.map_err(|error| sqlx_store_error(&error))?;
        drop(driver);
        work.commit().await
    }
}

/// Whether a copy was begun and has not come to its end.
pub(crate) async fn is_there(connection: Connection<'_>) -> Result<bool> {
    match connection {
        Connection::Postgres(connection) => {
            sqlx::query_scalar("SELECT to_regclass('keystead.store_copy_progress') IS NOT NULL")
                // A server asks this as well, and may do so by way of a pooler.
                .persistent(false)
                .fetch_one(connection)
                .await
        }
        Connection::Sqlite(connection) => {
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'store_copy_progress')")
                .fetch_one(connection)
                .await
        }
    }
    .map_err(|error| sqlx_store_error(&error))
}

async fn all(connection: Connection<'_>) -> Result<Vec<(String, i64, String)>> {
    let sql = "SELECT table_name, copied, last_key FROM store_copy_progress";
    match connection {
        Connection::Postgres(connection) => sqlx::query_as(sql).fetch_all(connection).await,
        Connection::Sqlite(connection) => sqlx::query_as(sql).fetch_all(connection).await,
    }
    .map_err(|error| sqlx_store_error(&error))
}
