//! Writes rows, many in one statement.

use super::{Connection, Row, Shape, ShapeColumn, Value, shape::quoted};
use crate::{engine::errors::sqlx_store_error, schema::ColumnType};
use chrono::{DateTime, Utc};
use keystead_domain::Error;
use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection, query::Query};
use uuid::Uuid;

/// SQLite statements of about this many values are fastest, and far below its limit of 32,766.
const VALUES_IN_STATEMENT: usize = 2_000;

/// Why rows were not written.
#[derive(Debug)]
pub(crate) enum InsertError {
    /// The engine refuses one of the rows.
    Row {
        /// Which one of those given.
        index: usize,
        /// What the engine says.
        why: String,
        /// Whether it refers to a row that is not there.
        foreign_key: bool,
    },
    /// The store fails.
    Store(Error),
}

impl From<sqlx::Error> for InsertError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(sqlx_store_error(&error))
    }
}

/// Adds `rows` inside the open transaction: all of them, or none and the first one that the engine refuses.
///
/// # Errors
/// As [`InsertError`] says.
pub(crate) async fn insert(mut connection: Connection<'_>, shape: &Shape, rows: &[Row]) -> Result<(), InsertError> {
    if rows.is_empty() {
        return Ok(());
    }
    connection.run("SAVEPOINT rows").await?;
    if let Err(error) = write(&mut connection, shape, rows).await {
        // A broken line is no row's fault.
        if !matches!(error, sqlx::Error::Database(_) | sqlx::Error::Encode(_)) {
            return Err(error.into());
        }
        connection.run("ROLLBACK TO SAVEPOINT rows").await?;
        return Err(first_refused(&mut connection, shape, rows).await?.unwrap_or_else(|| error.into()));
    }
    connection.run("RELEASE SAVEPOINT rows").await?;
    Ok(())
}

/// Finds the row that the engine refuses, by writing them one by one; nothing of it stays.
async fn first_refused(
    connection: &mut Connection<'_>,
    shape: &Shape,
    rows: &[Row],
) -> sqlx::Result<Option<InsertError>> {
    for (index, row) in rows.iter().enumerate() {
        if let Err(error) = write(connection, shape, std::slice::from_ref(row)).await {
            connection.run("ROLLBACK TO SAVEPOINT rows").await?;
            let database = error.as_database_error();
            let foreign_key = database.is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation);
            // Its message alone: the detail of PostgreSQL repeats the row.
            let why = database.map_or_else(|| error.to_string(), |database| database.message().to_owned());
            return Ok(Some(InsertError::Row { index, why, foreign_key }));
        }
    }
    connection.run("ROLLBACK TO SAVEPOINT rows").await?;
    Ok(None)
}

async fn write(connection: &mut Connection<'_>, shape: &Shape, rows: &[Row]) -> sqlx::Result<()> {
    match connection {
        Connection::Postgres(connection) => write_postgres(connection, shape, rows).await,
        Connection::Sqlite(connection) => {
            let many = (VALUES_IN_STATEMENT / shape.columns.len().max(1)).max(1);
            for rows in rows.chunks(many) {
                write_sqlite(connection, shape, rows).await?;
            }
            Ok(())
        }
    }
}

async fn write_sqlite(connection: &mut SqliteConnection, shape: &Shape, rows: &[Row]) -> sqlx::Result<()> {
    let columns = shape.list(|column| quoted(&column.name));
    let places = format!("({})", vec!["?"; shape.columns.len()].join(", "));
    let places = vec![places; rows.len()].join(", ");
    let mut query =
        sqlx::query(AssertSqlSafe(format!("INSERT INTO {} ({columns}) VALUES {places}", quoted(&shape.table))));
    for value in rows.iter().flatten() {
        query = match value {
            Value::Null => query.bind(None::<i64>),
            Value::Uuid(value) => query.bind(*value),
            Value::Text(value) | Value::Json(value) => query.bind(value.as_str()),
            Value::Integer(value) => query.bind(*value),
            Value::Boolean(value) => query.bind(*value),
            Value::Time(value) => query.bind(value.as_datetime()),
            Value::Bytes(value) => query.bind(value.as_slice()),
        };
    }
    query.execute(connection).await.map(drop)
}

/// One array for each column: one prepared statement serves any number of rows.
async fn write_postgres(connection: &mut PgConnection, shape: &Shape, rows: &[Row]) -> sqlx::Result<()> {
    let columns = shape.list(|column| quoted(&column.name));
    let values = shape.list(|column| {
        let name = quoted(&column.name);
        if column.kind == ColumnType::Json { format!("{name}::jsonb") } else { name }
    });
    let arrays: Vec<_> =
        (1..).zip(&shape.columns).map(|(place, column)| format!("${place}::{}[]", array_of(column.kind))).collect();
    let sql = format!(
        "INSERT INTO {} ({columns}) SELECT {values} FROM unnest({}) AS given ({columns})",
        quoted(&shape.table),
        arrays.join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for (index, column) in shape.columns.iter().enumerate() {
        query = bind_array(query, column, index, rows)?;
    }
    query.execute(connection).await.map(drop)
}

const fn array_of(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Uuid => "uuid",
        ColumnType::Text(_) | ColumnType::LongText | ColumnType::Json => "text",
        ColumnType::Integer => "integer",
        ColumnType::BigInteger => "bigint",
        ColumnType::Boolean => "boolean",
        ColumnType::Timestamp => "timestamptz",
        ColumnType::Bytes => "bytea",
    }
}

type PgQuery<'q> = Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

fn bind_array<'q>(
    query: PgQuery<'q>,
    column: &ShapeColumn,
    index: usize,
    rows: &'q [Row],
) -> sqlx::Result<PgQuery<'q>> {
    let wrong = || sqlx::Error::Encode(format!("{} holds another kind of value", column.name).into());
    macro_rules! array {
        ($type:ty, $pattern:pat => $value:expr) => {{
            let mut array: Vec<Option<$type>> = Vec::with_capacity(rows.len());
            for row in rows {
                array.push(match row.get(index) {
                    Some(Value::Null) => None,
                    Some($pattern) => Some($value),
                    _ => return Err(wrong()),
                });
            }
            query.bind(array)
        }};
    }
    Ok(match column.kind {
        ColumnType::Uuid => array!(Uuid, Value::Uuid(value) => *value),
        ColumnType::Text(_) | ColumnType::LongText => array!(&'q str, Value::Text(value) => value.as_str()),
        ColumnType::Json => array!(&'q str, Value::Json(value) => value.as_str()),
        ColumnType::Integer => array!(i32, Value::Integer(value) => i32::try_from(*value).map_err(|_| wrong())?),
        ColumnType::BigInteger => array!(i64, Value::Integer(value) => *value),
        ColumnType::Boolean => array!(bool, Value::Boolean(value) => *value),
        ColumnType::Timestamp => array!(DateTime<Utc>, Value::Time(value) => value.as_datetime()),
        ColumnType::Bytes => array!(&'q [u8], Value::Bytes(value) => value.as_slice()),
    })
}
