//! Drift: how a live database differs from the declared schema.

mod compare;
mod expression;
mod live;
mod postgres;
mod sqlite;

use super::{connection::Connection, migrator::Migrator};
use keystead_domain::Result;

impl Migrator {
    /// How the live database differs from what the program expects, in words, one difference each; none when all is well.
    /// The migrations must have been applied.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn check(&self) -> Result<Vec<String>> {
        let mut connection = self.open_to_look().await?;
        let live = live(&mut connection).await?;
        Ok(compare::differences(&live, connection.engine()))
    }

    /// How the live database's columns differ from the data register: a column that is in one of them only.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn compare_register(&self) -> Result<Vec<String>> {
        let live = live(&mut self.open_to_look().await?).await?;
        Ok(compare::register(&live))
    }
}

async fn live(connection: &mut Connection) -> Result<live::Live> {
    match connection {
        Connection::Postgres(connection) => postgres::read(connection).await,
        Connection::Sqlite(connection) => sqlite::read(connection).await,
        Connection::Pooled(connection) => sqlite::read(connection).await,
    }
}
