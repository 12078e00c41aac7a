//! One row of `audit_logs`.

use crate::{AuditEventId, Json, OrganizationId, SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How much attention an event deserves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Everyday work.
    Info,
    /// Something to look at in bulk: failures, refusals.
    Warning,
    /// Something to look at one by one: replayed tokens, lockouts.
    Critical,
}
crate::text_enum!(Severity { Info = "info", Warning = "warning", Critical = "critical" });

/// Whether it came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was tried and did not succeed.
    Failure,
    /// It was refused.
    Denied,
}
crate::text_enum!(Outcome { Success = "success", Failure = "failure", Denied = "denied" });

/// An audit event as it is stored: identifiers in the clear, personal values sealed.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEvent {
    /// Its identifier.
    pub id: AuditEventId,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// The person who acted, when it was one.
    pub user_id: Option<UserId>,
    /// What kind of caller acted (`user`, `service_account`, `anonymous`, `job`, `operator`).
    pub caller_kind: String,
    /// The session in which it happened.
    pub session_id: Option<SessionId>,
    /// What happened, such as `session.created`.
    pub event_type: String,
    /// The kind of thing it happened to, such as `teams`.
    pub resource_type: String,
    /// The thing it happened to.
    pub resource_id: Option<Uuid>,
    /// The person whom it is about, when it is about one: their key seals [`AuditEvent::changes_sealed`].
    pub subject_user_id: Option<UserId>,
    /// Whether it came about.
    pub outcome: Outcome,
    /// How much attention it deserves.
    pub severity: Severity,
    /// Facts that are not personal: reasons, counts, names of roles.
    pub event_data: Json,
    /// `{"client_ip", "user_agent"}` sealed under the acting person's key.
    pub client_sealed: Option<Vec<u8>>,
    /// A keyed hash of the client's address, to search by.
    pub client_ip_hash: Option<Vec<u8>>,
    /// `{"before", "after"}` sealed under the subject's key, or the organization's where it is about no person.
    pub changes_sealed: Option<Vec<u8>>,
    /// Ties everything that one request caused together.
    pub correlation_id: String,
    /// Where the request entered: `http`, `cli`, `job`, `seed`.
    pub source: String,
    /// Which service account acted, and with which key, under [`AuditEvent::SERVICE_ACCOUNT`] and [`AuditEvent::API_KEY`];
    /// room for what later capabilities add.
    pub metadata: Json,
    /// When it happened.
    pub created_at: Timestamp,
}

impl AuditEvent {
    /// Under this name [`AuditEvent::metadata`] has the identifier of the service account that acted.
    pub const SERVICE_ACCOUNT: &'static str = "service_account_id";
    /// Under this name [`AuditEvent::metadata`] has the identifier of the key that it called with.
    pub const API_KEY: &'static str = "api_key_id";
}

/// Which events a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AuditFilter {
    /// Only by this person.
    pub user_id: Option<UserId>,
    /// Only this kind of event; a trailing `.*` matches a family (`session.*`).
    pub event_type: Option<String>,
    /// Only about this kind of thing.
    pub resource_type: Option<String>,
    /// Only about this thing.
    pub resource_id: Option<Uuid>,
    /// Only of this request.
    pub correlation_id: Option<String>,
    /// Only of this severity.
    pub severity: Option<Severity>,
    /// Only with this outcome.
    pub outcome: Option<Outcome>,
    /// Only from this address, as its keyed hash.
    pub client_ip_hash: Option<Vec<u8>>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}
