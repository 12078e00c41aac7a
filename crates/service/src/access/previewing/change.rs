//! What can be previewed.

use crate::access::{
    policy::{
        entities::{EntityName, NewEntity},
        rules::NewRule,
    },
    user_levels::CellChange,
};
use keystead_domain::{ModuleId, RoleId, RuleId, Timestamp, UserId, UserLevelId};

/// One change of what decides in an organization. Each is what the use case of the same name takes, without a version: it is
/// made for what is there.
#[derive(Clone, Debug)]
pub enum Change {
    /// Rules are added.
    AddRules(Vec<NewRule>),
    /// All rules are replaced by these.
    ReplaceRules(Vec<NewRule>),
    /// A rule is changed. What is absent stays; none inside takes it away.
    ChangeRule {
        /// Which.
        rule: RuleId,
        /// Other values, all of them.
        values: Option<Vec<String>>,
        /// Another priority.
        priority: Option<Option<i32>>,
        /// Another beginning.
        not_before: Option<Option<Timestamp>>,
        /// Another end.
        expires_at: Option<Option<Timestamp>>,
        /// Whether it counts.
        is_active: Option<bool>,
    },
    /// Rules are removed.
    RemoveRules(Vec<RuleId>),
    /// The organization gets this model.
    SetModel(String),
    /// The organization's own model is taken away.
    RemoveModel,
    /// Entities are made known, or get these properties.
    PutEntities(Vec<NewEntity>),
    /// Entities are removed.
    RemoveEntities(Vec<EntityName>),
    /// A role permits just this.
    SetRolePermissions {
        /// Which.
        role: RoleId,
        /// Names such as `teams:read:organization`, or identifiers.
        permissions: Vec<String>,
    },
    /// A member holds just these roles.
    SetMemberRoles {
        /// Who.
        user: UserId,
        /// By name or identifier.
        roles: Vec<String>,
    },
    /// A user level says something else of some views or features; without a value it says nothing of them any more.
    SetLevelPermissions {
        /// Which.
        level: UserLevelId,
        /// Whether it is about views; else it is about features.
        of_views: bool,
        /// What it is to say.
        changes: Vec<CellChange>,
    },
    /// A member gets a user level.
    GiveUserLevel {
        /// Which.
        level: UserLevelId,
        /// Who.
        user: UserId,
    },
    /// A member loses a user level.
    TakeUserLevel {
        /// Which.
        level: UserLevelId,
        /// Who.
        user: UserId,
    },
    /// The organization has a module.
    SetModule {
        /// Which.
        module: ModuleId,
        /// Whether it counts.
        is_active: bool,
    },
    /// The organization has a module no longer.
    RemoveModule {
        /// Which.
        module: ModuleId,
    },
}

impl Change {
    /// Its name, as the API writes it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AddRules(_) => "add_rules",
            Self::ReplaceRules(_) => "replace_rules",
            Self::ChangeRule { .. } => "change_rule",
            Self::RemoveRules(_) => "remove_rules",
            Self::SetModel(_) => "set_model",
            Self::RemoveModel => "remove_model",
            Self::PutEntities(_) => "put_entities",
            Self::RemoveEntities(_) => "remove_entities",
            Self::SetRolePermissions { .. } => "set_role_permissions",
            Self::SetMemberRoles { .. } => "set_member_roles",
            Self::SetLevelPermissions { of_views: true, .. } => "set_view_permissions",
            Self::SetLevelPermissions { of_views: false, .. } => "set_feature_permissions",
            Self::GiveUserLevel { .. } => "give_user_level",
            Self::TakeUserLevel { .. } => "take_user_level",
            Self::SetModule { .. } => "set_module",
            Self::RemoveModule { .. } => "remove_module",
        }
    }
}
