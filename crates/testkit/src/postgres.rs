//! A real PostgreSQL for tests, on any machine, without Docker.
//!
//! - [`shared`] is the usual entry: one fast server for all tests of a run. Each test makes its
//!   own [`Database`] in it with [`Server::database`], or clones a prepared one with
//!   [`Server::database_from`].
//! - [`Cluster`] is a server of one's own, for tests that crash it, restart it or need other
//!   settings.
//! - [`Binaries`] are the programs, `pgbench`, `psql` and `pg_dump` among them.
//! - [`PgBouncer`] is a pooler in transaction mode in front of a server.
//!
//! Five environment variables steer it: `TEST_POSTGRES_BIN` names a directory with PostgreSQL's
//! programs to use instead of the downloaded ones, `KEYSTEAD_TEST_CACHE` a directory for what is
//! kept between runs (`target/test-cache` otherwise), `KEYSTEAD_TEST_POSTGRES_URL` a running
//! server, as superuser, for [`shared`] to use, `KEYSTEAD_TEST_POSTGRES_IDLE` for how many seconds a server
//! that [`shared`] has started stays when no test uses it, and `TEST_PGBOUNCER` the pooler's program.
//!
//! Roles belong to the whole server, so the tests of a run share them. Creating or granting the
//! same role from two databases at once fails in PostgreSQL ("tuple concurrently updated");
//! [`Server::database_from`] runs what prepares a database one at a time.

mod account;
mod binaries;
mod cache;
mod cluster;
mod database;
mod debian;
mod directory;
mod install;
mod libraries;
mod pooler;
mod process;
mod shared;
mod template;
mod watcher;

pub use binaries::Binaries;
pub use cluster::{Cluster, Options};
pub use database::{Database, Server};
pub use pooler::PgBouncer;
pub use shared::shared;
