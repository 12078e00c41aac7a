//! The rules that decisions are measured with: those of one large organization, and questions about it.

use keystead_access::{
    platform::{Platform, PlatformRows},
    snapshot::Rows,
};
use keystead_domain::{OrganizationId, Timestamp, access::PolicyRule};
use serde_json::{Map, Value, json};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// The type of what the rules are about.
pub(crate) const KIND: &str = "document";
const ACTIONS: [&str; 4] = ["read", "write", "delete", "share"];

/// Repeatable numbers (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

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
        let (mut random, mut rules) = (Random::new(3), Rules::of(self.organization));
        for number in 0..self.rules {
            let role = format!("role{}", random.below(self.roles));
            let object = random.below(self.objects);
            let object = if number % 10 == 0 { format!("doc{}*", object / 10) } else { format!("doc{object}") };
            let action = ACTIONS[random.below(4) as usize];
            let effect = if number % 50 == 0 { "deny" } else { "allow" };
            let condition = (number % 100 == 1).then_some(r#"r.obj.status == "draft""#);
            rules.may(&role, &object, action, effect, condition);
        }
        for user in 0..self.users {
            for _ in 0..3 {
                rules.has(&format!("u{user}"), &format!("role{}", random.below(self.roles)));
            }
        }
        // The first tenth of the roles stands above the next fifth, which stands above the rest.
        let (top, middle) = (self.roles / 10, self.roles * 3 / 10);
        for role in top..self.roles {
            let above = if role < middle { random.below(top) } else { top + random.below(middle - top) };
            rules.has(&format!("role{role}"), &format!("role{above}"));
        }
        rules.rows
    }

    /// One more rule, or another one in the place of one that there is.
    pub(crate) fn changed(&self, random: &mut Random) -> PolicyRule {
        let mut rules = Rules::of(self.organization);
        let (role, object) = (random.below(self.roles), random.below(self.objects));
        rules.may(&format!("role{role}"), &format!("doc{object}"), "read", "allow", None);
        PolicyRule { id: id(random.below(self.rules)), ..rules.rows.remove(0) }
    }

    /// So many questions: half about anything, half about what a rule for one of the asker's own roles is about.
    pub(crate) fn questions(&self, count: usize) -> Vec<Question> {
        let (mut random, aims) = (Random::new(7), self.aims());
        let mut question = || {
            let draft = random.below(2) == 0;
            if random.below(2) == 0 {
                let (user, object, action) = aims[random.below(aims.len() as u64) as usize].clone();
                return Question { user, object, action, draft };
            }
            Question {
                user: format!("u{}", random.below(self.users)),
                object: format!("doc{}", random.below(self.objects)),
                action: ACTIONS[random.below(4) as usize],
                draft,
            }
        };
        (0..count).map(|_| question()).collect()
    }

    /// Users, each with a resource and an action that a rule for one of the user's roles is about.
    fn aims(&self) -> Vec<(String, String, &'static str)> {
        let all = self.all();
        let (may, has): (Vec<_>, Vec<_>) = all.iter().partition(|rule| rule.ptype == "p");
        let mut of_role: HashMap<&str, Vec<&PolicyRule>> = HashMap::new();
        for rule in may {
            of_role.entry(value(rule, 0)).or_default().push(rule);
        }
        let users = has.into_iter().filter(|rule| value(rule, 0).starts_with('u'));
        let aims = users.filter_map(|link| {
            let user = value(link, 0);
            let rules = of_role.get(value(link, 1))?;
            let rule = rules[user.len() % rules.len()];
            let action = ACTIONS.iter().find(|action| **action == value(rule, 3))?;
            Some((user.to_owned(), value(rule, 2).replace('*', "7"), *action))
        });
        aims.collect()
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

/// Somebody's wish.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) user: String,
    pub(crate) object: String,
    pub(crate) action: &'static str,
    draft: bool,
}

impl Question {
    /// What is told of the resource.
    pub(crate) fn properties(&self) -> Map<String, Value> {
        let status = if self.draft { "draft" } else { "final" };
        Map::from_iter([("status".to_owned(), json!(status)), ("size".to_owned(), json!(12))])
    }
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

fn value(rule: &PolicyRule, place: usize) -> &str {
    rule.values[place].as_deref().unwrap_or_default()
}
