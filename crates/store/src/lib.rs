//! Repository traits, the unit of work, ports, and the contract suite that every store passes.
//!
//! A store is chosen once, at start. Use cases see only these traits: they open a [`UnitOfWork`] in a
//! [`Scope`](keystead_domain::Scope), work through its repositories and commit it.

mod access;
mod accounts;
mod audit;
#[cfg(feature = "contracts")]
pub mod contracts;
mod idempotency;
mod jobs;
mod keys;
#[cfg(feature = "mocks")]
pub mod mocks;
mod organizations;
mod sessions;
mod store;
mod system;

pub use access::{AccessVersions, PermissionRepository, RoleRepository};
pub use accounts::{FailedAttempt, LockPolicy, LoginAccount, LoginState, SignInAttempts, UserRepository};
pub use audit::AuditRepository;
pub use idempotency::{Claim, IdempotencyKey, IdempotencyRepository};
pub use jobs::{JobQueue, JobRepository};
pub use keys::KeyRepository;
pub use organizations::{InvitationRepository, MembershipRepository, OrganizationRepository, TeamRepository};
pub use sessions::{CallerRecord, SessionActivity, SessionRepository};
pub use store::{SharedStore, Store, StoreMode, UnitOfWork};
pub use system::{Counts, ExpiredRows, PoolState, SeedRepository, StoreHealth};
