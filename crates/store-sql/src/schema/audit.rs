//! Audit events.

use super::table::{CREATED_AT, PLAIN, Right, Table, bytes, index, json, text, uuid};

pub(super) const AUDIT_LOGS: Table = Table {
    name: "audit_logs",
    feature: "audit",
    app_may: &[Right::Select, Right::Insert],
    about: "Who did what, where, and with what outcome. Rows can be added and read, never changed; personal values are sealed.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "The organization it belongs to."),
        uuid("user_id", "The person who acted.").null(),
        text("caller_kind", 20, "user, service_account, anonymous, job or operator."),
        uuid("session_id", "The session in which it happened.").null(),
        text("event_type", 100, "What happened, such as session.created."),
        text("resource_type", 40, "The kind of thing it happened to."),
        uuid("resource_id", "The thing it happened to.").null(),
        uuid("subject_user_id", "The person whom it is about.").null(),
        text("outcome", 20, "success, failure or denied."),
        text("severity", 20, "info, warning or critical."),
        json("event_data", "Facts that are not personal."),
        bytes("client_sealed", "Address and agent, sealed under the acting person's key.").null().sensitive(),
        bytes("client_ip_hash", "A keyed hash of the address, to search by.").null().personal(),
        bytes("changes_sealed", "Before and after, sealed under the subject's or the organization's key.")
            .null()
            .sensitive(),
        text("correlation_id", 100, "Ties everything that one request caused together."),
        text("source", 100, "Where the request entered: http, cli, job or seed."),
        json("metadata", "The service account that acted and its key, when it was one."),
        CREATED_AT,
    ],
    primary_key: &["id", "created_at"],
    indexes: &[
        index("audit_logs_created_at", &["organization_id", "created_at", "id"]),
        index("audit_logs_user", &["organization_id", "user_id", "created_at", "id"]),
        index("audit_logs_event_type", &["organization_id", "event_type", "created_at", "id"]),
        index("audit_logs_resource", &["organization_id", "resource_type", "resource_id", "created_at"]),
        index("audit_logs_correlation_id", &["organization_id", "correlation_id"]),
        index("audit_logs_severity", &["organization_id", "severity", "created_at", "id"]),
        index("audit_logs_client_ip", &["organization_id", "client_ip_hash", "created_at", "id"]),
    ],
    checks: &[
        ("audit_logs_outcome_check", "outcome IN ('success', 'failure', 'denied')"),
        ("audit_logs_severity_check", "severity IN ('info', 'warning', 'critical')"),
    ],
    partitioned_by: Some("created_at"),
    append_only: true,
    ..PLAIN
};
