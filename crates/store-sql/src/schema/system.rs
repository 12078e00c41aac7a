//! What the server keeps for itself.

use super::table::{
    CREATED_AT, Class, OnDelete, PLAIN, Right, Table, belongs_to, big_integer, boolean, bytes, index, integer, json,
    text, time, uuid,
};

pub(super) const IDEMPOTENCY_KEYS: Table = Table {
    name: "idempotency_keys",
    feature: "jobs",
    about: "Answers kept so that a repeated request does not act twice.",
    columns: &[
        uuid("organization_id", "The caller's organization."),
        bytes("key_hash", "SHA-256 over caller, route and the key that the client sent."),
        bytes("body_hash", "SHA-256 over the request's body."),
        boolean("is_answered", "Whether the request was answered."),
        json("answer", "The answer; none where it held a secret.").null().personal(),
        CREATED_AT,
        time("expires_at", "When it is forgotten."),
    ],
    primary_key: &["organization_id", "key_hash"],
    indexes: &[index("idempotency_keys_expires_at", &["expires_at"])],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    ..PLAIN
};

pub(super) const SEEDS_APPLIED: Table = Table {
    name: "seeds_applied",
    feature: "system",
    class: Class::Platform,
    app_may: &[Right::Select, Right::Insert],
    about: "Seeds that were applied.",
    columns: &[
        text("name", 100, "The seed."),
        text("environment", 20, "development, test or production."),
        time("applied_at", "When."),
    ],
    primary_key: &["name", "environment"],
    ..PLAIN
};

/// Which migrations were applied. The migrator makes and fills it; it is neither copied nor saved with the rows.
pub const SCHEMA_MIGRATIONS: Table = Table {
    name: "schema_migrations",
    feature: "system",
    class: Class::Platform,
    app_may: &[Right::Select],
    about: "Migrations that were applied.",
    columns: &[
        integer("version", "The number that its folder begins with."),
        text("name", 100, "The rest of the folder's name."),
        text("up_checksum", 64, "SHA-256 of the statements that applied it, in hexadecimal."),
        text("down_checksum", 64, "SHA-256 of the statements that take it back, in hexadecimal."),
        time("applied_at", "When."),
        big_integer("duration_ms", "How long it took, in milliseconds."),
    ],
    primary_key: &["version"],
    ..PLAIN
};
