//! The tables of an older schema: what a file held that an older program has saved.

use crate::{
    engine::errors::sqlx_store_error,
    rows::{Shape, ShapeColumn},
    schema::{ColumnType, SCHEMA_MIGRATIONS, table},
};
use keystead_domain::{Error, Result};
use sqlx::SqliteConnection;

/// Columns that the schema no longer declares, or declares as another kind: up to which version, where, and what they
/// held. Whoever takes a column out of the schema adds a line; a test names what is missing here.
const RETIRED: &[(i32, &str, &str, ColumnType)] = &[];

/// The tables of a database that was migrated up to `version`, parents before children.
///
/// # Errors
/// When the database cannot be read, or a column's kind is unknown.
pub(super) async fn shapes(connection: &mut SqliteConnection, version: i32) -> Result<Vec<Shape>> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> ?1 ORDER BY name",
    )
    .bind(SCHEMA_MIGRATIONS.name)
    .fetch_all(&mut *connection)
    .await
    .map_err(|error| sqlx_store_error(&error))?;
    let mut tables = Vec::new();
    for name in names {
        let shape = shape(connection, name, version).await?;
        let parents: Vec<String> = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_list(?1)")
            .bind(&shape.table)
            .fetch_all(&mut *connection)
            .await
            .map_err(|error| sqlx_store_error(&error))?;
        tables.push((shape, parents));
    }
    Ok(parents_first(tables))
}

fn parents_first(mut tables: Vec<(Shape, Vec<String>)>) -> Vec<Shape> {
    let mut ordered: Vec<Shape> = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let waits = |shape: &Shape, parent: &String| {
            *parent != shape.table && !ordered.iter().any(|done| done.table == *parent)
        };
        let ready = tables.iter().position(|(shape, parents)| !parents.iter().any(|parent| waits(shape, parent)));
        // Tables that refer to each other in a circle come in any order; the engine will say what it thinks of it.
        ordered.push(tables.remove(ready.unwrap_or(0)).0);
    }
    ordered
}

async fn shape(connection: &mut SqliteConnection, name: String, version: i32) -> Result<Shape> {
    let found: Vec<(String, bool, i64)> =
        sqlx::query_as("SELECT name, \"notnull\", pk FROM pragma_table_info(?1) ORDER BY cid")
            .bind(&name)
            .fetch_all(connection)
            .await
            .map_err(|error| sqlx_store_error(&error))?;
    let mut columns = Vec::with_capacity(found.len());
    let mut key = Vec::new();
    for (index, (column, not_null, place)) in found.into_iter().enumerate() {
        let kind = kind(&name, &column, version).ok_or_else(|| {
            Error::internal(format!("{name}.{column} is not declared: json/older.rs must say what it held"))
        })?;
        if place > 0 {
            key.push((place, index));
        }
        columns.push(ShapeColumn { name: column, kind, nullable: !not_null });
    }
    key.sort_unstable();
    Ok(Shape { table: name, columns, key: key.into_iter().map(|(_, index)| index).collect() })
}

fn kind(in_table: &str, name: &str, version: i32) -> Option<ColumnType> {
    let retired =
        RETIRED.iter().find(|(until, table, column, _)| version <= *until && *table == in_table && *column == name);
    retired.map(|(.., kind)| *kind).or_else(|| Some(table(in_table)?.column(name)?.kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        StoreSettings, StoreTarget,
        engine::SqlStore,
        migrate::{MIGRATIONS, MigrationTarget, Migrator, Run},
        rows::declared,
    };
    use keystead_domain::SystemClock;
    use std::sync::Arc;

    #[tokio::test]
    async fn the_tables_of_every_version_are_known() {
        for version in 0..=MIGRATIONS.len() {
            let store = SqlStore::connect(&StoreSettings::new(StoreTarget::Memory)).await.unwrap();
            let pool = store.in_memory().unwrap().clone();
            Migrator::new(MigrationTarget::Memory(pool.clone()), Arc::new(SystemClock))
                .with_migrations(MIGRATIONS[..version].to_vec())
                .up(Run::Apply, |_| {})
                .await
                .unwrap();
            let mut connection = pool.acquire().await.unwrap();
            let found = shapes(&mut connection, i32::try_from(version).unwrap()).await.unwrap();
            if version < MIGRATIONS.len() {
                continue;
            }
            // The last version is the declared schema.
            let mut declared = declared();
            let order: Vec<_> = found.iter().map(|shape| shape.table.clone()).collect();
            declared.sort_by_key(|shape| order.iter().position(|name| *name == shape.table));
            assert_eq!(format!("{found:?}"), format!("{declared:?}"));
        }
    }
}
