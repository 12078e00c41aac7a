//! Migrations, drift and row-level security, on SQLite and on a real PostgreSQL.

mod place;
mod run;
