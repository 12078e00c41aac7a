//! Takes back what was not committed, before anyone else gets the connection.

use super::line::Connection;
use std::time::Duration;

/// How long a roll-back may take before its connection is closed instead.
const ROLL_BACK_WITHIN: Duration = Duration::from_secs(5);

/// Rolls back on a connection; `cut_off` says that a statement's answer has not been read to the end.
pub(super) async fn roll_back(connection: Connection, cut_off: bool) {
    match connection {
        Connection::Postgres(mut lease) => {
            if cut_off {
                // Its answer would be read by the next statement's reader: the server rolls back when the line drops.
                lease.discard();
                return;
            }
            let Ok(connection) = lease.connection() else { return };
            let done = tokio::time::timeout(ROLL_BACK_WITHIN, sqlx::raw_sql("ROLLBACK").execute(connection)).await;
            match done {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => {
                    lease.note(&error);
                    lease.discard();
                }
                Err(_) => lease.discard(),
            }
        }
        Connection::Sqlite(mut lease) => {
            let Ok(connection) = lease.connection() else { return };
            // The worker thread answers in order, so this comes after whatever was cut off. It fails only where the
            // engine has rolled back by itself. (Closing would lose a store in memory.)
            if let Err(error) = sqlx::raw_sql("ROLLBACK").execute(connection).await {
                tracing::debug!(target: "keystead::store", %error, "roll-back");
            }
        }
    }
}
