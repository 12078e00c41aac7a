//! Entities, values, rules, errors, caller and clock of Keystead.
//!
//! This floor does no I/O and knows no database, no HTTP and no clock of its own. Every other
//! floor speaks in its words.

#[macro_use]
mod text;

pub mod access;
pub mod accounts;
pub mod audit;
mod caller;
mod clock;
mod error;
mod ids;
pub mod jobs;
pub mod keys;
pub mod navigation;
pub mod organizations;
mod page;
pub mod sessions;
mod time;

pub use caller::{Caller, CallerKind, Grant, RequestContext, Rights, Scope};
pub use clock::{Clock, FixedClock, Ids, Random, SeededRandom, SystemClock, SystemRandom};
pub use error::{Error, ErrorKind, FieldError, Result};
pub use ids::{
    ApiKeyId, AuditEventId, FeatureId, FeaturePermissionId, InvitationId, JobId, KeyId, MembershipId, MenuItemId,
    ModuleId, OrganizationId, OrganizationModuleId, PLATFORM, PermissionId, PolicyEntityId, PolicyModelId, RoleId,
    RuleId, ScheduleId, ServiceAccountId, SessionId, SubMenuItemId, TeamId, TrailEntryId, UserId, UserLevelId, ViewId,
    ViewPermissionId,
};
pub use page::{Page, PageRequest};
pub use text::{bounded, bounded_json, optional_bounded};
pub use time::Timestamp;

/// A JSON object or value as it is stored in a `jsonb` column.
pub type Json = serde_json::Value;
