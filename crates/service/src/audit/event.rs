//! An audit event as a use case tells it, before anything is sealed.

use keystead_domain::{
    ApiKeyId, Caller, CallerKind, Json, RequestContext, ServiceAccountId, SessionId, Timestamp, UserId,
    audit::{Outcome, Severity},
};
use uuid::Uuid;

/// What happened, told by the use case that did it.
///
/// ```ignore
/// Event::new(caller, "team.updated", "teams").resource(team.id).before_after(before, after)
/// ```
#[derive(Clone, Debug)]
pub struct Event {
    pub(super) caller_kind: &'static str,
    pub(super) user: Option<UserId>,
    pub(super) service_account: Option<ServiceAccountId>,
    pub(super) api_key: Option<ApiKeyId>,
    pub(super) session: Option<SessionId>,
    pub(super) context: RequestContext,
    pub(super) event_type: &'static str,
    pub(super) resource_type: &'static str,
    pub(super) resource: Option<Uuid>,
    pub(super) subject: Option<UserId>,
    pub(super) outcome: Outcome,
    pub(super) severity: Severity,
    pub(super) data: Json,
    pub(super) changes: Option<(Json, Json)>,
    /// When it happened, if it is not written at once.
    pub(super) at: Option<Timestamp>,
}

impl Event {
    /// `event_type` (`team.created`) happened to something of the kind `resource_type` (`teams`), by `caller`. It
    /// succeeded and is everyday work, unless said otherwise.
    #[must_use]
    pub fn new(caller: &Caller, event_type: &'static str, resource_type: &'static str) -> Self {
        Self {
            caller_kind: caller.kind.as_str(),
            user: caller.user_id,
            service_account: caller.service_account_id,
            api_key: caller.api_key_id,
            session: caller.session_id,
            context: caller.context.clone(),
            event_type,
            resource_type,
            resource: None,
            subject: None,
            outcome: Outcome::Success,
            severity: Severity::Info,
            data: Json::Object(serde_json::Map::new()),
            changes: None,
            at: None,
        }
    }
    /// The thing it happened to.
    #[must_use]
    pub fn resource(mut self, id: impl Into<Uuid>) -> Self {
        self.resource = Some(id.into());
        self
    }
    /// The person whom it is about; their key seals what changed.
    #[must_use]
    pub fn subject(mut self, user: UserId) -> Self {
        self.subject = Some(user);
        self
    }
    /// The person who turned out to be acting, and their session: at sign-in nobody is signed in before.
    #[must_use]
    pub fn acting(mut self, user: UserId, session: Option<SessionId>) -> Self {
        self.caller_kind = CallerKind::User.as_str();
        (self.user, self.session) = (Some(user), session);
        (self.service_account, self.api_key) = (None, None);
        self
    }
    /// What changed: see [`changes`](super::changes). It is sealed; it never holds a secret. Of a value of more than 2 KiB
    /// only size and keyed hash are kept.
    #[must_use]
    pub fn before_after(mut self, before: Json, after: Json) -> Self {
        self.changes = Some((before, after));
        self
    }
    /// What changed, where `changes` could tell: `.changed(changes(&before, &after)?)`.
    #[must_use]
    pub fn changed(self, (before, after): (Json, Json)) -> Self {
        self.before_after(before, after)
    }
    /// Facts that are not personal: reasons, counts, names of roles. They are kept in the clear.
    #[must_use]
    pub fn data(mut self, data: Json) -> Self {
        self.data = data;
        self
    }
    /// How much attention it deserves.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
    /// Whether it came about.
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }
}
