//! Decisions: the guard's, and what products are told. They are recorded in batches where the operator wants that.

use super::{Event, Waiting, Waits};
use crate::{
    App, RecordDecisions,
    access::{Resource, evaluation::Answer, keysteads_own},
};
use keystead_domain::{Caller, Error, Json, OrganizationId, Result, Timestamp, UserId, access::Action, audit::Outcome};
use serde::Serialize;
use serde_json::{Map, json};
use std::sync::Arc;
use uuid::Uuid;

/// The decisions that are still to be written.
pub(crate) struct DecisionLog {
    which: RecordDecisions,
    waiting: Waiting<Decided>,
}

/// Who asks, and from where: an event that does not say yet what was decided.
pub(crate) struct Asker {
    organization: OrganizationId,
    event: Event,
}

/// Something that was decided. It goes into the trail of the organization that the caller works in.
pub(crate) struct Decided {
    pub(crate) asker: Arc<Asker>,
    pub(crate) at: Timestamp,
    pub(crate) what: What,
    pub(crate) about: About,
}

/// What was decided.
pub(crate) enum What {
    /// This.
    Answer(Answer),
    /// It was denied without asking what decides; why, in one word.
    Refusal(&'static str),
    /// So many were found.
    Found(usize),
}

/// What it is about.
pub(crate) enum About {
    /// One of Keystead's own resources: the guard was asked.
    Own(Own),
    /// What a product has named.
    Named(Box<Names>),
    /// A product's question that cannot be told, since it was none.
    Nothing,
}

/// One of Keystead's own resources, and what was to be done with it.
pub(crate) struct Own {
    action: Option<Action>,
    kind: &'static str,
    id: Option<Uuid>,
    organization: Option<OrganizationId>,
    owner: Option<UserId>,
}

/// What a product has asked about, by its names. Properties and circumstances are no part of it: they may hold anything. Even
/// names may be people's, such as an address: they are sealed.
#[derive(Default, Serialize)]
pub(crate) struct Names {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) action: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource: Option<Name>,
}

/// A type, and which one of it; none where it is looked for.
#[derive(Serialize)]
pub(crate) struct Name {
    #[serde(rename = "type")]
    pub(crate) kind: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<Box<str>>,
}

impl DecisionLog {
    pub(crate) fn new(which: RecordDecisions) -> Arc<Self> {
        Arc::new(Self { which, waiting: Waiting::new("decisions") })
    }
    /// The log, if anything is recorded at all.
    pub(crate) fn wanted(self: &Arc<Self>) -> Option<Arc<Self>> {
        (self.which != RecordDecisions::Off).then(|| Arc::clone(self))
    }
    /// Whether such a decision is recorded.
    pub(crate) fn wants(&self, allowed: bool) -> bool {
        match self.which {
            RecordDecisions::Off => false,
            RecordDecisions::Denials => !allowed,
            RecordDecisions::All => true,
        }
    }
    pub(crate) fn add(&self, decisions: impl IntoIterator<Item = Decided>) {
        self.waiting.add(decisions);
    }
    pub(crate) async fn flush(&self, app: &App) -> Result<()> {
        self.waiting.flush(app).await
    }

    /// Notes what the guard has decided.
    pub(crate) fn guarded(
        &self,
        caller: &Caller,
        at: Timestamp,
        action: Action,
        resource: &Resource<'_>,
        answer: Answer,
    ) {
        if self.wants(answer.allowed()) {
            let own = Own {
                action: Some(action),
                kind: keysteads_own(resource.kind),
                id: resource.id,
                organization: resource.organization_id,
                owner: resource.owner,
            };
            self.add([Decided { asker: Asker::of(caller), at, what: What::Answer(answer), about: About::Own(own) }]);
        }
    }

    /// Notes that the guard has refused what is about another organization than the caller's.
    pub(crate) fn elsewhere(&self, caller: &Caller, at: Timestamp, organization: OrganizationId) {
        if self.wants(false) {
            let (kind, id) = ("organizations", Some(organization.as_uuid()));
            let own = Own { action: None, kind, id, organization: None, owner: None };
            let what = What::Refusal("another_organization");
            self.add([Decided { asker: Asker::of(caller), at, what, about: About::Own(own) }]);
        }
    }
}

impl Asker {
    pub(crate) fn of(caller: &Caller) -> Arc<Self> {
        let event = Event::new(caller, "access.denied", "access").outcome(Outcome::Denied);
        Arc::new(Self { organization: caller.organization_id, event })
    }
}

impl Waits for Decided {
    fn organization(&self) -> OrganizationId {
        self.asker.organization
    }

    fn bytes(&self) -> usize {
        let About::Named(names) = &self.about else { return 0 };
        let length = |text: &Option<Box<str>>| text.as_ref().map_or(0, |text| text.len());
        let name = |name: &Option<Name>| name.as_ref().map_or(0, |name| name.kind.len() + length(&name.id));
        name(&names.subject) + length(&names.action) + name(&names.resource)
    }

    fn event(&self) -> Result<Event> {
        let (mut event, mut facts) = (self.asker.event.clone(), Map::new());
        event.at = Some(self.at);
        match &self.what {
            What::Answer(answer) => {
                if answer.allowed() {
                    (event.event_type, event.outcome) = ("access.allowed", Outcome::Success);
                }
                facts.insert("reason".to_owned(), json!(answer.reason()));
                facts.insert("access_version".to_owned(), json!(answer.version()));
                facts.insert("platform_version".to_owned(), json!(answer.platform_version()));
                facts.extend(answer.details().into_iter().map(|(name, id)| (name.to_owned(), Json::String(id))));
                // A key stands in the place of a role, with its own identifier; the event names it anyway.
                let key = event.api_key.map(|key| json!(key));
                if key.is_some() && facts.get("role_id") == key.as_ref() {
                    facts.remove("role_id");
                    if answer.allowed() {
                        facts.insert("reason".to_owned(), json!("key"));
                    }
                }
            }
            What::Refusal(reason) => {
                facts.insert("reason".to_owned(), json!(reason));
            }
            What::Found(found) => {
                (event.event_type, event.outcome) = ("access.searched", Outcome::Success);
                facts.insert("found".to_owned(), json!(found));
            }
        }
        let by = if let About::Own(own) = &self.about {
            (event.resource_type, event.resource, event.subject) = (own.kind, own.id, own.owner);
            facts.extend(own.action.map(|action| ("action".to_owned(), json!(action.as_str()))));
            let elsewhere = own.organization.filter(|organization| *organization != self.asker.organization);
            facts.extend(elsewhere.map(|organization| ("of_organization".to_owned(), json!(organization))));
            "guard"
        } else {
            "api"
        };
        facts.insert("by".to_owned(), json!(by));
        event.data = Json::Object(facts);
        if let About::Named(names) = &self.about {
            let asked = serde_json::to_value(names).map_err(|error| Error::internal(error.to_string()))?;
            event.changes = Some((json!({}), asked));
        }
        Ok(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{SnapshotRights, decisions::by_rows, guard, guard_here, may},
        background::flush,
        service_accounts::keys::fixtures::robot,
        testing::{TestApp, Trail, deciding_rows, now, organization, service_account},
    };
    use keystead_store::mocks::MockUnitOfWork;

    #[tokio::test]
    async fn the_guard_records_what_it_decides_and_not_what_it_only_wonders() {
        let trail = Trail::default();
        let mut test = TestApp::new();
        test.settings.audit_decisions = RecordDecisions::All;
        let mut unit = MockUnitOfWork::new();
        trail.record(&mut unit);
        test.unit(unit);
        let (app, program) = (test.build(), service_account(1, &["teams:read:organization"]));
        let mut rows = deciding_rows(organization(1), &[]);
        rows.organization.service_accounts = vec![robot()];
        let snapshot = by_rows(&rows);
        let rights = SnapshotRights::new(snapshot, now(), &program.context).recorded(&app);
        let program = Caller { rights: Some(Arc::new(rights)), ..program };
        let (here, elsewhere) = (organization(1), organization(2));
        let teams = Resource::all("teams", here);
        assert!(may(&program, Action::Read, &teams) && !may(&program, Action::Update, &teams));
        guard_here(&program, here).unwrap();
        guard(&program, Action::Read, &teams).unwrap();
        guard(&program, Action::Update, &Resource::all("teams", elsewhere)).unwrap_err();
        guard_here(&program, elsewhere).unwrap_err();
        flush(&app).await.unwrap();
        let events = trail.events();
        let told: Vec<_> = events
            .iter()
            .map(|event| (event.event_type.as_str(), event.resource_type.as_str(), event.event_data["reason"].clone()))
            .collect();
        assert_eq!(
            told,
            [
                ("access.allowed", "teams", json!("key")),
                ("access.denied", "teams", json!("no_permission")),
                ("access.denied", "organizations", json!("another_organization")),
            ]
        );
        assert!(events.iter().all(|event| event.organization_id == here && event.event_data["by"] == "guard"));
        assert_eq!(
            (&events[1].event_data["action"], events[2].resource_id),
            (&json!("update"), Some(elsewhere.as_uuid()))
        );
        assert_eq!(events[1].event_data["of_organization"], json!(elsewhere));
    }
}
