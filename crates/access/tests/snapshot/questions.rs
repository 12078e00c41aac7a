//! Questions, spelled out.

use crate::{
    chance::Chance,
    world::{ACTIONS, FEATURES, KINDS, VIEWS, elsewhere, here, holder, team, time, user},
};
use keystead_access::{
    Context, Decision, Holder, Target, Whose,
    policy::{Effect, Entity},
    snapshot::{Explanation, Snapshot, Source},
};
use keystead_domain::{PLATFORM, Timestamp};
use serde_json::{Map, Value, json};

#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) subject: (String, String),
    pub(crate) action: String,
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) whose: Option<Whose>,
    pub(crate) sent: Map<String, Value>,
    pub(crate) domain: Option<String>,
    pub(crate) now: Timestamp,
}

impl Question {
    pub(crate) fn new(subject: usize, action: &str, kind: &str, id: &str) -> Self {
        Self {
            subject: name_of(holder(subject)),
            action: action.to_owned(),
            kind: kind.to_owned(),
            id: id.to_owned(),
            whose: None,
            sent: Map::new(),
            domain: None,
            now: time(100),
        }
    }
    pub(crate) fn owned_by(mut self, number: usize) -> Self {
        self.sent.insert("owner".to_owned(), json!(user(number).to_string()));
        self
    }
    pub(crate) fn sending(mut self, name: &str, value: Value) -> Self {
        self.sent.insert(name.to_owned(), value);
        self
    }
    pub(crate) fn whose(mut self, whose: Whose) -> Self {
        self.whose = Some(whose);
        self
    }
    pub(crate) fn ask<T>(&self, ask: impl FnOnce(&Entity<'_>, &Entity<'_>, &Target<'_>, &Context<'_>) -> T) -> T {
        let context = Context { domain: self.domain.as_deref(), ..Context::at(self.now) };
        let target = Target { entity: Entity::new(&self.kind, &self.id).with(&self.sent), whose: self.whose };
        ask(&Entity::new(&self.subject.0, &self.subject.1), &Entity::new("", &self.action), &target, &context)
    }
    pub(crate) fn decide(&self, snapshot: &Snapshot) -> Decision {
        self.ask(|subject, action, target, context| snapshot.decide(subject, action, target, context))
    }
    pub(crate) fn explain(&self, snapshot: &Snapshot) -> Explanation {
        self.ask(|subject, action, target, context| snapshot.explain(subject, action, target, context))
    }
}

pub(crate) fn name_of(holder: Holder) -> (String, String) {
    (holder.kind().to_owned(), holder.id().to_string())
}

/// Whether everything that an explanation considered comes to what it says was decided.
pub(crate) fn adds_up(explanation: &Explanation) -> bool {
    let says = |effect: Effect| explanation.considered.iter().filter(move |said| said.effect == effect);
    let by_platform = says(Effect::Deny).any(|said| said.source == Source::PlatformRules);
    let administrator = says(Effect::Allow).any(|said| said.source == Source::Administrator);
    let denied = by_platform || (says(Effect::Deny).next().is_some() && !administrator);
    let allowed = !denied && says(Effect::Allow).next().is_some();
    allowed == explanation.decision.allowed && (!allowed || explanation.needed.is_empty())
}

pub(crate) fn a_question(chance: &mut Chance) -> Question {
    let kind = chance.of(&KINDS);
    let id = match kind {
        "feature" => chance.of(&FEATURES).to_owned(),
        "view" => chance.of(&VIEWS).to_owned(),
        _ => format!("{}{}", &kind[..1], chance.below(3)),
    };
    let id = if chance.one_in(30) { "unknown".to_owned() } else { id };
    let action = if kind == "view" && !chance.one_in(3) { "view" } else { chance.of(&ACTIONS) };
    let mut question = Question::new(chance.below(5), action, kind, &id);
    if chance.one_in(12) {
        question.subject = ("user".to_owned(), chance.of(&["alice", "editor"]).to_owned());
    }
    if chance.one_in(3) {
        let owner = [user(0).to_string(), format!("user:{}", user(1)), user(2).to_string(), "somebody".to_owned()];
        question = question.sending("owner", json!(chance.of(&owner)));
    }
    if chance.one_in(4) {
        question =
            question.sending("team", json!(chance.of(&[team(0).to_string(), team(1).to_string(), "x".to_owned()])));
    }
    if chance.one_in(3) {
        question = question.sending("status", chance.of(&[json!("draft"), json!("final"), json!(7), Value::Null]));
    }
    if !matches!(kind, "feature" | "view") && chance.one_in(3) {
        question.whose = Some(whose(chance));
    }
    if chance.one_in(4) {
        question.domain = Some(chance.of(&["north", "south", "*"]).to_owned());
    }
    question.now = time(chance.of(&[0, 50, 100, 200]));
    question
}

pub(crate) fn whose(chance: &mut Chance) -> Whose {
    Whose {
        organization: chance.of(&[None, Some(here()), Some(here()), Some(elsewhere()), Some(PLATFORM)]),
        owner: chance.of(&[None, Some(user(0)), Some(user(1)), Some(user(2))]),
        team: chance.of(&[None, None, Some(team(0)), Some(team(1))]),
    }
}
