//! The changes that can be previewed. Each takes what the operation that saves it takes.

use super::levels::{FeaturesOfLevel, ViewsOfLevel};
use crate::{
    access::policy::{AllRules, EntitiesToDelete, NewEntities, NewPolicyModel, NewRules},
    input::given,
};
use keystead_domain::{ModuleId, RoleId, RuleId, Timestamp, UserId, UserLevelId};
use keystead_service::access::previewing::Change;
use serde::Deserialize;
use utoipa::ToSchema;

/// One change: an object with one member.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccessChange {
    /// Adds rules, as `POST /access/rules`.
    AddRules(NewRules),
    /// Replaces all rules, as `PUT /access/rules`.
    ReplaceRules(AllRules),
    /// Changes a rule, as `PATCH /access/rules/{rule_id}`.
    ChangeRule(ChangedRule),
    /// Removes rules.
    RemoveRules(RemovedRules),
    /// Gives the organization this model, as `PUT /access/model`.
    SetModel(NewPolicyModel),
    /// Takes the organization's own model away.
    RemoveModel(NothingMore),
    /// Makes entities known, as `PUT /access/entities`.
    PutEntities(NewEntities),
    /// Removes entities, as `POST /access/entities/delete`.
    RemoveEntities(EntitiesToDelete),
    /// Replaces what a role permits.
    SetRolePermissions(PermissionsOfRole),
    /// Replaces the roles that a member holds.
    SetMemberRoles(RolesOfMember),
    /// Changes what a user level says of views.
    SetViewPermissions(ViewsOfLevel),
    /// Changes what a user level says of features.
    SetFeaturePermissions(FeaturesOfLevel),
    /// Gives a member a user level.
    GiveUserLevel(LevelOfMember),
    /// Takes a user level from a member.
    TakeUserLevel(LevelOfMember),
    /// Gives the organization a module, or says whether it counts.
    SetModule(ModuleOfOrganization),
    /// Takes a module from the organization.
    RemoveModule(RemovedModule),
}

/// What is to change about a rule. What is absent stays; null clears priority and times.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedRule {
    /// The rule.
    #[schema(value_type = Uuid)]
    id: RuleId,
    /// Other values, all of them.
    #[schema(min_items = 1, max_items = 6)]
    values: Option<Vec<String>>,
    /// The smaller, the earlier, where the model orders rules.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>)]
    priority: Option<Option<i32>>,
    /// It does not count before.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    not_before: Option<Option<Timestamp>>,
    /// It no longer counts from then on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Option<Timestamp>>,
    /// Whether it counts.
    is_active: Option<bool>,
}

/// Rules that would be removed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemovedRules {
    /// They.
    #[schema(value_type = Vec<Uuid>, max_items = 10000)]
    ids: Vec<RuleId>,
}

/// An object without members.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NothingMore {}

/// What a role would permit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PermissionsOfRole {
    /// The role: one of the organization's own.
    #[schema(value_type = Uuid)]
    role_id: RoleId,
    /// The names of the permissions, all of them.
    #[schema(max_items = 500, example = json!(["teams:create:organization"]))]
    permissions: Vec<String>,
}

/// The roles that a member would hold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RolesOfMember {
    /// The member.
    #[schema(value_type = Uuid)]
    user_id: UserId,
    /// Their names, all of them.
    #[schema(example = json!(["manager"]))]
    roles: Vec<String>,
}

/// A user level and a member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LevelOfMember {
    /// The user level.
    #[schema(value_type = Uuid)]
    user_level_id: UserLevelId,
    /// The member.
    #[schema(value_type = Uuid)]
    user_id: UserId,
}

/// A module that the organization would have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModuleOfOrganization {
    /// The module.
    #[schema(value_type = Uuid)]
    module_id: ModuleId,
    /// Whether it counts.
    is_active: bool,
}

/// A module that the organization would have no longer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemovedModule {
    /// The module.
    #[schema(value_type = Uuid)]
    module_id: ModuleId,
}

impl From<AccessChange> for Change {
    fn from(change: AccessChange) -> Self {
        match change {
            AccessChange::AddRules(new) => Self::AddRules(new.into()),
            AccessChange::ReplaceRules(all) => Self::ReplaceRules(all.into()),
            AccessChange::ChangeRule(changed) => {
                let ChangedRule { id: rule, values, priority, not_before, expires_at, is_active } = changed;
                Self::ChangeRule { rule, values, priority, not_before, expires_at, is_active }
            }
            AccessChange::RemoveRules(removed) => Self::RemoveRules(removed.ids),
            AccessChange::SetModel(model) => Self::SetModel(model.text),
            AccessChange::RemoveModel(NothingMore {}) => Self::RemoveModel,
            AccessChange::PutEntities(new) => Self::PutEntities(new.into()),
            AccessChange::RemoveEntities(names) => Self::RemoveEntities(names.into()),
            AccessChange::SetRolePermissions(PermissionsOfRole { role_id: role, permissions }) => {
                Self::SetRolePermissions { role, permissions }
            }
            AccessChange::SetMemberRoles(RolesOfMember { user_id: user, roles }) => {
                Self::SetMemberRoles { user, roles }
            }
            AccessChange::SetViewPermissions(views) => views.into(),
            AccessChange::SetFeaturePermissions(features) => features.into(),
            AccessChange::GiveUserLevel(LevelOfMember { user_level_id: level, user_id: user }) => {
                Self::GiveUserLevel { level, user }
            }
            AccessChange::TakeUserLevel(LevelOfMember { user_level_id: level, user_id: user }) => {
                Self::TakeUserLevel { level, user }
            }
            AccessChange::SetModule(ModuleOfOrganization { module_id: module, is_active }) => {
                Self::SetModule { module, is_active }
            }
            AccessChange::RemoveModule(RemovedModule { module_id: module }) => Self::RemoveModule { module },
        }
    }
}
