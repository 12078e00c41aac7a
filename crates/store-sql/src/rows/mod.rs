//! Whole rows of any declared table, in one form on every engine: for the JSON file and for copies between stores.
//!
//! Repositories know what rows mean; this module knows only what columns hold. A row's canonical form is one line of
//! JSON with the columns in declared order, and it is the same bytes wherever the row was read: `jsonb` reorders keys
//! and rewrites numbers, SQLite keeps the text as it came, and so neither's own form can be compared.

mod canonical;
mod digest;
mod read;
mod shape;
mod value;
mod write;

pub(crate) use canonical::{canonical_json, pretty_json};
pub(crate) use digest::TableDigest;
pub(crate) use read::{Key, count, read_after};
pub(crate) use shape::{Shape, ShapeColumn, declared};
pub(crate) use value::{Row, Value, canonical_row, describe_key, key_from_json, key_of, key_to_json};
pub(crate) use write::{InsertError, insert};

/// A driver's connection, inside a transaction.
pub(crate) enum Connection<'c> {
    /// To PostgreSQL, with `keystead` as its search path.
    Postgres(&'c mut sqlx::PgConnection),
    /// To SQLite.
    Sqlite(&'c mut sqlx::SqliteConnection),
}

impl Connection<'_> {
    /// The same connection, lent for a shorter time.
    pub(crate) fn again(&mut self) -> Connection<'_> {
        match self {
            Self::Postgres(connection) => Connection::Postgres(connection),
            Self::Sqlite(connection) => Connection::Sqlite(connection),
        }
    }
    /// Runs statements that return no rows. The text is the program's own.
    pub(crate) async fn run(&mut self, sql: &str) -> sqlx::Result<()> {
        let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
        match self {
            Self::Postgres(connection) => sql.execute(&mut **connection).await.map(drop),
            Self::Sqlite(connection) => sql.execute(&mut **connection).await.map(drop),
        }
    }
}
