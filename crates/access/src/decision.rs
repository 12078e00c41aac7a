//! The answer, and why.

use crate::policy::Cause;
use keystead_domain::{
    FeaturePermissionId, PermissionId, RoleId, RuleId, UserLevelId, ViewPermissionId,
    access::{LevelScope, PermissionScope},
};

/// Which state of everything that decides an answer is from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The organization's access version.
    pub organization: i64,
    /// The platform's.
    pub platform: i64,
}

impl Version {
    /// Whether both parts are at least those of `other`.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        self.organization >= other.organization && self.platform >= other.platform
    }
}

/// The answer to "may this subject do this".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Why, or why not.
    pub reason: Reason,
    /// What it is from; zeros where only roles that came with the question were asked.
    pub version: Version,
}

/// Whose rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RulesOf {
    /// The platform's.
    Platform,
    /// The organization's own.
    Organization,
}

/// Why a decision came out as it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A permission of a role covers it.
    Granted {
        /// The role; the built-in role `user` for what every signed-in person may do with their own.
        role: RoleId,
        /// The permission.
        permission: PermissionId,
        /// How far that permission reaches.
        scope: PermissionScope,
    },
    /// The subject is an administrator of the platform, and none of its rules denies it.
    Administrator,
    /// A user level allows it.
    Level {
        /// The level.
        level: UserLevelId,
        /// Its permission.
        permission: FeaturePermissionId,
        /// How far that reaches.
        scope: LevelScope,
    },
    /// A user level opens the view.
    View {
        /// The level.
        level: UserLevelId,
        /// Its permission.
        permission: ViewPermissionId,
    },
    /// Rules allow it.
    Rule {
        /// Whose.
        of: RulesOf,
        /// Which; none where no single one decided.
        rule: Option<RuleId>,
    },
    /// Nothing covers it, or something denies it.
    Denied(Denial),
}

/// Why something is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Nothing permits this action on this kind of resource.
    NoPermission,
    /// A role permits the action, but not on this resource: it is another's, or of another organization.
    OutOfScope {
        /// The role that comes nearest.
        role: RoleId,
        /// Its permission.
        permission: PermissionId,
    },
    /// A user level allows the action, but not on this resource.
    LevelOutOfScope {
        /// The level that comes nearest.
        level: UserLevelId,
        /// Its permission.
        permission: FeaturePermissionId,
    },
    /// A user level denies it.
    Level {
        /// The level.
        level: UserLevelId,
        /// Its permission.
        permission: FeaturePermissionId,
        /// How far that reaches.
        scope: LevelScope,
    },
    /// A user level closes the view.
    View {
        /// The level.
        level: UserLevelId,
        /// Its permission.
        permission: ViewPermissionId,
    },
    /// The feature or view is in no active module that the organization has.
    Unreachable,
    /// Rules deny it.
    Rule {
        /// Whose.
        of: RulesOf,
        /// Which; none where no single one decided.
        rule: Option<RuleId>,
        /// By what.
        cause: Cause,
    },
    /// The subject's membership does not count now.
    Suspended,
    /// The person's account is not active.
    AccountClosed,
    /// The organization's rules do not fit the model that they are read by: what they deny is not known.
    RulesUnfit,
    /// The subject is not a member, and this is one of Keystead's own resources.
    Stranger,
    /// It is not known when it is asked.
    NoTime,
}

impl Denial {
    /// Whether something denies it, and not only nothing allows it.
    #[must_use]
    pub const fn is_explicit(&self) -> bool {
        matches!(
            self,
            Self::Level { .. }
                | Self::View { .. }
                | Self::Rule { .. }
                | Self::Unreachable
                | Self::AccountClosed
                | Self::RulesUnfit
        )
    }
}

impl Decision {
    pub(crate) const fn new(reason: Reason, version: Version) -> Self {
        Self { allowed: !matches!(reason, Reason::Denied(_)), reason, version }
    }
    pub(crate) fn granted(role: RoleId, permission: PermissionId, scope: PermissionScope) -> Self {
        Self::new(Reason::Granted { role, permission, scope }, Version::default())
    }
    pub(crate) fn denied(denial: Denial) -> Self {
        Self::new(Reason::Denied(denial), Version::default())
    }
}
