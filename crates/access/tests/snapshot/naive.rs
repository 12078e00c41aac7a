//! What decides, in the plainest words: it reads the rows, one by one, and shares nothing with the engine.

use crate::{
    naive_rules::{in_time, rules},
    questions::Question,
    world::World,
};
use keystead_access::Holder;
use keystead_domain::{
    OrganizationId, PLATFORM, RoleId, TeamId,
    access::{LevelScope, PermissionScope, PermissionValue, USER},
};
use serde_json::{Map, Value};

type Known<T> = Option<T>;

/// Some(Some(x)) is x, Some(None) is known to be none of those here, None is not known.
type Told<T> = Option<Option<T>>;

/// The roles that a role has: itself, and those it inherits from.
fn inherited(world: &World, role: RoleId) -> Vec<RoleId> {
    let mut all = vec![role];
    for place in 0..100 {
        let Some(next) = all.get(place).copied() else { break };
        let rows = world.rows.roles.iter().filter(|rows| rows.role.id == next).flat_map(|rows| &rows.inherits);
        let new: Vec<_> = rows.copied().filter(|id| !all.contains(id)).collect();
        all.extend(new);
    }
    all
}

pub(crate) fn allows(world: &World, question: &Question) -> bool {
    let (rows, platform, now) = (&world.rows, &world.platform, question.now);
    let own_kind = question.whose.is_some() || platform.own_kinds.contains(&question.kind);
    let stored = |entities: &[keystead_domain::access::PolicyEntity]| -> Map<String, Value> {
        let found = entities.iter().rfind(|row| row.entity_type == question.kind && row.entity_id == question.id);
        found.and_then(|row| row.properties.as_object().cloned()).unwrap_or_default()
    };
    let (here, above) = (stored(&rows.entities), stored(&platform.entities));
    let value = |maps: &[&Map<String, Value>], name: &str| -> Known<Value> {
        maps.iter().find_map(|map| map.get(name).filter(|value| !value.is_null())).cloned()
    };
    let text = |name: &str| value(&[&question.sent, &here], name).and_then(|value| value.as_str().map(str::to_owned));
    // Whose the resource is.
    let own = rows.own_resources.iter().rfind(|row| row.kind == question.kind && row.id == question.id);
    let facts = question.whose.or(own.map(|row| row.whose)).unwrap_or_default();
    let organization: Option<OrganizationId> = if own_kind { facts.organization } else { Some(rows.organization) };
    let owner: Told<Holder> = if own_kind {
        facts.owner.map(|id| Some(Holder::User(id)))
    } else {
        text("owner").map(|text| Holder::parse(&text))
    };
    let team: Told<TeamId> = if own_kind { facts.team.map(Some) } else { text("team").map(|text| text.parse().ok()) };
    let inside = organization == Some(rows.organization);
    // Who the subject is.
    let subject = Holder::of(&question.subject.0, &question.subject.1);
    let member = rows.members.iter().rfind(|member| Some(member.holder) == subject);
    let names = [question.subject.1.clone(), format!("{}:{}", question.subject.0, question.subject.1)];
    let names = if question.subject.0 == "user" { names.to_vec() } else { names[1..].to_vec() };
    // The platform's rules, and its administrators.
    let known: &[_] = if inside { &[&above, &question.sent, &here] } else { &[&above] };
    let draft = value(known, "status").map(|status| status == "draft");
    let domain = organization.map_or("*".to_owned(), |id| id.to_string());
    let by_platform = |effect| rules(&platform.rules, effect, &names, question, &domain, draft);
    if by_platform("deny") {
        return false;
    }
    if platform.closed_accounts.iter().any(|id| Some(Holder::User(*id)) == subject) {
        return false;
    }
    let is_administrator = |row: &keystead_access::platform::Administrator| {
        Some(row.holder) == subject && in_time(row.not_before, row.expires_at, now)
    };
    if platform.administrators.iter().any(is_administrator) {
        return true;
    }
    // What can be reached of the catalogue.
    let catalogue = &platform.catalogue;
    let open = |id| {
        catalogue.modules.iter().any(|module| module.id == id && module.is_active)
            && rows.modules.iter().rfind(|row| row.module_id == id).is_some_and(|row| row.is_active)
    };
    let feature_key = if question.kind == "feature" { &question.id } else { &question.kind };
    let feature = catalogue.features.iter().find(|row| !own_kind && question.kind != "view" && row.key == *feature_key);
    let view = catalogue.views.iter().find(|row| !own_kind && question.kind == "view" && row.key == question.id);
    let reached = |active: bool, modules: Vec<keystead_domain::ModuleId>| active && modules.into_iter().any(open);
    let feature_reached = feature.is_some_and(|row| {
        let links = catalogue.module_features.iter().filter(|link| link.feature_id == row.id);
        reached(row.is_active, links.map(|link| link.module_id).collect())
    });
    let view_reached = view.is_some_and(|row| {
        let links = catalogue.module_views.iter().filter(|link| link.view_id == row.id);
        reached(row.is_active, links.map(|link| link.module_id).collect())
    });
    let is_item = feature.is_some() || (!own_kind && (question.kind == "feature" || question.kind == "view"));
    if is_item && !feature_reached && !view_reached {
        return false;
    }
    // The organization's rules and user levels.
    let owns: Known<bool> = owner.map(|owner| owner.is_some() && owner == subject);
    let teams_of = |who: Option<Holder>| -> Vec<TeamId> {
        let teams = rows.teams.iter().filter(|team| team.members.iter().any(|id| Some(Holder::User(*id)) == who));
        teams.map(|team| team.team).collect()
    };
    let mine = teams_of(subject);
    let of_team: Known<bool> = match (team, owner) {
        (None, None) => None,
        _ => Some(
            team.flatten().is_some_and(|team| mine.contains(&team))
                || owns == Some(true)
                || teams_of(owner.flatten()).iter().any(|team| owner.flatten().is_some() && mine.contains(team)),
        ),
    };
    let levels: Vec<_> = rows.held_levels.iter().filter(|held| Some(Holder::User(held.user_id)) == subject).collect();
    let levels =
        || rows.levels.iter().filter(|row| inside && levels.iter().any(|held| held.user_level_id == row.level.id));
    let by_level = |value: PermissionValue| {
        let reaches = |scope| match scope {
            LevelScope::Own => owns,
            LevelScope::Team => of_team,
            LevelScope::Organization => Some(true),
        };
        levels().flat_map(|row| &row.features).any(|says| {
            feature.is_some_and(|row| row.id == says.feature_id)
                && says.action == question.action
                && says.value == value
                && reaches(says.scope).unwrap_or(value == PermissionValue::Deny)
        }) || levels().flat_map(|row| &row.views).any(|says| {
            view.is_some_and(|row| row.id == says.view_id) && question.action == "view" && says.value == value
        })
    };
    let draft = value(&[&question.sent, &here], "status").map(|status| status == "draft");
    let domain = question.domain.clone().unwrap_or_else(|| rows.organization.to_string());
    let by_rule = |effect| inside && rules(&rows.rules, effect, &names, question, &domain, draft);
    if by_rule("deny") || by_level(PermissionValue::Deny) {
        return false;
    }
    // What allows.
    let everyone = USER.permissions.iter().any(|(kind, actions, scope)| {
        *kind == question.kind
            && *scope == PermissionScope::Own
            && actions.iter().any(|action| action.as_str() == question.action)
    });
    if (by_platform("allow") && !own_kind) || (everyone && own_kind && subject.is_some() && owns == Some(true)) {
        return true;
    }
    let admitted = member.map_or(!own_kind, |member| member.active);
    let at_platform = rows.organization == PLATFORM;
    let by_role = rows.held_roles.iter().any(|(who, held)| {
        Some(*who) == subject
            && in_time(held.not_before, held.expires_at, now)
            && inherited(world, held.role).iter().any(|role| {
                // A role that is gone gives nothing, whatever it inherited.
                rows.roles.iter().any(|row| row.role.id == held.role)
                    && rows.roles.iter().filter(|row| row.role.id == *role).flat_map(|row| &row.permissions).any(
                        |says| {
                            says.resource == question.kind
                                && says.action == question.action
                                && match says.scope {
                                    PermissionScope::Own => owns == Some(true) && (inside || at_platform),
                                    PermissionScope::Organization => inside,
                                    PermissionScope::Any => at_platform,
                                }
                        },
                    )
            })
    });
    admitted && (by_role || by_level(PermissionValue::Allow) || (by_rule("allow") && !own_kind))
}
