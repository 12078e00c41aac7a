//! Migrations, drift and row-level security, on SQLite and on a real PostgreSQL.

mod drift;
mod place;
mod run;
