//! What must be one round trip, and what happens before anyone is signed in: functions on PostgreSQL, statements on SQLite.

mod access;
mod activity;
mod caller;
mod cleanup;
mod login;
mod queue;
mod refresh;

pub(crate) use activity::record_activity;
pub(crate) use caller::{load_caller, load_caller_within};
pub(crate) use cleanup::{counts, delete_expired, ensure_partitions};
pub(crate) use login::{find_login, take_login};
pub(crate) use refresh::rotate_refresh_token;

use crate::engine::errors::store_error;
use keystead_domain::Result;
use sea_orm::{QueryResult, TryGetable};

/// A column of a row, by name.
fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T> {
    row.try_get("", column).map_err(store_error)
}
