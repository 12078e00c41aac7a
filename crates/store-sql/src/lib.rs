//! The one implementation of the repositories, over SQLite and PostgreSQL.

pub mod schema;
