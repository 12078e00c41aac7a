//! Signing keys and data keys, sealed by the master key.

use super::table::{
    CREATED_AT, Class, OnDelete, PLAIN, Right, Table, belongs_to, bytes, index, json, text, time, unique, uuid,
};

pub(super) const SIGNING_KEYS: Table = Table {
    name: "signing_keys",
    feature: "keys",
    class: Class::Platform,
    app_may: &[Right::Select, Right::Insert],
    about: "Keys that sign access tokens.",
    columns: &[
        uuid("id", "Its identifier."),
        text("kid", 100, "Its name in tokens and in the key set (RFC 7638 thumbprint)."),
        text("algorithm", 20, "EdDSA, ES256 or RS256."),
        json("public_jwk", "The public half (RFC 7517)."),
        bytes("private_sealed", "The private half (PKCS#8), sealed by the master key.").secret(),
        time("active_from", "It signs from then on."),
        time("retires_at", "It no longer signs from then on."),
        time("expires_at", "It is no longer published from then on."),
        CREATED_AT,
    ],
    indexes: &[unique("signing_keys_kid", &["kid"]), index("signing_keys_expires_at", &["expires_at"])],
    ..PLAIN
};

pub(super) const ENCRYPTION_KEYS: Table = Table {
    name: "encryption_keys",
    feature: "keys",
    class: Class::Organization,
    // Sealed by the master key, and an organization's audit events name the keys of persons.
    may_read: Some("{org} IS NOT NULL OR {user} IS NOT NULL"),
    may_write: Some("organization_id = {org} OR (organization_id = {platform} AND user_id IS NOT NULL)"),
    app_may: &[Right::Select, Right::Insert],
    about: "Keys that seal an organization's or a person's values. Destroying one makes what it sealed unreadable.",
    columns: &[
        uuid("id", "Its identifier, named in every envelope."),
        uuid("organization_id", "Whose it is; the platform for persons' keys."),
        uuid("user_id", "The person, when it is a person's.").null(),
        text("purpose", 20, "data or token."),
        bytes("key_sealed", "The key, sealed by the master key; none once destroyed.").null().secret(),
        CREATED_AT,
        time("destroyed_at", "When it was destroyed.").null(),
    ],
    indexes: &[
        unique("encryption_keys_organization", &["organization_id", "purpose"]).only("user_id IS NULL"),
        index("encryption_keys_organization_order", &["organization_id", "id"]),
        unique("encryption_keys_user", &["user_id", "purpose"]).only("user_id IS NOT NULL"),
    ],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    ..PLAIN
};
