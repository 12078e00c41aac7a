//! What a transaction's statements are sent on.

use super::{along::Waiting, pool::Lease};
use sqlx::{PgConnection, Sqlite, SqliteConnection, pool::PoolConnection};
use tokio::sync::Mutex;

/// A connection of either engine.
pub(super) enum Connection {
    Postgres(Lease<PgConnection>),
    Sqlite(SqliteLease),
}

/// One of SQLite's connections.
pub(crate) enum SqliteLease {
    /// Writes, as the only one, or reads.
    OfFile(Lease<SqliteConnection>),
    /// Does both.
    Memory(PoolConnection<Sqlite>),
}

impl SqliteLease {
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        match self {
            Self::OfFile(lease) => lease.connection(),
            Self::Memory(connection) => Ok(connection),
        }
    }
}

/// What statements are sent on.
pub(super) struct Line {
    /// None once the transaction is finished.
    pub(super) connection: Option<Connection>,
    /// What goes along with the next statement, on SQLite; and as long as nothing was sent, what opens the transaction.
    pub(super) waiting: Waiting,
    /// Whether anything was sent that a roll-back would take back.
    pub(super) begun: bool,
}

impl Line {
    /// One on which a transaction is open, or on which none will be.
    pub(super) fn open(connection: Connection) -> Mutex<Self> {
        Mutex::new(Self { connection: Some(connection), waiting: Waiting::default(), begun: true })
    }
}

/// Of a transaction that has none any more.
pub(super) fn finished() -> sqlx::Error {
    sqlx::Error::InvalidArgument("the transaction is finished".to_owned())
}
