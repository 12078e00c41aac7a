//! Reads rows in the order of their keys.

use super::{Connection, Row, Shape, Value, describe_key, shape::quoted};
use crate::{engine::errors::sqlx_store_error, schema::ColumnType};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use keystead_domain::{Error, ErrorKind, Result, Timestamp};
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Type, postgres::PgRow, sqlite::SqliteRow};
use uuid::Uuid;

/// A primary key.
pub(crate) type Key = Vec<Value>;

/// A batch ends when its rows weigh more than this many bytes, so that large rows do not make large batches.
const HEAVY: usize = 8 << 20;

macro_rules! bind_key {
    ($query:ident, $key:expr) => {
        for value in $key {
            $query = match value {
                Value::Uuid(value) => $query.bind(*value),
                Value::Text(value) | Value::Json(value) => $query.bind(value.as_str()),
                Value::Integer(value) => $query.bind(*value),
                Value::Boolean(value) => $query.bind(*value),
                Value::Time(value) => $query.bind(value.as_datetime()),
                Value::Bytes(value) => $query.bind(value.as_slice()),
                Value::Null => $query.bind(None::<i64>),
            };
        }
    };
}

/// The next rows after `after`, at most `limit`, in the order of the primary key. None left: an empty list.
///
/// # Errors
/// When the store fails, or a value is not what its column declares; the message names table, column and key.
pub(crate) async fn read_after(
    connection: Connection<'_>,
    shape: &Shape,
    after: Option<&Key>,
    limit: u32,
) -> Result<Vec<Row>> {
    let sql = select(shape, after.is_some(), matches!(connection, Connection::Postgres(_)), limit);
    let key = after.map(Vec::as_slice).unwrap_or_default();
    let (mut rows, mut weight) = (Vec::new(), 0);
    macro_rules! fetch {
        ($connection:expr, $read:path) => {{
            let mut query = sqlx::query(AssertSqlSafe(sql));
            bind_key!(query, key);
            let mut found = query.fetch(&mut *$connection);
            while weight < HEAVY
                && let Some(row) = found.try_next().await.map_err(|error| sqlx_store_error(&error))?
            {
                let row = decode(shape, &row, $read)?;
                weight += row.iter().map(Value::weight).sum::<usize>();
                rows.push(row);
            }
        }};
    }
    match connection {
        Connection::Postgres(connection) => fetch!(connection, from_postgres),
        Connection::Sqlite(connection) => fetch!(connection, from_sqlite),
    }
    Ok(rows)
}

/// How many rows the table has.
///
/// # Errors
/// When the store fails.
pub(crate) async fn count(connection: Connection<'_>, shape: &Shape) -> Result<u64> {
    let sql = AssertSqlSafe(format!("SELECT count(*) FROM {}", quoted(&shape.table)));
    let count: i64 = match connection {
        Connection::Postgres(connection) => sqlx::query_scalar(sql).fetch_one(connection).await,
        Connection::Sqlite(connection) => sqlx::query_scalar(sql).fetch_one(connection).await,
    }
    .map_err(|error| sqlx_store_error(&error))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn select(shape: &Shape, after: bool, postgres: bool, limit: u32) -> String {
    let columns = shape.list(|column| {
        let name = quoted(&column.name);
        // As text, JSON keeps every digit of its numbers.
        if postgres && column.kind == ColumnType::Json { format!("{name}::text") } else { name }
    });
    let key: Vec<_> = shape.key_columns().map(|column| quoted(&column.name)).collect();
    let places: Vec<_> = (1..=key.len()).map(|place| format!("${place}")).collect();
    let key = key.join(", ");
    let condition = if after { format!(" WHERE ({key}) > ({})", places.join(", ")) } else { String::new() };
    format!("SELECT {columns} FROM {}{condition} ORDER BY {key} LIMIT {limit}", quoted(&shape.table))
}

fn decode<R>(shape: &Shape, row: &R, read: fn(&R, usize, ColumnType, bool) -> Result<Value, String>) -> Result<Row> {
    let value = |index: usize, column: &super::ShapeColumn| read(row, index, column.kind, column.nullable);
    let columns = shape.columns.iter().enumerate();
    columns
        .map(|(index, column)| {
            value(index, column).map_err(|why| {
                let key: Key = shape.key.iter().filter_map(|at| value(*at, shape.columns.get(*at)?).ok()).collect();
                let (table, name, key) = (&shape.table, &column.name, describe_key(shape, &key));
                Error::new(ErrorKind::Internal, "row_unreadable", format!("{table} ({key}): {name} {why}"))
            })
        })
        .collect()
}

fn from_postgres(row: &PgRow, index: usize, kind: ColumnType, nullable: bool) -> Result<Value, String> {
    Ok(match kind {
        ColumnType::Integer => get::<i32, _>(row, index)?.map(|number| Value::Integer(number.into())),
        ColumnType::Boolean => get(row, index)?.map(Value::Boolean),
        _ => return common(row, index, kind, nullable),
    }
    .unwrap_or(Value::Null))
}

fn from_sqlite(row: &SqliteRow, index: usize, kind: ColumnType, nullable: bool) -> Result<Value, String> {
    Ok(match kind {
        ColumnType::Integer => get::<i64, _>(row, index)?.map(Value::Integer),
        ColumnType::Boolean => match get::<i64, _>(row, index)? {
            Some(number @ (0 | 1)) => Some(Value::Boolean(number == 1)),
            Some(number) => return Err(format!("is {number}, neither 0 nor 1")),
            None => None,
        },
        _ => return common(row, index, kind, nullable),
    }
    .unwrap_or(Value::Null))
}

fn common<R>(row: &R, index: usize, kind: ColumnType, nullable: bool) -> Result<Value, String>
where
    R: sqlx::Row,
    usize: ColumnIndex<R>,
    for<'r> Uuid: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> DateTime<Utc>: Decode<'r, R::Database> + Type<R::Database>,
{
    Ok(match kind {
        ColumnType::Uuid => get(row, index)?.map(Value::Uuid),
        ColumnType::Text(_) | ColumnType::LongText => get(row, index)?.map(Value::Text),
        ColumnType::Integer | ColumnType::BigInteger => get(row, index)?.map(Value::Integer),
        ColumnType::Boolean => return Err("is of a kind that each engine reads its own way".to_owned()),
        ColumnType::Timestamp => get(row, index)?.map(|time| Value::Time(Timestamp::new(time))),
        ColumnType::Json => match get::<String, _>(row, index)? {
            Some(text) => return Value::json(&text, nullable),
            None => None,
        },
        ColumnType::Bytes => get(row, index)?.map(Value::Bytes),
    }
    .unwrap_or(Value::Null))
}

fn get<T, R>(row: &R, index: usize) -> Result<Option<T>, String>
where
    R: sqlx::Row,
    usize: ColumnIndex<R>,
    for<'r> T: Decode<'r, R::Database> + Type<R::Database>,
{
    row.try_get(index).map_err(|error| format!("cannot be read: {error}"))
}
