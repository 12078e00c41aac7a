//! What decides, in the plainest words: it reads the rows one by one, and shares nothing with the server.

use super::rows::{Allows, FEATURES, PERMISSIONS, Rows, Rule, VIEWS};
use serde_json::{Map, Value};

type Known<T> = Option<T>;

/// May this person do this on that? What is sent with the question wins over what is stored.
#[derive(Clone, Debug)]
pub(super) struct Question<'a> {
    pub(super) who: usize,
    pub(super) action: &'a str,
    pub(super) kind: &'a str,
    pub(super) id: &'a str,
    pub(super) sent: Map<String, Value>,
    pub(super) whose: Whose,
}

/// Whose the resource is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whose {
    /// As its properties say.
    AsTold,
    /// The person's own, a colleague's in one of the person's teams, or somebody else's.
    Own,
    Colleagues,
    Others,
}

fn in_a_team(rows: &Rows, who: usize, other: usize) -> bool {
    rows.in_team.iter().any(|team| team.contains(&who) && team.contains(&other))
}

/// Whether the person owns it, and whether somebody of one of the person's teams does.
fn belongs(rows: &Rows, question: &Question<'_>, told: &dyn Fn(&str) -> Known<String>) -> (Known<bool>, Known<bool>) {
    let who = question.who;
    let has_a_team = rows.in_team.iter().any(|team| team.contains(&who));
    match question.whose {
        Whose::Own => return (Some(true), Some(true)),
        Whose::Colleagues => return (Some(!has_a_team), Some(true)),
        Whose::Others => return (Some(false), Some(false)),
        Whose::AsTold => {}
    }
    let (owner, team) = (told("owner"), told("team"));
    let owns = owner.as_ref().map(|owner| *owner == rows.people[who]);
    if owner.is_none() && team.is_none() {
        return (None, None);
    }
    let of_team = rows.teams.iter().position(|id| Some(id) == team.as_ref());
    let owner = rows.people.iter().position(|id| Some(id) == owner.as_ref());
    let is_colleagues = of_team.is_some_and(|team| rows.in_team[team].contains(&who))
        || owner.is_some_and(|owner| owner == who || in_a_team(rows, who, owner));
    (owns, Some(is_colleagues))
}

/// Whether a rule of this effect says so; a denying one also when it may.
fn rules(all: &[Rule], effect: &str, person: &str, question: &Question<'_>, is_draft: Known<bool>) -> bool {
    let active = || all.iter().filter(|rule| rule.is_active);
    let mut names = vec![person.to_owned(), format!("user:{person}")];
    for _ in all {
        let links = active().filter(|rule| rule.ptype == "g" && names.contains(&rule.values[0]));
        let more: Vec<_> = links.map(|rule| rule.values[1].clone()).collect();
        names.extend(more);
        names.sort();
        names.dedup();
    }
    let objects = [question.id.to_owned(), format!("{}:{}", question.kind, question.id)];
    active().filter(|rule| rule.ptype == "p").any(|rule| {
        let pattern = &rule.values[2];
        let fits = |object: &String| match pattern.strip_suffix('*') {
            Some(beginning) => object.starts_with(beginning),
            None => object == pattern,
        };
        let condition = if rule.values.len() == 6 { is_draft } else { Some(true) };
        rule.values[4] == effect
            && names.contains(&rule.values[0])
            && objects.iter().any(fits)
            && (rule.values[3] == "*" || rule.values[3] == question.action)
            && condition.unwrap_or(effect == "deny")
    })
}

/// Whether the organization has an active module that leads to this.
fn is_reached(rows: &Rows, leads: &dyn Fn(usize) -> bool) -> bool {
    let open = rows.modules.iter().filter(|(module, active)| **active && !rows.closed_modules.contains(module));
    open.into_iter().any(|(module, _)| leads(*module))
}

fn feature_is_reached(rows: &Rows, feature: usize) -> bool {
    !rows.closed_features.contains(&feature) && is_reached(rows, &|module| rows.features_of[module].contains(&feature))
}

fn view_is_reached(rows: &Rows, view: usize) -> bool {
    !rows.closed_views.contains(&view) && is_reached(rows, &|module| rows.views_of[module].contains(&view))
}

/// Whether it is allowed.
pub(super) fn allows(rows: &Rows, question: &Question<'_>) -> bool {
    let Question { who, action, kind, id, sent, .. } = question;
    let (who, person) = (*who, &rows.people[*who]);
    let stored = rows.entities.iter().find(|((of, name), _)| of == kind && name == id);
    let told = |name: &str| {
        let value = sent.get(name).or_else(|| stored.and_then(|(_, properties)| properties.get(name)));
        value.and_then(Value::as_str).map(str::to_owned)
    };
    let is_draft = told("status").map(|status| status == "draft");
    let by_rule = |all: &[Rule], effect| rules(all, effect, person, question, is_draft);
    if by_rule(&rows.platform_rules, "deny") {
        return false;
    }
    let feature = FEATURES.iter().position(|key| if *kind == "feature" { key == id } else { key == kind });
    let view = VIEWS.iter().position(|key| *kind == "view" && key == id);
    let is_open = match (feature, view) {
        (Some(feature), _) => feature_is_reached(rows, feature),
        (_, Some(view)) => view_is_reached(rows, view),
        // A feature or view that is none can never be reached; anything else need not be.
        _ => !["feature", "view"].contains(kind),
    };
    if !is_open {
        return false;
    }
    let (owns, of_team) = belongs(rows, question, &told);
    let by_level = |value: Allows| {
        rows.has[who].iter().any(|level| {
            let on_view =
                view.is_some_and(|view| *action == "view" && rows.on_views[*level].get(&view) == Some(&value));
            on_view
                || rows.on_features[*level].iter().any(|((of, what), (says, scope))| {
                    let reaches = match *scope {
                        "own" => owns,
                        "team" => of_team,
                        _ => Some(true),
                    };
                    Some(*of) == feature && what == action && *says == value && reaches.unwrap_or(!value)
                })
        })
    };
    if by_rule(&rows.rules, "deny") || by_level(false) {
        return false;
    }
    let by_role = || {
        rows.holds[who].iter().flat_map(|role| &rows.permits[*role]).any(|permission| {
            let (of, what, scope) = PERMISSIONS[*permission];
            of == *kind && what == *action && (scope == "organization" || owns == Some(true))
        })
    };
    by_rule(&rows.platform_rules, "allow")
        || (!rows.suspended.contains(&who) && (by_role() || by_level(true) || by_rule(&rows.rules, "allow")))
}
