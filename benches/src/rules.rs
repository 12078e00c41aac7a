//! The rules that decisions are measured with: those of one large organization.

use crate::chance::Chance;
use keystead_access::{
    platform::{Platform, PlatformRows},
    snapshot::Rows,
};
use keystead_domain::{OrganizationId, Timestamp, access::PolicyRule};
use std::sync::Arc;
use uuid::Uuid;

/// The type of what the rules are about.
pub(crate) const KIND: &str = "document";
/// Everything that the rules allow or deny to do.
pub(crate) const ACTIONS: [&str; 4] = ["read", "write", "delete", "share"];

/// Whose rules they are, and how many of everything there are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) organization: OrganizationId,
    /// Rules of the kind `p`.
    pub(crate) rules: u64,
    pub(crate) roles: u64,
    pub(crate) users: u64,
    pub(crate) objects: u64,
}

impl Shape {
    pub(crate) fn of(organization: OrganizationId, rules: u64) -> Self {
        Self { organization, rules, roles: rules / 10, users: rules / 10, objects: rules / 2 }
    }

    /// One in ten of the rules a prefix pattern, one in a hundred conditional; users have three roles, roles two levels above
    /// them.
    pub(crate) fn all(&self) -> Vec<PolicyRule> {
        let (mut chance, mut rules) = (Chance::new(3), Rules::of(self.organization));
        for number in 0..self.rules {
            let role = format!("role{}", chance.below(self.roles));
            let object = chance.below(self.objects);
            let object = if number % 10 == 0 { format!("doc{}*", object / 10) } else { format!("doc{object}") };
            let action = *chance.of::<&str>(&ACTIONS);
            let effect = if number % 50 == 0 { "deny" } else { "allow" };
            let condition = (number % 100 == 1).then_some(r#"r.obj.status == "draft""#);
            rules.may(&role, &object, action, effect, condition);
        }
        for user in 0..self.users {
            for _ in 0..3 {
                rules.has(&format!("u{user}"), &format!("role{}", chance.below(self.roles)));
            }
        }
        // The first tenth of the roles stands above the next fifth, which stands above the rest.
        let (top, middle) = (self.roles / 10, self.roles * 3 / 10);
        for role in top..self.roles {
            let above = if role < middle { chance.below(top) } else { top + chance.below(middle - top) };
            rules.has(&format!("role{role}"), &format!("role{above}"));
        }
        rules.rows
    }

    /// Another rule in the place of one that there is.
    pub(crate) fn changed(&self, chance: &mut Chance) -> PolicyRule {
        let mut rules = Rules::of(self.organization);
        let (role, object) = (chance.below(self.roles), chance.below(self.objects));
        rules.may(&format!("role{role}"), &format!("doc{object}"), "read", "allow", None);
        PolicyRule { id: id(chance.below(self.rules)), ..rules.rows.remove(0) }
    }
}

/// A user with 1,000 roles, each of which has a rule elsewhere, and a resource that 10,000 rules for other roles are about.
pub(crate) fn crowded(organization: OrganizationId) -> Vec<PolicyRule> {
    let mut rules = Rules::of(organization);
    for number in 0..10_000 {
        rules.may(&format!("other{number}"), "crowded", "read", "allow", None);
    }
    for number in 0..1_000 {
        rules.has("busy", &format!("role{number}"));
        rules.may(&format!("role{number}"), "elsewhere", "read", "allow", None);
    }
    rules.rows
}

/// An organization that has these rules and nothing else.
pub(crate) fn organization_with(rules: Vec<PolicyRule>) -> Rows {
    let own_kinds = ["teams", "members", "sessions", "users"].map(str::to_owned).into();
    let platform = Platform::new(PlatformRows { version: 1, own_kinds, ..PlatformRows::default() }).unwrap();
    let organization = rules[0].organization_id;
    Rows { version: 1, rules, ..Rows::empty(organization, Arc::new(platform)) }
}

struct Rules {
    organization: OrganizationId,
    rows: Vec<PolicyRule>,
}

impl Rules {
    const fn of(organization: OrganizationId) -> Self {
        Self { organization, rows: Vec::new() }
    }
    fn may(&mut self, role: &str, object: &str, action: &str, effect: &str, condition: Option<&str>) {
        let domain = self.organization.to_string();
        self.add("p", [Some(role), Some(&domain), Some(object), Some(action), Some(effect), condition]);
    }
    fn has(&mut self, who: &str, role: &str) {
        let domain = self.organization.to_string();
        self.add("g", [Some(who), Some(role), Some(&domain), None, None, None]);
    }
    fn add(&mut self, ptype: &str, values: [Option<&str>; 6]) {
        let then = Timestamp::from_unix_seconds(1_600_000_000);
        self.rows.push(PolicyRule {
            id: id(self.rows.len() as u64),
            organization_id: self.organization,
            ptype: ptype.to_owned(),
            values: values.map(|value| value.map(str::to_owned)),
            priority: None,
            not_before: None,
            expires_at: None,
            is_active: true,
            created_by: None,
            updated_by: None,
            created_at: then,
            updated_at: then,
            version: 1,
        });
    }
}

fn id(number: u64) -> keystead_domain::RuleId {
    Uuid::from_u128(u128::from(number) + 1).into()
}

/// What stands at a place of the rule.
pub(crate) fn value(rule: &PolicyRule, place: usize) -> &str {
    rule.values[place].as_deref().unwrap_or_default()
}
