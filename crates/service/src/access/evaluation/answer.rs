//! A decision and its reason, in words.

use keystead_access::{Decision, Denial, Reason, RulesOf};
use std::fmt::Display;

/// What was decided, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub(super) decision: Decision,
}

impl From<Decision> for Answer {
    fn from(decision: Decision) -> Self {
        Self { decision }
    }
}

impl Answer {
    /// Whether it is allowed.
    #[must_use]
    pub const fn allowed(&self) -> bool {
        self.decision.allowed
    }
    /// The access version of the organization that decided.
    #[must_use]
    pub const fn version(&self) -> i64 {
        self.decision.version.organization
    }
    /// The access version of the platform that decided.
    #[must_use]
    pub const fn platform_version(&self) -> i64 {
        self.decision.version.platform
    }

    /// What decided, in one word.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self.decision.reason {
            Reason::Granted { .. } => "role",
            Reason::Administrator => "platform_administrator",
            Reason::Level { .. } | Reason::View { .. } => "user_level",
            Reason::Rule { of: RulesOf::Platform, .. } => "platform_rule",
            Reason::Rule { of: RulesOf::Organization, .. } => "rule",
            Reason::Denied(denial) => match denial {
                Denial::NoPermission => "no_permission",
                Denial::OutOfScope { .. } | Denial::LevelOutOfScope { .. } => "out_of_scope",
                Denial::Level { .. } | Denial::View { .. } => "denied_by_user_level",
                Denial::Unreachable => "not_in_a_module",
                Denial::Rule { of: RulesOf::Platform, .. } => "denied_by_platform_rule",
                Denial::Rule { of: RulesOf::Organization, .. } => "denied_by_rule",
                Denial::Suspended => "suspended",
                Denial::AccountClosed => "account_not_active",
                Denial::RulesUnfit => "rules_do_not_fit",
                Denial::Stranger => "not_a_member",
                Denial::NoTime => "no_time",
            },
        }
    }

    /// The rows that decided, by what they are: `role_id`, `permission_id`, `level_id`, `rule_id`, and the scope.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        fn told<const N: usize>(all: [(&'static str, &dyn Display); N]) -> Vec<(&'static str, String)> {
            all.map(|(name, value)| (name, value.to_string())).to_vec()
        }
        match &self.decision.reason {
            Reason::Granted { role, permission, scope } => {
                told([("role_id", role), ("permission_id", permission), ("scope", scope)])
            }
            Reason::Level { level, permission, scope } | Reason::Denied(Denial::Level { level, permission, scope }) => {
                told([("level_id", level), ("permission_id", permission), ("scope", scope)])
            }
            Reason::View { level, permission } | Reason::Denied(Denial::View { level, permission }) => {
                told([("level_id", level), ("permission_id", permission)])
            }
            Reason::Denied(Denial::OutOfScope { role, permission }) => {
                told([("role_id", role), ("permission_id", permission)])
            }
            Reason::Denied(Denial::LevelOutOfScope { level, permission }) => {
                told([("level_id", level), ("permission_id", permission)])
            }
            Reason::Rule { rule: Some(rule), .. } | Reason::Denied(Denial::Rule { rule: Some(rule), .. }) => {
                told([("rule_id", rule)])
            }
            Reason::Administrator | Reason::Rule { .. } | Reason::Denied(_) => Vec::new(),
        }
    }
}
