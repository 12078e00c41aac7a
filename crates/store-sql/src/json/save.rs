//! Writes every row into the file.

use super::{
    FORMAT,
    file::{Paths, unsaved},
};
use crate::{
    engine::errors::sqlx_store_error,
    rows::{Connection, Shape, Value, declared, key_of, pretty_json, read_after},
};
use keystead_domain::{Error, ErrorKind, Result};
use sqlx::{
    ConnectOptions, Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteOwnedBuf},
};
use std::io::{self, Write};
use tokio::runtime::Handle;

/// Rows that are in memory as text at once.
const BATCH: u32 = 500;

/// Replaces the file by the rows of `connection`, which must not be in a transaction.
///
/// # Errors
/// When the file cannot be written; it is as it was, then.
pub(crate) async fn save(paths: &Paths, connection: &mut SqliteConnection, schema_version: i32) -> Result<()> {
    let (paths, image, runtime) = (paths.clone(), image(connection).await?, Handle::current());
    let done = tokio::task::spawn_blocking(move || write(&paths, image, schema_version, &runtime)).await;
    done.map_err(|error| Error::internal(format!("a save ended: {error}")))?
}

/// A copy of the whole database, as fast as memory can be copied: only for so long does a save keep others waiting.
pub(super) async fn image(connection: &mut SqliteConnection) -> Result<SqliteOwnedBuf> {
    connection.serialize(None).await.map_err(|error| sqlx_store_error(&error))
}

/// Replaces the file by the rows of `image`. It blocks: for a thread on which nothing else waits.
pub(super) fn write(paths: &Paths, image: SqliteOwnedBuf, schema_version: i32, runtime: &Handle) -> Result<()> {
    paths.replace(|out| {
        runtime.block_on(async {
            let options = SqliteConnectOptions::new().in_memory(true).disable_statement_logging();
            let opened = SqliteConnection::connect_with(&options).await;
            let mut connection = opened.map_err(|error| sqlx_store_error(&error))?;
            connection.deserialize(None, image, true).await.map_err(|error| sqlx_store_error(&error))?;
            let mut document = Document { out, paths };
            document.write(&mut connection, schema_version).await?;
            // Whatever closing says, everything was read.
            let _ = connection.close().await;
            Ok(())
        })
    })
}

struct Document<'a> {
    out: &'a mut dyn Write,
    paths: &'a Paths,
}

impl Document<'_> {
    async fn write(&mut self, connection: &mut SqliteConnection, schema_version: i32) -> Result<()> {
        self.text(&format!(
            "{{\n  \"keystead\": {{\n    \"format\": {FORMAT},\n    \"schema_version\": {schema_version}\n  }},\n  \"tables\": {{"
        ))?;
        let mut first = true;
        for shape in declared() {
            self.text(if std::mem::take(&mut first) { "\n" } else { ",\n" })?;
            self.table(connection, &shape).await?;
        }
        self.text("\n  }\n}\n")
    }

    async fn table(&mut self, connection: &mut SqliteConnection, shape: &Shape) -> Result<()> {
        self.text(&format!("    \"{}\": [", shape.table))?;
        let (mut after, mut first) = (None, true);
        loop {
            let rows = read_after(Connection::Sqlite(connection), shape, after.as_ref(), BATCH).await?;
            let Some(last) = rows.last() else { break };
            after = Some(key_of(shape, last));
            for row in &rows {
                self.text(if std::mem::take(&mut first) { "" } else { "," })?;
                self.row(shape, row)?;
            }
        }
        self.text(if first { "]" } else { "\n    ]" })
    }

    fn row(&mut self, shape: &Shape, row: &[Value]) -> Result<()> {
        let mut text = String::from("\n      {");
        for (index, (column, value)) in shape.columns.iter().zip(row).enumerate() {
            let json = match value {
                Value::Json(json) => pretty_json(json, 4).map_err(|why| {
                    let (table, name) = (&shape.table, &column.name);
                    Error::new(ErrorKind::Internal, "row_unreadable", format!("{table}: {name} {why}"))
                })?,
                value => value.to_json(),
            };
            let comma = if index == 0 { "" } else { "," };
            text.push_str(&format!("{comma}\n        \"{}\": {json}", column.name));
        }
        text.push_str("\n      }");
        self.text(&text)
    }

    fn text(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes()).map_err(|error: io::Error| unsaved(&self.paths.file, &error))
    }
}
