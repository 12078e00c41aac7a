//! A decision with what decided, by name.

use crate::access::evaluation::Answer;
use keystead_access::{Decision, Denial, Reason, snapshot::Snapshot};
use keystead_domain::{RoleId, RuleId, UserLevelId};
use uuid::Uuid;

/// What was decided, and by what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// Whether it is allowed.
    pub allowed: bool,
    /// What decided, in one word.
    pub reason: &'static str,
    /// The role that allows it, or comes nearest, with its name.
    pub role: Option<(RoleId, String)>,
    /// The user level that allows or denies it, or comes nearest, with its name.
    pub level: Option<(UserLevelId, String)>,
    /// The permission of that role or level.
    pub permission: Option<Uuid>,
    /// How far that permission reaches.
    pub scope: Option<&'static str>,
    /// The policy rule that decided.
    pub rule: Option<RuleId>,
}

impl Why {
    pub(in crate::access) fn new(snapshot: &Snapshot, decision: &Decision) -> Self {
        let why = Self { allowed: decision.allowed, reason: Answer::from(*decision).reason(), ..Self::default() };
        let named_role = |id: RoleId| Some((id, snapshot.role_name(id).unwrap_or_default().to_owned()));
        let named_level = |id: UserLevelId| Some((id, snapshot.level_name(id).unwrap_or_default().to_owned()));
        let by_role = |role, permission: Uuid, scope| {
            let (role, permission) = (named_role(role), Some(permission));
            Self { role, permission, scope, ..why.clone() }
        };
        let by_level = |level, permission: Uuid, scope| {
            let (level, permission) = (named_level(level), Some(permission));
            Self { level, permission, scope, ..why.clone() }
        };
        match decision.reason {
            Reason::Granted { role, permission, scope } => by_role(role, permission.as_uuid(), Some(scope.as_str())),
            Reason::Denied(Denial::OutOfScope { role, permission }) => by_role(role, permission.as_uuid(), None),
            Reason::Level { level, permission, scope } | Reason::Denied(Denial::Level { level, permission, scope }) => {
                by_level(level, permission.as_uuid(), Some(scope.as_str()))
            }
            Reason::Denied(Denial::LevelOutOfScope { level, permission }) => {
                by_level(level, permission.as_uuid(), None)
            }
            Reason::View { level, permission } | Reason::Denied(Denial::View { level, permission }) => {
                by_level(level, permission.as_uuid(), None)
            }
            Reason::Rule { rule, .. } | Reason::Denied(Denial::Rule { rule, .. }) => Self { rule, ..why },
            Reason::Administrator | Reason::Denied(_) => why,
        }
    }
}
