//! What is asked about the rules.

use crate::{
    chance::Chance,
    rules::{ACTIONS, Shape, value},
};
use keystead_domain::access::PolicyRule;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

const SEED: u64 = 7;

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

/// Random requests, of which few are allowed: any user about any object with any action. Nothing of that is foreign to the rules:
/// every user has roles, every object is named by a rule or begins as a rule's pattern does, and every action is a rule's.
///
/// The targets of the engine are over these. They say little about what it costs to weigh the rules that fit, because most often
/// none does; [`half_covered`] asks for that.
pub(crate) fn random(shape: &Shape, count: usize) -> Vec<Question> {
    let (mut chance, objects) = (Chance::new(SEED), objects(shape));
    (0..count).map(|_| any(&mut chance, shape, &objects)).collect()
}

/// Requests of which every other one is about what a rule for one of the asker's own roles is about (that rule may allow, deny, or
/// have a condition that does not hold); the rest are [`random`] ones.
///
/// These cost more than random ones: rules that fit are found, their conditions asked, and about half of that is allowed. Real
/// callers mostly ask about what they may do.
pub(crate) fn half_covered(shape: &Shape, count: usize) -> Vec<Question> {
    let (mut chance, objects, rules) = (Chance::new(SEED), objects(shape), shape.all());
    let covered = Covered::by(&rules);
    let question = |number: usize| {
        if number.is_multiple_of(2) { covered.any(&mut chance) } else { any(&mut chance, shape, &objects) }
    };
    (0..count).map(question).collect()
}

fn any(chance: &mut Chance, shape: &Shape, objects: &[String]) -> Question {
    Question {
        user: format!("u{}", chance.below(shape.users)),
        object: chance.of(objects).clone(),
        action: chance.of::<&str>(&ACTIONS),
        draft: chance.below(2) == 0,
    }
}

/// The objects that rules name, or that begin as the pattern of a rule does.
fn objects(shape: &Shape) -> Vec<String> {
    let rules = shape.all();
    let named: HashSet<&str> = rules.iter().filter(|rule| rule.ptype == "p").map(|rule| value(rule, 2)).collect();
    let is_known = |object: &String| {
        named.contains(object.as_str())
            || (1..=object.len()).any(|end| named.contains(&*format!("{}*", &object[..end])))
    };
    (0..shape.objects).map(|number| format!("doc{number}")).filter(is_known).collect()
}

/// What the rules for the users' own roles are about.
struct Covered<'a> {
    /// Each user with each of the user's roles that has a rule.
    users: Vec<(&'a str, &'a str)>,
    of_role: HashMap<&'a str, Vec<&'a PolicyRule>>,
}

impl<'a> Covered<'a> {
    fn by(rules: &'a [PolicyRule]) -> Self {
        let mut of_role: HashMap<&str, Vec<&PolicyRule>> = HashMap::new();
        for rule in rules.iter().filter(|rule| rule.ptype == "p") {
            of_role.entry(value(rule, 0)).or_default().push(rule);
        }
        let links = rules.iter().filter(|rule| rule.ptype == "g").map(|rule| (value(rule, 0), value(rule, 1)));
        let users = links.filter(|(who, role)| who.starts_with('u') && of_role.contains_key(role)).collect();
        Self { users, of_role }
    }

    fn any(&self, chance: &mut Chance) -> Question {
        let (user, role) = *chance.of(&self.users);
        let rule = *chance.of(&self.of_role[role]);
        Question {
            user: user.to_owned(),
            object: value(rule, 2).replace('*', "7"),
            action: ACTIONS.iter().find(|action| **action == value(rule, 3)).unwrap(),
            draft: chance.below(2) == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_domain::OrganizationId;
    use uuid::Uuid;

    #[test]
    fn random_questions_are_about_what_the_rules_know() {
        let shape = Shape::of(OrganizationId::from_uuid(Uuid::from_u128(1)), 1_000);
        let rules = shape.all();
        let asked = random(&shape, 20_000);
        for question in &asked {
            let has_role = rules.iter().any(|rule| rule.ptype == "g" && value(rule, 0) == question.user);
            let is_about = |rule: &PolicyRule| match value(rule, 2).strip_suffix('*') {
                Some(start) => question.object.starts_with(start),
                None => question.object == value(rule, 2),
            };
            assert!(has_role, "{question:?}");
            assert!(rules.iter().any(|rule| rule.ptype == "p" && is_about(rule)), "{question:?}");
        }
        // Whatever there is comes.
        let all = |part: fn(&Question) -> &str| asked.iter().map(part).collect::<HashSet<_>>().len();
        assert_eq!(all(|question| &question.user), 100);
        assert_eq!(all(|question| &question.object), objects(&shape).len());
        assert_eq!(all(|question| question.action), 4);
    }

    #[test]
    fn every_other_question_is_about_what_a_rule_for_the_asker_is_about() {
        let shape = Shape::of(OrganizationId::from_uuid(Uuid::from_u128(1)), 1_000);
        let rules = shape.all();
        for question in half_covered(&shape, 2_000).iter().step_by(2) {
            let has = |role: &str| {
                rules.iter().any(|rule| rule.ptype == "g" && (value(rule, 0), value(rule, 1)) == (&question.user, role))
            };
            let covers = |rule: &PolicyRule| {
                let object = value(rule, 2);
                let fits = object
                    .strip_suffix('*')
                    .map_or(object == question.object, |start| question.object.starts_with(start));
                rule.ptype == "p" && fits && value(rule, 3) == question.action && has(value(rule, 0))
            };
            assert!(rules.iter().any(covers), "{question:?}");
        }
    }
}
