//! From rows of the store to what the engine compiles.

use super::platform::PlatformPart;
use keystead_access::{
    Holder, Whose,
    entities::OwnResource,
    entitlements::LevelRows,
    people::{Member, TeamRows},
    policy::Model,
    roles::{HeldRole, RoleRows},
    snapshot::{ChangeError, Rows, Snapshot},
};
use keystead_domain::{
    Error, OrganizationId, Result, Timestamp, UserId, UserLevelId,
    access::{AccessSnapshot, ActiveRule, LevelAssignment, OrganizationRows, Permission, PolicyRows, PolicyRule},
    organizations::{MembershipStatus, OrganizationStatus},
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Compiles everything. Rules that do not fit the model that they are read by shut the organization, so that it says so
/// and can be mended.
///
/// # Errors
/// When other rows that were checked before they were written do not fit together any more.
pub(super) fn compile(rows: &AccessSnapshot, platform: &PlatformPart) -> Result<Snapshot> {
    let organization = rows.organization_id;
    let compiled = match Snapshot::new(engine_rows(rows, platform)?) {
        Err(ChangeError::Rules(wrong)) => {
            let (first, others) = (wrong.first().map(ToString::to_string), wrong.len().saturating_sub(1));
            tracing::error!(
                %organization, first, others,
                "the organization's policy rules do not fit the model that they are read by: everything there is denied but to \
                 mend them"
            );
            Snapshot::shut(engine_rows(rows, platform)?)
        }
        compiled => compiled,
    };
    compiled.map_err(|error| Error::internal(format!("what decides in {organization}: {error}")))
}

fn engine_rows(rows: &AccessSnapshot, platform: &PlatformPart) -> Result<Rows> {
    let (organization, own) = (rows.organization_id, &rows.organization);
    let mut roles = platform.roles.clone();
    if organization != keystead_domain::PLATFORM {
        roles.extend(role_rows(&rows.policy, &platform.permissions));
    }
    let mut all = Rows::empty(organization, Arc::clone(&platform.compiled));
    all.version = rows.versions.organization;
    all.members = own.memberships.iter().map(|row| member(own, Holder::User(row.user_id))).collect();
    all.members.extend(own.service_accounts.iter().map(|row| member(own, Holder::ServiceAccount(row.id))));
    all.teams = all_teams(own);
    all.roles = roles;
    all.held_roles = own.user_roles.iter().map(|(user, role)| (Holder::User(*user), HeldRole::always(*role))).collect();
    all.levels = own.levels.iter().filter_map(|level| level_rows(own, level.id)).collect();
    all.held_levels = own.assignments.iter().map(|row| assignment(organization, row)).collect();
    all.modules.clone_from(&own.modules);
    all.model = rows.policy.model.as_ref().map(|row| model(&row.text)).transpose()?;
    all.rules = policy_rules(organization, &rows.policy.rules);
    all.entities.clone_from(&own.entities);
    all.own_resources = own_resources(rows);
    Ok(all)
}

/// # Errors
/// When the text, which was checked before it was written, is no model.
pub(super) fn model(text: &str) -> Result<Arc<Model>> {
    Model::parse(text).map(Arc::new).map_err(|error| Error::internal(format!("a stored policy model: {error}")))
}

/// Whether somebody's place in the organization counts now.
pub(super) fn member(own: &OrganizationRows, holder: Holder) -> Member {
    let open = own.organization.as_ref().is_some_and(|row| row.status == OrganizationStatus::Active);
    let active = match holder {
        Holder::User(id) => own
            .memberships
            .binary_search_by_key(&id, |row| row.user_id)
            .is_ok_and(|place| own.memberships.get(place).is_some_and(|row| row.status == MembershipStatus::Active)),
        Holder::ServiceAccount(id) => own
            .service_accounts
            .binary_search_by_key(&id, |row| row.id)
            .is_ok_and(|place| own.service_accounts.get(place).is_some_and(|row| row.is_active)),
    };
    Member { holder, active: open && active }
}

fn all_teams(own: &OrganizationRows) -> Vec<TeamRows> {
    let mut members: HashMap<_, Vec<_>> = HashMap::new();
    for (team, user) in &own.team_members {
        members.entry(*team).or_default().push(*user);
    }
    let teams = own.teams.iter().map(|row| row.id);
    teams.map(|team| TeamRows { team, members: members.remove(&team).unwrap_or_default() }).collect()
}

/// One team, for a change of it.
pub(super) fn team_rows(own: &OrganizationRows, team: keystead_domain::TeamId) -> TeamRows {
    let members = own.team_members.iter().filter(|(of, _)| *of == team).map(|(_, user)| *user).collect();
    TeamRows { team, members }
}

pub(super) fn level_rows(own: &OrganizationRows, id: UserLevelId) -> Option<LevelRows> {
    let level = own.levels.iter().find(|level| level.id == id)?.clone();
    let views = own.view_permissions.iter().filter(|row| row.user_level_id == id).cloned().collect();
    let features = own.feature_permissions.iter().filter(|row| row.user_level_id == id).cloned().collect();
    Some(LevelRows { level, views, features })
}

/// The roles with what they permit; permissions are the organization's own or `inherited`.
pub(super) fn role_rows(policy: &PolicyRows, inherited: &[Permission]) -> Vec<RoleRows> {
    let permissions: HashMap<_, _> =
        inherited.iter().chain(&policy.permissions).map(|permission| (permission.id, permission)).collect();
    let mut of_role: HashMap<_, Vec<_>> = HashMap::new();
    for (role, permission) in &policy.role_permissions {
        of_role.entry(*role).or_default().extend(permissions.get(permission).map(|row| (*row).clone()));
    }
    let rows = policy.roles.iter().map(|role| RoleRows {
        role: role.clone(),
        permissions: of_role.remove(&role.id).unwrap_or_default(),
        inherits: Vec::new(),
    });
    rows.collect()
}

pub(super) fn policy_rules(organization: OrganizationId, rules: &[ActiveRule]) -> Vec<PolicyRule> {
    rules.iter().map(|row| policy_rule(organization, row)).collect()
}

/// The rule as the engine takes it; who wrote it and when decides nothing.
pub(super) fn policy_rule(organization: OrganizationId, row: &ActiveRule) -> PolicyRule {
    PolicyRule {
        id: row.id,
        organization_id: organization,
        ptype: row.ptype.clone(),
        values: row.values.clone(),
        priority: row.priority,
        not_before: row.not_before,
        expires_at: row.expires_at,
        is_active: true,
        created_by: None,
        updated_by: None,
        created_at: long_ago(),
        updated_at: long_ago(),
        version: 1,
    }
}

/// What there is of each member, by the person's identifier: the place in the organization, and the account.
pub(super) const OF_A_MEMBER: [&str; 2] = ["members", "users"];

/// Those of Keystead's own resources that searches know: the organization, its members and their accounts, teams and service accounts.
fn own_resources(rows: &AccessSnapshot) -> Vec<OwnResource> {
    let (id, own) = (rows.organization_id, &rows.organization);
    let resource = |kind: &str, which: Uuid, owner| own_resource(id, kind, which, owner);
    let mut all = vec![resource("organizations", id.as_uuid(), None)];
    for row in &own.memberships {
        all.extend(OF_A_MEMBER.map(|kind| resource(kind, row.user_id.as_uuid(), Some(row.user_id))));
    }
    all.extend(own.teams.iter().map(|row| resource("teams", row.id.as_uuid(), None)));
    all.extend(own.service_accounts.iter().map(|row| resource("service_accounts", row.id.as_uuid(), None)));
    all
}

pub(super) fn own_resource(organization: OrganizationId, kind: &str, id: Uuid, owner: Option<UserId>) -> OwnResource {
    let whose = Whose { organization: Some(organization), owner, team: None };
    OwnResource { kind: kind.to_owned(), id: id.to_string(), whose }
}

fn assignment(organization: OrganizationId, row: &(keystead_domain::UserId, UserLevelId)) -> LevelAssignment {
    LevelAssignment { organization_id: organization, user_id: row.0, user_level_id: row.1, created_at: long_ago() }
}

/// When something was made that decides whenever it was made.
fn long_ago() -> Timestamp {
    Timestamp::from_unix_seconds(0)
}
