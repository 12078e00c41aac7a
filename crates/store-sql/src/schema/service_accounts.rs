//! Service accounts and their keys.

use super::table::{
    CREATED_AT, OnDelete, PLAIN, Table, UPDATED_AT, VERSION, belongs_to, boolean, bytes, index, json, text, time,
    unique, uuid,
};

pub(super) const SERVICE_ACCOUNTS: Table = Table {
    name: "service_accounts",
    feature: "accounts",
    about: "Programs that call on behalf of an organization.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "Whose it is."),
        text("name", 255, "Its name, unique in the organization."),
        text("description", 2000, "What it is for.").null(),
        boolean("is_active", "Whether its keys open anything."),
        text("created_by", 100, "Who made it, as `type:id`.").null(),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("service_accounts_organization_id", &["organization_id", "id"]),
        unique("service_accounts_organization_name", &["organization_id", "name"]),
    ],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    ..PLAIN
};

pub(super) const API_KEYS: Table = Table {
    name: "api_keys",
    feature: "accounts",
    about: "Keys of service accounts. Only a hash of each is kept.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "Whose it is."),
        uuid("service_account_id", "The service account."),
        text("prefix", 32, "The beginning of the key, by which it is found and recognised; unique."),
        bytes("key_hash", "SHA-256 of the whole key.").secret(),
        json("scopes", "What it may be used for: names of permissions."),
        uuid("replaces_id", "The key that it took the place of.").null(),
        time("expires_at", "It opens nothing from then on.").null(),
        time("last_used_at", "When it was last used.").null(),
        time("revoked_at", "When it was withdrawn.").null(),
        text("created_by", 100, "Who made it, as `type:id`.").null(),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("api_keys_prefix", &["prefix"]),
        index("api_keys_account", &["organization_id", "service_account_id", "id"]),
    ],
    foreign_keys: &[belongs_to(
        &["organization_id", "service_account_id"],
        "service_accounts",
        &["organization_id", "id"],
        OnDelete::Cascade,
    )],
    ..PLAIN
};
