//! The contracts that every store passes: exported test functions beside the traits.
//!
//! A store's tests say how to make one, once for each of its modes, and get a test for each contract:
//!
//! ```ignore
//! async fn harness() -> MyHarness { … }
//! keystead_store::contract_suite!(harness);
//! ```
//!
//! Next to the contracts of each repository stands its "not from another organization": what is asked or changed from
//! elsewhere, or in another's name, finds and changes nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "contracts are tests: they report by panicking, and their names say what must hold"
)]

use crate::SharedStore;

#[macro_use]
mod ask;
mod ground;
mod samples;
mod suite;

pub mod access_changes;
pub mod api_keys;
pub mod audit;
pub mod callers;
pub mod catalogue;
pub mod catalogue_links;
pub mod cleanup;
pub mod effective_permissions;
pub mod idempotency;
pub mod invitations;
pub mod jobs;
pub mod keys;
pub mod level_assignments;
pub mod level_permissions;
pub mod memberships;
pub mod menus;
pub mod noted_changes;
pub mod organization_modules;
pub mod organizations;
pub mod permissions;
pub mod policy_entities;
pub mod policy_models;
pub mod queue;
pub mod refresh;
pub mod roles;
pub mod rules;
pub mod seeds;
pub mod service_accounts;
pub mod sessions;
pub mod sign_in;
pub mod snapshots;
pub mod teams;
pub mod trail;
pub mod units;
pub mod user_levels;
pub mod users;

/// Makes the store under test. It lives as long as the test, and so does what it keeps for the store (a directory, a database).
pub trait Harness: Send + Sync {
    /// A store with every migration applied and no row in any table but that of the migrations.
    fn store(&self) -> impl Future<Output = SharedStore> + Send;

    /// Whether the statements' own conditions are switched off, so that the database alone keeps organizations apart. It does
    /// not keep colleagues apart: they see each other's accounts.
    fn is_kept_by_the_database_alone(&self) -> bool {
        false
    }
}
