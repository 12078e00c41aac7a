//! Explanations as the API shows them.

use super::rules::WhatRulesSaid;
use crate::access::effective::view::{Decider, LeadingModule, Verdict};
use keystead_domain::{OrganizationId, RuleId, TeamId};
use keystead_service::access::explaining;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A decision with its reasons.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccessExplanation)]
pub(crate) struct Explanation {
    /// Whether it is allowed.
    decision: bool,
    /// What decided.
    why: Verdict,
    /// The access version of the organization that decided.
    access_version: i64,
    /// The access version of the platform that decided.
    platform_version: i64,
    /// What is known of the subject.
    subject: ExplainedSubject,
    /// What is known of the resource.
    resource: ExplainedResource,
    /// Everything that is about this action on this kind of resource, and that the subject holds or that denies.
    considered: Vec<ConsideredSource>,
    /// What would have been needed: every denial gone, and one of the others. Empty when it is allowed.
    needed: Vec<NeededSource>,
    /// How many of those are left out.
    needed_left_out: usize,
    /// What the organization's rules said; absent on what is not the organization's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    rules: Option<WhatRulesSaid>,
    /// What the platform's rules said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    platform_rules: Option<WhatRulesSaid>,
}

/// What is known of the subject.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedSubject {
    /// How it stands to the organization: `member`, `suspended` or `stranger`.
    standing: &'static str,
    /// Whether it is an administrator of the platform.
    is_platform_administrator: bool,
    /// The roles that it holds.
    roles: Vec<ExplainedRole>,
    /// The user levels that it has.
    user_levels: Vec<Decider>,
    /// The teams that it is in.
    #[schema(value_type = Vec<Uuid>)]
    team_ids: Vec<TeamId>,
}

/// A role that the subject holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedRole {
    /// Its identifier.
    id: Uuid,
    /// Its name.
    name: String,
    /// Whether it is held at the time of the question.
    in_time: bool,
}

/// What is known of the resource.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedResource {
    /// Whether it is one of Keystead's own, about which rules can only deny.
    is_keysteads: bool,
    /// The organization that it belongs to, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    organization_id: Option<OrganizationId>,
    /// Who owns it, as `type:id`; absent when that is not known, or not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    owner: Option<String>,
    /// Whether the subject owns it: `yes`, `no` or `unknown`.
    owned: &'static str,
    /// Whether it is of one of the subject's teams: `yes`, `no` or `unknown`.
    of_team: &'static str,
}

/// Something that has a say, with all that it names.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessSource {
    /// What it is: `role`, `everyone`, `user_level`, `view`, `module`, `catalogue`, `rules`, `platform_rules`,
    /// `platform_administrator` or `membership`.
    source: &'static str,
    /// The role.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    role: Option<Decider>,
    /// The role that has the permission, where `role` inherits from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    inherited_from: Option<Decider>,
    /// The user level.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    user_level: Option<Decider>,
    /// The module.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    module: Option<LeadingModule>,
    /// How it stands with the module: `open`, `missing`, `suspended` or `inactive`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    module_state: Option<&'static str>,
    /// The permission of the role or user level.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    permission_id: Option<Uuid>,
    /// Whether the user level's permission allows or denies.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    value: Option<&'static str>,
    /// How far the permission reaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    scope: Option<&'static str>,
    /// Whether the role is held at the time of the question.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    in_time: Option<bool>,
}

/// What one source says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsideredSource {
    #[serde(flatten)]
    part: AccessSource,
    /// What it says to this question: `allow`, `deny` or `abstain`, which it does where it does not count.
    effect: &'static str,
    /// Whether it reaches the resource: `yes`, `no` or `unknown`.
    reaches: &'static str,
    /// The rule that decided, where a single one of the rules did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    rule_id: Option<RuleId>,
    /// Why rules said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    cause: Option<&'static str>,
}

/// One thing that was missing or in the way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NeededSource {
    /// What would have to be: `no_denial` by it, an `active_membership`, this `module`, `role`, `user_level` or `view`, or the
    /// resource `within` its reach.
    need: &'static str,
    #[serde(flatten)]
    part: AccessSource,
    /// Whether the role would reach the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    reaches: Option<bool>,
}

impl From<explaining::Part> for AccessSource {
    fn from(part: explaining::Part) -> Self {
        Self {
            source: part.source,
            role: part.role.map(Decider::from),
            inherited_from: part.inherited_from.map(Decider::from),
            user_level: part.level.map(Decider::from),
            module: part.module.map(LeadingModule::from),
            module_state: part.module_state,
            permission_id: part.permission,
            value: part.value,
            scope: part.scope,
            in_time: part.in_time,
        }
    }
}

impl From<explaining::Explained> for Explanation {
    fn from(explained: explaining::Explained) -> Self {
        let explaining::Explained { why, access_version, platform_version, subject, resource, .. } = explained;
        let role =
            |(id, name, in_time): (keystead_domain::RoleId, _, _)| ExplainedRole { id: id.as_uuid(), name, in_time };
        Self {
            decision: why.allowed,
            why: why.into(),
            access_version,
            platform_version,
            subject: ExplainedSubject {
                standing: subject.standing,
                is_platform_administrator: subject.is_administrator,
                roles: subject.roles.into_iter().map(role).collect(),
                user_levels: subject.levels.into_iter().map(Decider::from).collect(),
                team_ids: subject.teams,
            },
            resource: ExplainedResource {
                is_keysteads: resource.is_own_kind,
                organization_id: resource.organization,
                owner: resource.owner.map(|owner| format!("{}:{}", owner.kind(), owner.id())),
                owned: resource.owned,
                of_team: resource.of_team,
            },
            considered: explained.considered.into_iter().map(ConsideredSource::from).collect(),
            needed: explained.needed.into_iter().map(NeededSource::from).collect(),
            needed_left_out: explained.needed_left_out,
            rules: explained.rules.map(WhatRulesSaid::from),
            platform_rules: explained.platform_rules.map(WhatRulesSaid::from),
        }
    }
}

impl From<explaining::Considered> for ConsideredSource {
    fn from(said: explaining::Considered) -> Self {
        let explaining::Considered { part, effect, reaches, rule, cause } = said;
        Self { part: part.into(), effect, reaches, rule_id: rule, cause }
    }
}

impl From<explaining::Needed> for NeededSource {
    fn from(needed: explaining::Needed) -> Self {
        let explaining::Needed { need, part, reaches } = needed;
        Self { need, part: part.into(), reaches }
    }
}
