//! Migrations: from an empty database to the declared schema and back, on both engines.
//!
//! Each migration runs in one transaction, together with the row that says that it was applied. The transaction takes a
//! lock first and looks again at what was applied, so that two servers that start at once both find the work done.

mod connection;
mod drift;
mod health;
mod list;
mod migrator;
mod new;
mod state;

pub(crate) use health::pending;
pub use list::{Engine, MIGRATIONS, Migration, Statements};
pub use migrator::{MigrationTarget, Migrator, Progress, Run, Status, Step};
pub use new::new_migration;
pub use state::Applied;
