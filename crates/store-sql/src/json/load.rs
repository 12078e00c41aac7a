//! Puts the rows of a file into the database.

use super::document::{Document, Members};
use crate::{
    rows::{Connection, InsertError, Row, Shape, Value, insert},
    schema::{ForeignKey, table},
};
use keystead_domain::Result;
use serde_json::value::RawValue;
use sqlx::SqliteConnection;

/// Rows that go into the database in one statement or a few.
const BATCH: usize = 1_000;

/// Puts every row of `document` into the empty tables of `shapes`, parents before children, inside the open transaction.
///
/// # Errors
/// `Invalid` with code `store_file_damaged`, the line and what is wrong.
pub(super) async fn load(connection: &mut SqliteConnection, document: Document<'_>, shapes: &[Shape]) -> Result<()> {
    let source = document.source;
    let (whole, mut members) = document.tables;
    let mut tables = Vec::with_capacity(shapes.len());
    for shape in shapes {
        let raw = source.take(&mut members, whole, &shape.table)?;
        tables.push((shape, source.items(raw, &shape.table)?));
    }
    source.nothing_else(&members, "tables")?;
    for (shape, items) in tables {
        for items in items.chunks(BATCH) {
            let mut rows = Vec::with_capacity(items.len());
            for raw in items {
                rows.push(row(source, shape, raw)?);
            }
            match insert(Connection::Sqlite(connection), shape, &rows).await {
                Ok(()) => {}
                Err(InsertError::Store(error)) => return Err(error),
                Err(InsertError::Row { index, why, foreign_key }) => {
                    let place = items.get(index).map_or("", |raw| raw.get());
                    let missing = match rows.get(index).filter(|_| foreign_key) {
                        Some(row) => missing_parent(connection, shape, row).await?,
                        None => None,
                    };
                    let (table, why) = (&shape.table, missing.unwrap_or(why));
                    return Err(source.wrong(place, format!("this row of {table} cannot be: {why}")));
                }
            }
        }
    }
    Ok(())
}

/// The row that an object stands for.
fn row<'a>(source: super::document::Source<'a>, shape: &Shape, raw: &'a RawValue) -> Result<Row> {
    let mut members: Members<'a> = source.members(raw, &format!("a row of {}", shape.table))?;
    let mut row = Vec::with_capacity(shape.columns.len());
    for column in &shape.columns {
        let value = source.take(&mut members, raw, &column.name)?;
        let value = Value::from_json(value, column)
            .map_err(|why| source.wrong(value.get(), format!("{} {why}", column.name)))?;
        row.push(value);
    }
    source.nothing_else(&members, &shape.table)?;
    Ok(row)
}

/// Says which reference of the row leads nowhere: SQLite says only that one does.
async fn missing_parent(connection: &mut SqliteConnection, shape: &Shape, row: &[Value]) -> Result<Option<String>> {
    let keys = table(&shape.table).map(|table| table.foreign_keys).unwrap_or_default();
    for key in keys {
        let values: Vec<_> =
            key.columns.iter().filter_map(|name| shape.position(name)).filter_map(|index| row.get(index)).collect();
        if !values.contains(&&Value::Null) && !is_there(connection, key, &values).await? {
            let columns = key.columns.join(" and ");
            let verb = if key.columns.len() == 1 { "refers" } else { "refer" };
            return Ok(Some(format!("{columns} {verb} to a row of {} that is not there", key.table)));
        }
    }
    Ok(None)
}

async fn is_there(connection: &mut SqliteConnection, key: &ForeignKey, values: &[&Value]) -> Result<bool> {
    let condition = key.references.iter().map(|name| format!("{name} = ?")).collect::<Vec<_>>().join(" AND ");
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {} WHERE {condition})", key.table);
    let mut query = sqlx::query_scalar::<_, bool>(sqlx::AssertSqlSafe(sql));
    for value in values {
        query = match value {
            Value::Uuid(value) => query.bind(*value),
            Value::Text(value) | Value::Json(value) => query.bind(value.as_str()),
            Value::Integer(value) => query.bind(*value),
            Value::Boolean(value) => query.bind(*value),
            Value::Time(value) => query.bind(value.as_datetime()),
            Value::Bytes(value) => query.bind(value.as_slice()),
            Value::Null => query.bind(None::<i64>),
        };
    }
    query.fetch_one(connection).await.map_err(|error| crate::engine::errors::sqlx_store_error(&error))
}
