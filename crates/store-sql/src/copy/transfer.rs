//! Copies one table.

use super::{
    compare::compare,
    marker::Marker,
    progress::{CopyProgress, CopyStage},
    side::Side,
};
use crate::{
    engine::{Driver, errors::sqlx_store_error},
    rows::{Connection, InsertError, Row, Shape, describe_key, insert, key_of, read_after},
    schema::table,
};
use keystead_domain::{Error, Result};
use sqlx::{PgConnection, SqliteConnection};

/// Copies what the destination does not have yet, after it has made sure that what it has is the source's.
pub(super) async fn transfer(
    reader: &mut Driver<'_>,
    destination: &Side,
    shape: &Shape,
    marker: &mut Marker,
    batch: u32,
    progress: &mut dyn CopyProgress,
) -> Result<()> {
    let mut after = None;
    if let Some(copied) = marker.copied(shape) {
        let checking = destination.read().await?;
        let mut other = checking.driver().await?;
        let mut step = |rows| progress.step(CopyStage::Resume, &shape.table, rows);
        compare(reader.rows()?, other.rows()?, shape, Some(&copied.last), batch, &mut step).await?.map_err(|difference| {
            Error::conflict(
                "copy_differs",
                format!(
                    "The destination holds a part of an interrupted copy, and {difference}: the source has changed since, or \
                     the destination was changed. Empty the destination and copy again."
                ),
            )
        })?;
        after = Some(copied.last.clone());
        progress.step(CopyStage::Copy, &shape.table, copied.rows);
    }
    make_partitions(reader.rows()?, destination, shape).await?;
    let mut rows = read_after(reader.rows()?, shape, after.as_ref(), batch).await?;
    while let Some(last) = rows.last().map(|row| key_of(shape, row)) {
        // The next rows are read while these are written.
        let (written, next) = tokio::join!(
            write(destination, shape, &rows, marker, last.clone()),
            read_after(reader.rows()?, shape, Some(&last), batch)
        );
        progress.step(CopyStage::Copy, &shape.table, written?);
        rows = next?;
    }
    Ok(())
}

/// Writes one batch and how far the copy is by it, in one transaction. Returns how many rows of the table are there now.
async fn write(
    destination: &Side,
    shape: &Shape,
    rows: &[Row],
    marker: &mut Marker,
    last: crate::rows::Key,
) -> Result<u64> {
    let work = destination.write().await?;
    let mut driver = work.driver().await?;
    insert(driver.rows()?, shape, rows).await.map_err(|error| match error {
        InsertError::Store(error) => error,
        InsertError::Row { index, why, .. } => {
            let key = rows.get(index).map(|row| describe_key(shape, &key_of(shape, row))).unwrap_or_default();
            Error::conflict(
                "copy_refused",
                format!("The destination refuses the row of {} with {key}: {why}", shape.table),
            )
        }
    })?;
    let copied = marker.advance(driver.rows()?, shape, rows.len(), last).await?;
    drop(driver);
    work.commit().await?;
    Ok(copied)
}

/// Makes the destination's partitions for the months that the source has rows of: those that already lie in the default
/// partition would stay there, out of the way of everything that works on months.
async fn make_partitions(source: Connection<'_>, destination: &Side, shape: &Shape) -> Result<()> {
    let Some(column) = table(&shape.table).and_then(|table| table.partitioned_by) else { return Ok(()) };
    if !destination.is_postgres() {
        return Ok(());
    }
    let months = match source {
        Connection::Postgres(connection) => months_of_postgres(connection, &shape.table, column).await,
        Connection::Sqlite(connection) => months_of_sqlite(connection, &shape.table, column).await,
    }
    .map_err(|error| sqlx_store_error(&error))?;
    let work = destination.write().await?;
    let mut driver = work.driver().await?;
    if let Connection::Postgres(connection) = driver.rows()? {
        for month in months {
            sqlx::query("SELECT make_audit_partition($1::date)")
                .bind(format!("{month}-01"))
                .execute(&mut *connection)
                .await
                .map_err(|error| sqlx_store_error(&error))?;
        }
    }
    drop(driver);
    work.commit().await
}

async fn months_of_postgres(connection: &mut PgConnection, table: &str, column: &str) -> sqlx::Result<Vec<String>> {
    let sql = format!("SELECT DISTINCT to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM') FROM {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(connection).await
}

async fn months_of_sqlite(connection: &mut SqliteConnection, table: &str, column: &str) -> sqlx::Result<Vec<String>> {
    // Times are UTC in RFC 3339.
    let sql = format!("SELECT DISTINCT substr({column}, 1, 7) FROM {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(connection).await
}
