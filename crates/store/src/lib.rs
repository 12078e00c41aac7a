//! Repository traits, the unit of work, ports, and the contract suite that every store passes.
//!
//! A store is chosen once, at start. Use cases see only these traits: they open a [`UnitOfWork`] in a
//! [`Scope`](keystead_domain::Scope), work through its repositories and commit it.

mod access;
mod access_store;
mod accounts;
mod audit;
mod catalogue;
#[cfg(feature = "contracts")]
pub mod contracts;
mod idempotency;
mod jobs;
mod joint;
mod keys;
#[cfg(feature = "mocks")]
pub mod mocks;
mod navigation;
mod organizations;
mod rules;
mod service_accounts;
mod sessions;
mod store;
mod system;
mod user_levels;

pub use access::{PermissionRepository, RoleRepository};
pub use access_store::{AccessRepositories, AccessStore, ExpiredAccessRows};
pub use accounts::{FailedAttempt, LockPolicy, LoginAccount, LoginState, SignInAttempts, TakenLogin, UserRepository};
pub use audit::AuditRepository;
pub use catalogue::{CatalogueLinkRepository, FeatureRepository, ModuleRepository, ViewRepository};
pub use idempotency::{Claim, IdempotencyKey, IdempotencyRepository};
pub use jobs::{JobQueue, JobRepository};
pub use joint::Joint;
pub use keys::KeyRepository;
pub use keystead_domain::access::{AccessVersions, CatalogueLinks};
pub use navigation::{MenuRepository, TrailRepository};
pub use organizations::{InvitationRepository, MembershipRepository, OrganizationRepository, TeamRepository};
pub use rules::{
    AccessChangeRepository, AccessSnapshotRepository, PolicyEntityRepository, PolicyModelRepository, RuleRepository,
};
pub use service_accounts::{ApiKeyRecord, ApiKeyRepository, ApiKeyUse, ServiceAccountRepository};
pub use sessions::{CallerRecord, SessionActivity, SessionRepository};
pub use store::{SharedStore, Store, StoreMode, UnitOfWork};
pub use system::{Counts, ExpiredRows, PoolState, SeedRepository, StoreHealth};
pub use user_levels::{
    EffectivePermissionRepository, FeaturePermissionRepository, LevelAssignmentRepository,
    OrganizationModuleRepository, UserLevelRepository, ViewPermissionRepository,
};
