//! The document: things name each other as people do, and have no identifiers.

use crate::{catalogue::active, openapi::words};
use keystead_domain::{
    Timestamp,
    access::{LevelScope, PermissionValue},
};
use keystead_service::access::{
    policy::rules::NewRule,
    set::{
        self, SetEntity, SetFeaturePermission, SetLevel, SetMember, SetModel, SetModule, SetPermission, SetRole,
        SetViewPermission,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// An organization's access set. What is absent is not imported, and stays as it is.
#[derive(Debug, Default, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AccessSet {
    /// Its own permissions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1000)]
    permissions: Option<Vec<PermissionEntry>>,
    /// Its own roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 500)]
    roles: Option<Vec<RoleEntry>>,
    /// The modules that it has. Only the platform's people change them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1000)]
    modules: Option<Vec<ModuleHeld>>,
    /// Its user levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200)]
    user_levels: Option<Vec<LevelEntry>>,
    /// What its members hold. Who is not named keeps what they have.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20000)]
    members: Option<Vec<MemberEntry>>,
    /// Its own policy model.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<ModelEntry>,
    /// Its policy rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200000)]
    rules: Option<Vec<RuleEntry>>,
    /// Its policy entities.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200000)]
    entities: Option<Vec<EntityEntry>>,
}

/// A permission of the organization's own.
#[derive(Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessSetPermissionEntry)]
pub(crate) struct PermissionEntry {
    /// `resource:action:scope`.
    #[schema(example = "reports:read:organization")]
    name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    description: Option<String>,
}

/// A role of the organization's own.
#[derive(Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessSetRoleEntry)]
pub(crate) struct RoleEntry {
    /// Its name.
    #[schema(pattern = "^[a-z0-9_-]{1,50}$", example = "clerk")]
    name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The names of what it permits.
    #[serde(default)]
    #[schema(max_items = 500, example = json!(["teams:read:organization"]))]
    permissions: Vec<String>,
}

/// A module that the organization has.
#[derive(Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessSetModuleHeld)]
pub(crate) struct ModuleHeld {
    /// The module's key.
    #[schema(example = "sales")]
    key: String,
    /// Whether it counts. It does unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
}

/// A user level with what it permits.
#[derive(Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessSetLevelEntry)]
pub(crate) struct LevelEntry {
    /// Its name.
    #[schema(min_length = 1, max_length = 255, example = "Clerks")]
    name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// What it says of views.
    #[serde(default)]
    #[schema(max_items = 500)]
    views: Vec<OnView>,
    /// What it says of features.
    #[serde(default)]
    #[schema(max_items = 500)]
    features: Vec<OnFeature>,
}

/// What a user level says of a view.
#[derive(Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessSetOnView)]
pub(crate) struct OnView {
    /// The view's key.
    #[schema(example = "orders")]
    view: String,
    /// Whether it opens or closes it.
    #[schema(schema_with = words::permission_value)]
    value: PermissionValue,
    /// Whether the organization may change it. It may unless said otherwise.
    #[serde(default = "active")]
    modifiable: bool,
}

/// What a user level says of an action on a feature.
#[derive(Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessSetOnFeature)]
pub(crate) struct OnFeature {
    /// The feature's key.
    #[schema(example = "orders.export")]
    feature: String,
    /// What is done with it.
    #[schema(min_length = 1, max_length = 40, example = "read")]
    action: String,
    /// Whether it is allowed or denied.
    #[schema(schema_with = words::permission_value)]
    value: PermissionValue,
    /// Whose resources it reaches.
    #[schema(schema_with = words::level_scope)]
    scope: LevelScope,
    /// Whether the organization may change it. It may unless said otherwise.
    #[serde(default = "active")]
    modifiable: bool,
}

/// What a member holds.
#[derive(Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessSetMemberEntry)]
pub(crate) struct MemberEntry {
    /// The username.
    #[schema(example = "ada")]
    username: String,
    /// The names of the roles.
    #[serde(default)]
    #[schema(max_items = 50, example = json!(["manager"]))]
    roles: Vec<String>,
    /// The names of the user levels.
    #[serde(default)]
    #[schema(max_items = 200, example = json!(["Clerks"]))]
    user_levels: Vec<String>,
}

/// The policy model of the organization's own.
#[derive(Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessSetModelEntry)]
pub(crate) struct ModelEntry {
    /// Its text; absent where the organization's rules are read by the platform's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 65536)]
    text: Option<String>,
}

/// A policy rule.
#[derive(Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessSetRuleEntry)]
pub(crate) struct RuleEntry {
    /// What kind of line it is.
    #[schema(min_length = 1, max_length = 10, example = "p")]
    ptype: String,
    /// Its values, in order.
    #[schema(min_items = 1, max_items = 6, example = json!(["editor", "*", "document:*", "write"]))]
    values: Vec<String>,
    /// The smaller, the earlier, where the model orders rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    priority: Option<i32>,
    /// It does not count before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    not_before: Option<Timestamp>,
    /// It no longer counts from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Whether it counts. It does unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
}

/// A policy entity.
#[derive(Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessSetEntityEntry)]
pub(crate) struct EntityEntry {
    /// Its type.
    #[serde(rename = "type")]
    #[schema(example = "document")]
    kind: String,
    /// Its identifier within the type.
    #[schema(example = "d1")]
    id: String,
    /// What is known of it.
    #[serde(default = "nothing")]
    #[schema(value_type = Object)]
    properties: Value,
}

/// No properties.
fn nothing() -> Value {
    Value::Object(serde_json::Map::new())
}

/// The two forms of one thing have the same fields.
macro_rules! same {
    ($($entry:ident = $set:ident { $($field:ident),+ } $({ $($list:ident),+ })?),+ $(,)?) => {$(
        impl From<$set> for $entry {
            fn from(one: $set) -> Self {
                let $set { $($field,)+ $($($list,)+)? } = one;
                Self { $($field,)+ $($($list: $list.into_iter().map(Into::into).collect(),)+)? }
            }
        }
        impl From<$entry> for $set {
            fn from(one: $entry) -> Self {
                let $entry { $($field,)+ $($($list,)+)? } = one;
                Self { $($field,)+ $($($list: $list.into_iter().map(Into::into).collect(),)+)? }
            }
        }
    )+};
}
same! {
    PermissionEntry = SetPermission { name, description },
    RoleEntry = SetRole { name, description, permissions },
    ModuleHeld = SetModule { key, is_active },
    LevelEntry = SetLevel { name, description } { views, features },
    OnView = SetViewPermission { view, value, modifiable },
    OnFeature = SetFeaturePermission { feature, action, value, scope, modifiable },
    MemberEntry = SetMember { username, roles, user_levels },
    ModelEntry = SetModel { text },
    RuleEntry = NewRule { ptype, values, priority, not_before, expires_at, is_active },
    EntityEntry = SetEntity { kind, id, properties },
}

fn each<T, U: From<T>>(list: Option<Vec<T>>) -> Option<Vec<U>> {
    list.map(|list| list.into_iter().map(U::from).collect())
}

impl From<set::AccessSet> for AccessSet {
    fn from(one: set::AccessSet) -> Self {
        let set::AccessSet { permissions, roles, modules, user_levels, members, model, rules, entities } = one;
        let (permissions, roles, modules, rules) = (each(permissions), each(roles), each(modules), each(rules));
        let (user_levels, members, entities) = (each(user_levels), each(members), each(entities));
        Self { permissions, roles, modules, user_levels, members, model: model.map(Into::into), rules, entities }
    }
}

impl From<AccessSet> for set::AccessSet {
    fn from(one: AccessSet) -> Self {
        let AccessSet { permissions, roles, modules, user_levels, members, model, rules, entities } = one;
        let (permissions, roles, modules, rules) = (each(permissions), each(roles), each(modules), each(rules));
        let (user_levels, members, entities) = (each(user_levels), each(members), each(entities));
        Self { permissions, roles, modules, user_levels, members, model: model.map(Into::into), rules, entities }
    }
}
