//! Random changes, over the API and of the rows beside it.

use super::{
    rows::{ACTIONS, FEATURES, MANY, PEOPLE, PERMISSIONS, Rule, VIEWS, a_name, below, one_of, some},
    world::{By, World},
};
use crate::{deciding::place::text, support::Chance};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const MOST_RULES: usize = 10;

fn value(allows: bool) -> &'static str {
    if allows { "allow" } else { "deny" }
}

fn named<T: Clone>(all: &[T], which: &BTreeSet<usize>) -> Vec<T> {
    which.iter().map(|number| all[*number].clone()).collect()
}

impl World {
    /// Changes one thing, and says what.
    pub(super) async fn change(&mut self, chance: &mut Chance) -> &'static str {
        match chance.below(16) {
            0 => self.suspend_or_not(chance).await,
            1 | 2 => self.give_roles(chance).await,
            3 => self.permit(chance).await,
            4 | 5 => self.write_level(chance).await,
            6 => self.give_levels(chance).await,
            7 => self.give_or_take_module(chance).await,
            8 => self.open_or_close(chance).await,
            9 => self.lead_elsewhere(chance).await,
            10 => self.join_or_leave_team(chance).await,
            11..=13 => self.change_rules(chance, By::Ada).await,
            14 => self.change_rules(chance, By::Root).await,
            _ => self.change_entity(chance).await,
        }
    }

    async fn suspend_or_not(&mut self, chance: &mut Chance) -> &'static str {
        let (who, active) = (below(chance, PEOPLE), chance.below(5) > 0);
        let (path, status) = (self.place.membership(who), if active { "active" } else { "suspended" });
        self.write(By::Ada, Method::PATCH, &path, Some(&path), json!({ "status": status })).await;
        self.rows.suspended.remove(&who);
        self.rows.suspended.extend((!active).then_some(who));
        "a membership"
    }

    async fn give_roles(&mut self, chance: &mut Chance) -> &'static str {
        let (who, roles) = (below(chance, PEOPLE), some(chance, MANY));
        let mut names = named(&self.roles, &roles);
        names.push("user".to_owned());
        let of = self.place.membership(who);
        self.write(By::Ada, Method::PUT, &format!("{of}/roles"), Some(&of), json!({ "roles": names })).await;
        self.rows.holds[who] = roles;
        "the roles of a member"
    }

    async fn permit(&mut self, chance: &mut Chance) -> &'static str {
        let (role, permits) = (below(chance, MANY), some(chance, PERMISSIONS.len()));
        let name = |(kind, action, scope): (&str, &str, &str)| format!("{kind}:{action}:{scope}");
        let names: Vec<_> = named(&PERMISSIONS, &permits).into_iter().map(name).collect();
        let of = format!("/api/v1/roles/{}", self.roles[role]);
        let body = json!({ "permissions": names });
        self.write(By::Ada, Method::PUT, &format!("{of}/permissions"), Some(&of), body).await;
        self.rows.permits[role] = permits;
        "the permissions of a role"
    }

    async fn write_level(&mut self, chance: &mut Chance) -> &'static str {
        let level = below(chance, MANY);
        let of = format!("/api/v1/user-levels/{}", self.levels[level]);
        let (mut permissions, kind) = (Vec::new(), one_of(chance, &["view", "feature"]));
        if kind == "view" {
            self.rows.on_views[level] =
                some(chance, VIEWS.len()).into_iter().map(|of| (of, chance.below(4) > 0)).collect();
            for (view, allows) in &self.rows.on_views[level] {
                permissions.push(json!({ "view_id": self.views[*view], "value": value(*allows) }));
            }
        } else {
            self.rows.on_features[level].clear();
            for feature in 0..FEATURES.len() {
                for action in some(chance, ACTIONS.len()) {
                    let says = (chance.below(4) > 0, one_of(chance, &["own", "team", "organization"]));
                    self.rows.on_features[level].insert((feature, ACTIONS[action]), says);
                }
            }
            for ((feature, action), (allows, scope)) in &self.rows.on_features[level] {
                let id = &self.features[*feature];
                permissions
                    .push(json!({ "feature_id": id, "action": action, "value": value(*allows), "scope": scope }));
            }
        }
        let (path, body) = (format!("{of}/{kind}-permissions/all"), json!({ "permissions": permissions }));
        self.write(By::Ada, Method::PUT, &path, Some(&of), body).await;
        "a user level"
    }

    async fn give_levels(&mut self, chance: &mut Chance) -> &'static str {
        let (who, levels) = (below(chance, PEOPLE), some(chance, MANY));
        let path = format!("/api/v1/users/{}/user-levels", self.place.member(who));
        let body = json!({ "user_levels": named(&self.levels, &levels) });
        self.write(By::Ada, Method::PUT, &path, None, body).await;
        self.rows.has[who] = levels;
        "the user levels of a member"
    }

    async fn give_or_take_module(&mut self, chance: &mut Chance) -> &'static str {
        let module = below(chance, MANY);
        let path = format!("/api/v1/organizations/{}/modules/{}", self.place.organization, self.modules[module]);
        if self.rows.modules.contains_key(&module) && chance.below(4) == 0 {
            self.write(By::Root, Method::DELETE, &path, None, Value::Null).await;
            self.rows.modules.remove(&module);
            return "a module taken";
        }
        let active = chance.below(6) > 0;
        self.write(By::Root, Method::PUT, &path, None, json!({ "is_active": active })).await;
        self.rows.modules.insert(module, active);
        "a module given"
    }

    async fn open_or_close(&mut self, chance: &mut Chance) -> &'static str {
        let (kind, open) = (one_of(chance, &["module", "feature", "view"]), chance.below(4) > 0);
        let (closed, ids) = match kind {
            "module" => (&mut self.rows.closed_modules, &self.modules),
            "feature" => (&mut self.rows.closed_features, &self.features),
            _ => (&mut self.rows.closed_views, &self.views),
        };
        let number = below(chance, ids.len());
        closed.remove(&number);
        closed.extend((!open).then_some(number));
        let path = format!("/api/v1/{kind}s/{}", ids[number]);
        self.write(By::Root, Method::PATCH, &path, Some(&path), json!({ "is_active": open })).await;
        "something of the catalogue"
    }

    async fn lead_elsewhere(&mut self, chance: &mut Chance) -> &'static str {
        let (module, of_views) = (below(chance, MANY), chance.below(2) == 0);
        let (what, ids) = if of_views { ("views", &self.views) } else { ("features", &self.features) };
        let leads_to = some(chance, ids.len());
        let of = format!("/api/v1/modules/{}", self.modules[module]);
        let body = json!({ what: named(ids, &leads_to) });
        self.write(By::Root, Method::PUT, &format!("{of}/{what}"), Some(&of), body).await;
        let rows = if of_views { &mut self.rows.views_of } else { &mut self.rows.features_of };
        rows[module] = leads_to;
        "what a module leads to"
    }

    async fn join_or_leave_team(&mut self, chance: &mut Chance) -> &'static str {
        let (team, who) = (below(chance, MANY), below(chance, PEOPLE));
        let path = format!("/api/v1/teams/{}/members/{}", self.rows.teams[team], self.place.member(who));
        let is_in = self.rows.in_team[team].contains(&who);
        let method = if is_in { Method::DELETE } else { Method::PUT };
        self.write(By::Ada, method, &path, None, Value::Null).await;
        if is_in {
            self.rows.in_team[team].remove(&who);
        } else {
            self.rows.in_team[team].insert(who);
        }
        "a team"
    }

    async fn change_rules(&mut self, chance: &mut Chance, by: By) -> &'static str {
        const ALL: &str = "/api/v1/access/rules";
        let known = match by {
            By::Ada => self.rows.rules.clone(),
            By::Root => self.rows.platform_rules.clone(),
        };
        let room = if matches!(by, By::Root) { 2 } else { MOST_RULES };
        let mut changed = known.clone();
        match (known.len(), chance.below(4)) {
            (count, 0..=1) if count < room => {
                let (ptype, values) = self.rows.a_rule(chance);
                let body = json!({ "rules": [{ "ptype": ptype, "values": values }] });
                let made = self.write(by, Method::POST, ALL, None, body).await;
                let path = format!("{ALL}/{}", text(&made["ids"][0]));
                changed.push(Rule { path, ptype, values, is_active: true });
            }
            (count @ 1.., 2) => {
                let rule = &mut changed[below(chance, count)];
                rule.is_active = !rule.is_active;
                let body = json!({ "is_active": rule.is_active });
                self.write(by, Method::PATCH, &rule.path, Some(&rule.path), body).await;
            }
            (count @ 1.., _) => {
                let rule = changed.remove(below(chance, count));
                self.write(by, Method::DELETE, &rule.path, Some(&rule.path), Value::Null).await;
            }
            _ => {}
        }
        match by {
            By::Ada => self.rows.rules = changed,
            By::Root => self.rows.platform_rules = changed,
        }
        "a rule"
    }

    async fn change_entity(&mut self, chance: &mut Chance) -> &'static str {
        let (kind, id) = a_name(chance);
        if self.rows.entities.contains_key(&(kind, id.clone())) && chance.below(3) == 0 {
            let path = format!("/api/v1/access/entities/{kind}/{id}");
            self.write(By::Ada, Method::DELETE, &path, Some(&path), Value::Null).await;
            self.rows.entities.remove(&(kind, id));
            return "an entity that goes";
        }
        let properties = self.rows.properties(chance);
        let body = json!({ "entities": [{ "type": kind, "id": id, "properties": properties }] });
        self.write(By::Ada, Method::PUT, "/api/v1/access/entities", None, body).await;
        self.rows.entities.insert((kind, id), properties);
        "an entity"
    }
}
