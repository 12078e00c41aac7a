//! A type for every identifier that must not be mixed up with another.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// A UUIDv7 made by the program: never a secret, never a commit order.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that came from a store or a path.
            #[must_use]
            pub const fn from_uuid(id: Uuid) -> Self {
                Self(id)
            }
            /// The UUID inside.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

id! {
    /// A person's account.
    UserId;
    /// An organization: the unit of isolation.
    OrganizationId;
    /// A person's place in an organization.
    MembershipId;
    /// An invitation into an organization.
    InvitationId;
    /// A team inside an organization.
    TeamId;
    /// A role.
    RoleId;
    /// A permission.
    PermissionId;
    /// A session, which is also the family of its refresh tokens.
    SessionId;
    /// An audit event.
    AuditEventId;
    /// A signing or encryption key.
    KeyId;
    /// A job.
    JobId;
    /// A schedule.
    ScheduleId;
    /// A view of the product catalogue.
    ViewId;
    /// A module of the product catalogue.
    ModuleId;
    /// A feature of the product catalogue.
    FeatureId;
    /// A menu item of the first level.
    MenuItemId;
    /// A menu item of the second level.
    SubMenuItemId;
    /// An entry of a person's trail.
    TrailEntryId;
    /// That an organization has a module.
    OrganizationModuleId;
    /// A user level.
    UserLevelId;
    /// A user level's permission on a view.
    ViewPermissionId;
    /// A user level's permission on a feature.
    FeaturePermissionId;
    /// A policy rule.
    RuleId;
    /// A policy model.
    PolicyModelId;
    /// A policy entity.
    PolicyEntityId;
    /// A service account.
    ServiceAccountId;
    /// A key of a service account.
    ApiKeyId;
}

/// The platform: the organization that owns what is built in or global.
///
/// Its identifier is fixed so that row-level security policies and other systems can name it.
pub const PLATFORM: OrganizationId = OrganizationId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));
