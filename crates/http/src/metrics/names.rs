//! Every figure that this server gives, with its unit and its meaning.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// What only grows. Those without labels begin at zero, so that a rate can be seen from the first event on.
const COUNTERS: [(&str, Labels, &str); 14] = [
    (
        "keystead_http_requests_total",
        Labels::Some,
        "Requests answered, by method, route and status (499: the client hung up).",
    ),
    ("keystead_sign_ins_total", Labels::Some, "Sign-ins with a password, by outcome: success or refused."),
    (
        "keystead_refreshes_refused_total",
        Labels::Some,
        "Refresh tokens that were refused, by reason: unreadable (not of this server's making), over (the session has ended) or replayed.",
    ),
    ("keystead_audit_events_total", Labels::None, "Audit events that this server wrote."),
    (
        "keystead_audit_events_given_up_total",
        Labels::None,
        "Reads and decisions that were to be recorded as audit events and were not: too many waited.",
    ),
    ("keystead_password_refused_total", Labels::None, "Passwords that were not hashed because too many waited."),
    (
        "keystead_password_abandoned_total",
        Labels::None,
        "Passwords that were not hashed because nobody waited any more.",
    ),
    (
        "keystead_decisions_total",
        Labels::Some,
        "Decisions, by who asked (guard: this server about its own resources; api: products) and outcome: allowed or denied.",
    ),
    ("keystead_searches_total", Labels::None, "Searches of products that were answered, each page of them."),
    ("keystead_jobs_claimed_total", Labels::None, "Jobs that this server took from the queue."),
    (
        "keystead_jobs_total",
        Labels::Some,
        "Attempts at jobs that ended here, by kind and outcome: succeeded, failed (tried again), dead (given up) or lost.",
    ),
    ("keystead_store_statement_failures_total", Labels::None, "Statements that failed."),
    ("keystead_store_slow_statements_total", Labels::None, "Statements that took longer than store.slow_statement_ms."),
    ("keystead_store_json_saves_total", Labels::Some, "Saves of a json: store, by outcome: saved or failed."),
];

/// Whether there is one series or one for each value of the labels.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Labels {
    None,
    Some,
}

/// What goes up and down.
const GAUGES: [(&str, Unit, &str); 14] = [
    ("keystead_http_requests_in_flight", Unit::Count, "Requests that are not answered yet."),
    ("keystead_active_users", Unit::Count, "Accounts that can be used, in the whole installation."),
    ("keystead_live_sessions", Unit::Count, "Sessions that can be used, in the whole installation."),
    ("keystead_audit_events_last_hour", Unit::Count, "Audit events of the last hour, in the whole installation."),
    ("keystead_jobs_queued", Unit::Count, "Jobs that wait, in the whole installation."),
    ("keystead_jobs_dead", Unit::Count, "Jobs that were given up, in the whole installation."),
    ("keystead_password_queue_depth", Unit::Count, "Passwords that wait to be hashed."),
    ("keystead_password_queue_capacity", Unit::Count, "Passwords that may wait; one more is answered 503."),
    ("keystead_password_hashing_now", Unit::Count, "Passwords that are being hashed."),
    ("keystead_password_hashing_threads", Unit::Count, "Passwords that are hashed at once at most."),
    ("keystead_password_memory_bytes", Unit::Bytes, "Memory that is held for hashing, in bytes."),
    ("keystead_store_connections_open", Unit::Count, "Open connections of the store."),
    ("keystead_store_connections_idle", Unit::Count, "Open connections of the store that nobody uses."),
    ("keystead_store_connections_max", Unit::Count, "Connections that the store may open."),
];

/// What takes time, in seconds.
const HISTOGRAMS: [(&str, &str); 6] = [
    (
        "keystead_http_request_duration_seconds",
        "From a request's entry to its answer, by method and route, in seconds.",
    ),
    ("keystead_password_hash_seconds", "One hash of a password, without the wait for its turn, in seconds."),
    (
        "keystead_store_open_seconds",
        "From asking for a transaction to having it, with the wait for a connection, in seconds.",
    ),
    ("keystead_store_statement_seconds", "One statement, from sending it to its last row, in seconds."),
    ("keystead_store_json_save_seconds", "One save of a json: store, in seconds."),
    ("keystead_job_seconds", "One attempt at a job, by kind, in seconds."),
];

/// Tells the recorder of all of them.
pub(super) fn describe() {
    for (name, labels, what) in COUNTERS {
        describe_counter!(name, Unit::Count, what);
        if labels == Labels::None {
            metrics::counter!(name).absolute(0);
        }
    }
    for (name, unit, what) in GAUGES {
        describe_gauge!(name, unit, what);
    }
    for (name, what) in HISTOGRAMS {
        describe_histogram!(name, Unit::Seconds, what);
    }
}
