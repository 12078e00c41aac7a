//! The one implementation of the repositories, over SQLite and PostgreSQL.

mod copy;
mod engine;
mod entities;
mod hot;
mod json;
pub mod migrate;
mod repositories;
pub mod roles;
mod rows;
pub mod schema;

pub use copy::{CopyOptions, CopyProgress, CopyReport, CopyStage, TableReport, TableTotal, copy};
pub use engine::{PostgresSettings, SqlStore, SqliteSynchronous, StoreSettings, StoreTarget};
pub use json::open_json;
