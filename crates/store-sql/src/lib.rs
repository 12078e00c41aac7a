//! The one implementation of the repositories, over SQLite and PostgreSQL.

pub mod migrate;
pub mod roles;
pub mod schema;
