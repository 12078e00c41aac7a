//! Connections, transactions and units of work: the only way to the database.

mod access_repositories;
mod along;
pub(crate) mod conditions;
mod connect;
pub(crate) mod errors;
mod glance;
mod limit;
mod line;
pub(crate) mod noted;
mod observe;
mod opening;
mod pool;
mod roll_back;
mod settings;
mod store;
mod transaction;
mod uncancelled;
mod unit_of_work;

pub use settings::{PostgresSettings, SqliteSynchronous, StoreSettings, StoreTarget};
pub use store::SqlStore;
pub(crate) use transaction::{Access, Driver, Transaction};
pub(crate) use unit_of_work::SqlUnitOfWork;
