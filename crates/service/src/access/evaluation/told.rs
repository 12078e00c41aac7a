//! What a product is told: counted and, where the operator wants that, recorded.

use super::{Answer, Attributes, Evaluator, Found, Question, Thing, Wanted};
use crate::{
    App,
    audit::{About, Asker, Decided, DecisionLog, Name, Names, What},
};
use keystead_domain::{Caller, ErrorKind, Result};
use std::sync::Arc;

/// What a caller is told in one request. It is counted when the request ends, and what is recorded of it waits from then on.
pub struct Told<'a> {
    log: &'a DecisionLog,
    caller: &'a Caller,
    asker: Option<Arc<Asker>>,
    allowed: u64,
    denied: u64,
    decided: Vec<Decided>,
}

impl<'a> Told<'a> {
    /// Nothing yet.
    #[must_use]
    pub fn new(app: &'a App, caller: &'a Caller) -> Self {
        Self { log: &app.decision_log, caller, asker: None, allowed: 0, denied: 0, decided: Vec::new() }
    }

    /// As [`Evaluator::evaluate`]. A question that is refused counts as denied.
    ///
    /// # Errors
    /// As there.
    pub fn evaluate(&mut self, evaluator: &Evaluator, question: &Question<'_>) -> Result<Answer> {
        let answer = evaluator.evaluate(question);
        match &answer {
            Ok(answer) => self.note(evaluator, answer.allowed(), What::Answer(*answer), || asked(question)),
            Err(error) => self.note(evaluator, false, What::Refusal(error.code), || match question.check() {
                Ok(()) => asked(question),
                Err(_) => About::Nothing,
            }),
        }
        answer
    }

    /// One of several questions lacks something, and is denied.
    pub fn unanswered(&mut self, evaluator: &Evaluator) {
        self.note(evaluator, false, What::Refusal("invalid"), || About::Nothing);
    }

    /// As [`Evaluator::search`]. One that is refused, because the caller asks about others, counts as a denial.
    ///
    /// # Errors
    /// As there.
    pub fn search(
        &mut self,
        evaluator: &Evaluator,
        wanted: Wanted<'_>,
        context: Option<&Attributes>,
        after: Option<&str>,
        size: usize,
    ) -> Result<Found> {
        let found = evaluator.search(wanted, context, after, size);
        match &found {
            Ok(found) => {
                metrics::counter!("keystead_searches_total").increment(1);
                if self.log.wants(true) {
                    self.keep(evaluator, What::Found(found.ids.len()), sought(wanted));
                }
            }
            Err(error) if error.is(ErrorKind::Forbidden) => {
                self.note(evaluator, false, What::Refusal(error.code), || sought(wanted));
            }
            Err(_) => {}
        }
        found
    }

    fn note(&mut self, evaluator: &Evaluator, allowed: bool, what: What, about: impl FnOnce() -> About) {
        if allowed {
            self.allowed += 1;
        } else {
            self.denied += 1;
        }
        if self.log.wants(allowed) {
            self.keep(evaluator, what, about());
        }
    }

    fn keep(&mut self, evaluator: &Evaluator, what: What, about: About) {
        let asker = Arc::clone(self.asker.get_or_insert_with(|| Asker::of(self.caller)));
        self.decided.push(Decided { asker, at: evaluator.at, what, about });
    }
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if self.allowed > 0 {
            metrics::counter!("keystead_decisions_total", "by" => "api", "outcome" => "allowed")
                .increment(self.allowed);
        }
        if self.denied > 0 {
            metrics::counter!("keystead_decisions_total", "by" => "api", "outcome" => "denied").increment(self.denied);
        }
        if !self.decided.is_empty() {
            self.log.add(self.decided.drain(..));
        }
    }
}

fn asked(question: &Question<'_>) -> About {
    let Question { subject, action, resource, context: _ } = question;
    let (subject, action, resource) = (Some(thing(subject)), Some(action.name.into()), Some(thing(resource)));
    About::Named(Box::new(Names { subject, action, resource }))
}

fn sought(wanted: Wanted<'_>) -> About {
    let of_kind = |kind: &str| Some(Name { kind: kind.into(), id: None });
    About::Named(Box::new(match wanted {
        Wanted::Subjects { kind, action, resource } => {
            Names { subject: of_kind(kind), action: Some(action.name.into()), resource: Some(thing(&resource)) }
        }
        Wanted::Resources { subject, action, kind } => {
            Names { subject: Some(thing(&subject)), action: Some(action.name.into()), resource: of_kind(kind) }
        }
        Wanted::Actions { subject, resource } => {
            Names { subject: Some(thing(&subject)), action: None, resource: Some(thing(&resource)) }
        }
    }))
}

fn thing(thing: &Thing<'_>) -> Name {
    Name { kind: thing.kind.into(), id: Some(thing.id.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        RecordDecisions,
        access::{decisions::by_rows, evaluation::Act},
        background::flush,
        testing::{TestApp, Trail, deciding_rows, member, now, organization},
    };
    use keystead_domain::audit::{AuditEvent, Outcome};
    use keystead_store::mocks::MockUnitOfWork;
    use serde_json::json;

    fn app(which: RecordDecisions, trail: &Trail) -> App {
        let mut test = TestApp::new();
        test.settings.audit_decisions = which;
        let mut unit = MockUnitOfWork::new();
        trail.record(&mut unit);
        test.unit(unit);
        test.build()
    }

    /// Asks as Ada about Ada: what she may, what she may not, and what is about somebody else.
    async fn recorded(which: RecordDecisions) -> Vec<AuditEvent> {
        let trail = Trail::default();
        let (app, ada) = (app(which, &trail), member(1, 7));
        let me = ada.user_id.unwrap();
        let rows = deciding_rows(organization(1), &[(me, ada.grants.to_vec())]);
        let evaluator = Evaluator { only: Some(me.to_string()), ..Evaluator::on(by_rows(&rows), now()) };
        let properties = json!({ "email": "ada@example.org" }).as_object().cloned();
        let text = me.to_string();
        let ask = |told: &mut Told<'_>, id: &str, action| {
            let (action, resource) =
                (Act { name: action, properties: None }, Thing { kind: "users", id: &text, properties: None });
            let subject = Thing { kind: "user", id, properties: properties.as_ref() };
            told.evaluate(&evaluator, &Question { subject, action, resource, context: properties.as_ref() })
        };
        {
            let mut told = Told::new(&app, &ada);
            assert!(ask(&mut told, &text, "read").unwrap().allowed());
            assert!(!ask(&mut told, &text, "paint").unwrap().allowed());
            assert_eq!(ask(&mut told, "grace@example.org", "read").unwrap_err().code, "only_about_oneself");
            assert!(ask(&mut told, "", "read").is_err());
            told.unanswered(&evaluator);
            let wanted = |id| Wanted::Actions {
                subject: Thing { kind: "user", id, properties: None },
                resource: Thing { kind: "users", id: &text, properties: None },
            };
            assert!(told.search(&evaluator, wanted(&text), None, None, 10).is_ok());
            assert!(told.search(&evaluator, wanted("grace"), None, None, 10).is_err());
            assert!(told.search(&evaluator, wanted(&text), None, None, 0).is_err());
            assert_eq!((told.allowed, told.denied), (1, 5));
            assert!(trail.events().is_empty());
        }
        flush(&app).await.unwrap();
        trail.events()
    }

    #[tokio::test]
    async fn what_is_recorded_is_what_the_operator_wants() {
        let kinds = |events: &[AuditEvent]| {
            let reason = |event: &AuditEvent| {
                format!("{} {}", event.event_type, event.event_data["reason"].as_str().unwrap_or("-"))
            };
            events.iter().map(reason).collect::<Vec<_>>()
        };
        let denials = [
            "access.denied no_permission",
            "access.denied only_about_oneself",
            "access.denied invalid",
            "access.denied invalid",
            "access.denied only_about_oneself",
        ];
        assert_eq!(kinds(&recorded(RecordDecisions::Off).await), [""; 0]);
        assert_eq!(kinds(&recorded(RecordDecisions::Denials).await), denials);
        let all = recorded(RecordDecisions::All).await;
        let [first, second, rest @ ..] = denials;
        let [third, fourth, last] = rest;
        assert_eq!(kinds(&all), ["access.allowed role", first, second, third, fourth, "access.searched -", last]);
        assert_eq!((all[0].outcome, all[1].outcome), (Outcome::Success, Outcome::Denied));
        assert!(all[0].event_data["role_id"].is_string() && all[0].event_data["by"] == "api");
        assert!(all[5].event_data["found"].as_u64() > Some(0));
        // Names are sealed, and what is no question has none.
        let sealed: Vec<_> = all.iter().map(|event| event.changes_sealed.is_some()).collect();
        assert_eq!(sealed, [true, true, true, false, false, true, true]);
        assert!(!format!("{all:?}").contains("example.org"));
    }
}
