//! Effective permissions as the API shows them.

use crate::openapi::words;
use keystead_domain::{FeatureId, ModuleId, OrganizationId, RoleId, RuleId, Timestamp, UserId, UserLevelId, ViewId};
use keystead_service::access::effective::{self, Door, PermissionKind, Why};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A page of what a person may do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Permissions {
    /// The person.
    #[schema(value_type = Uuid)]
    user_id: UserId,
    /// Where.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// The access version of the organization that this follows from. Pages of one list may differ in it.
    access_version: i64,
    /// The access version of the platform that this follows from.
    platform_version: i64,
    /// When it was worked out.
    #[schema(value_type = String, format = DateTime)]
    computed_at: Timestamp,
    /// The permissions, in order.
    items: Vec<PermissionInForce>,
    /// Pass it as `cursor` for the next page; null on the last one.
    next_cursor: Option<String>,
}

impl From<effective::EffectivePermissions> for Permissions {
    fn from(found: effective::EffectivePermissions) -> Self {
        let page = found.page.map(PermissionInForce::from);
        Self {
            user_id: found.user,
            organization_id: found.organization,
            access_version: found.access_version,
            platform_version: found.platform_version,
            computed_at: found.computed_at,
            items: page.items,
            next_cursor: page.next_cursor,
        }
    }
}

/// Something that a person may do, or may not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PermissionInForce {
    /// What it is about.
    #[schema(schema_with = words::permission_kind)]
    kind: PermissionKind,
    /// The type of the resources, or the key of the feature or view.
    key: String,
    /// The feature, when it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    feature_id: Option<FeatureId>,
    /// The view, when it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    view_id: Option<ViewId>,
    /// What is done.
    action: String,
    /// On what the person owns; absent for views.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    own: Option<Verdict>,
    /// On what a colleague in one of the person's teams owns; absent for views.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    team: Option<Verdict>,
    /// On anybody else's in the organization.
    organization: Verdict,
    /// On what belongs to another organization; absent for what products have.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    elsewhere: Option<Verdict>,
    /// The active modules of the organization that lead to the feature or view.
    modules: Vec<LeadingModule>,
}

impl From<effective::EffectivePermission> for PermissionInForce {
    fn from(permission: effective::EffectivePermission) -> Self {
        let effective::Reach { own, team, organization, elsewhere } = permission.reach;
        Self {
            kind: permission.kind,
            key: permission.key,
            feature_id: permission.feature,
            view_id: permission.view,
            action: permission.action,
            own: own.map(Verdict::from),
            team: team.map(Verdict::from),
            organization: organization.into(),
            elsewhere: elsewhere.map(Verdict::from),
            modules: permission.doors.into_iter().map(LeadingModule::from).collect(),
        }
    }
}

/// What is decided, and by what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Verdict {
    /// Whether it is allowed.
    allowed: bool,
    /// What decides: `role`, `user_level`, `rule`, `platform_rule` or `platform_administrator`, or why it is not allowed:
    /// `no_permission`, `out_of_scope`, `denied_by_user_level`, `not_in_a_module`, `denied_by_rule`,
    /// `denied_by_platform_rule`, `suspended` or `not_a_member`.
    reason: &'static str,
    /// The role that allows it, or comes nearest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    role: Option<Decider>,
    /// The user level that allows or denies it, or comes nearest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    user_level: Option<Decider>,
    /// The permission of that role or user level.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    permission_id: Option<Uuid>,
    /// How far that permission reaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    scope: Option<&'static str>,
    /// The policy rule that decides, where a single one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    rule_id: Option<RuleId>,
}

impl From<Why> for Verdict {
    fn from(why: Why) -> Self {
        Self {
            allowed: why.allowed,
            reason: why.reason,
            role: why.role.map(Decider::from),
            user_level: why.level.map(Decider::from),
            permission_id: why.permission,
            scope: why.scope,
            rule_id: why.rule,
        }
    }
}

/// A role or a user level.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Decider {
    /// Its identifier.
    id: Uuid,
    /// Its name.
    name: String,
}

impl From<(RoleId, String)> for Decider {
    fn from((id, name): (RoleId, String)) -> Self {
        Self { id: id.as_uuid(), name }
    }
}

impl From<(UserLevelId, String)> for Decider {
    fn from((id, name): (UserLevelId, String)) -> Self {
        Self { id: id.as_uuid(), name }
    }
}

/// A module that leads to a feature or view.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeadingModule {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: ModuleId,
    /// Its key.
    key: String,
}

impl From<(ModuleId, String)> for LeadingModule {
    fn from((id, key): (ModuleId, String)) -> Self {
        Self { id, key }
    }
}

impl From<Door> for LeadingModule {
    fn from(door: Door) -> Self {
        Self { id: door.module, key: door.key }
    }
}
