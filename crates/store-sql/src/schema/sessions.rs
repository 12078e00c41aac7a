//! Sessions and their refresh tokens.

use super::table::{
    CREATED_AT, Class, OnDelete, PLAIN, Right, Table, belongs_to, bytes, index, integer, json, long_text, text, time,
    unique, uuid,
};

pub(super) const SESSIONS: Table = Table {
    name: "sessions",
    feature: "sessions",
    class: Class::Personal,
    app_may: &[Right::Select, Right::Insert, Right::Update],
    about: "One sign-in on one device.",
    columns: &[
        uuid("id", "Its identifier; sid in tokens, and the family of its refresh tokens."),
        uuid("user_id", "Whose it is."),
        uuid("organization_id", "The organization the person works in now."),
        uuid("profile_id", "The profile the person works on now.").null(),
        bytes("session_token", "SHA-256 of a browser cookie; none for bearer sessions.").null().secret(),
        text("client_ip", 45, "The client's address.").null().personal(),
        long_text("user_agent", "The client's User-Agent.").null().personal(),
        json("device_info", "What the client says about its device.").personal(),
        json("security_context", "What was checked at sign-in: method, factor, device key, risk.").personal(),
        CREATED_AT,
        time("last_activity_at", "The last activity, written lazily.").personal(),
        time("idle_expires_at", "When it ends for lack of activity."),
        time("expires_at", "When it ends whatever happens."),
        time("revoked_at", "When it was ended before its time.").null(),
        text("revoked_reason", 40, "Why.").null(),
    ],
    indexes: &[
        unique("sessions_user_id", &["user_id", "id"]),
        index("sessions_live", &["user_id"]).only("revoked_at IS NULL"),
        unique("sessions_session_token", &["session_token"]).only("session_token IS NOT NULL"),
        index("sessions_organization", &["organization_id"]),
        index("sessions_expires_at", &["expires_at"]),
        index("sessions_revoked_at", &["revoked_at"]).only("revoked_at IS NOT NULL"),
    ],
    foreign_keys: &[
        belongs_to(&["user_id"], "users", &["id"], OnDelete::Cascade),
        belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict),
    ],
    ..PLAIN
};

pub(super) const REFRESH_TOKENS: Table = Table {
    name: "refresh_tokens",
    feature: "sessions",
    class: Class::Personal,
    app_may: &[Right::Select, Right::Insert],
    about: "The refresh tokens of a session: one row for the whole family. A token names its session, so the primary key finds it.",
    columns: &[
        uuid("session_id", "The session, which is the family."),
        uuid("user_id", "Whose it is."),
        integer("generation", "The current generation, beginning with 1."),
        bytes("token_hash", "SHA-256 of the current token's secret.").secret(),
        bytes("previous_hash", "SHA-256 of the immediate predecessor's secret.").null().secret(),
        bytes("successor_sealed", "The current token, sealed for a holder of the predecessor.").null().secret(),
        time("rotated_at", "When the current generation was made."),
        time("expires_at", "When the family ends."),
        CREATED_AT,
    ],
    primary_key: &["session_id"],
    indexes: &[index("refresh_tokens_user", &["user_id", "session_id"])],
    foreign_keys: &[belongs_to(&["user_id", "session_id"], "sessions", &["user_id", "id"], OnDelete::Cascade)],
    ..PLAIN
};
