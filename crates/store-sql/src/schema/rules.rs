//! Casbin rules, the model they are read by, the things they are about, and what has changed of all that decides.

use super::table::{
    CREATED_AT, Class, OnDelete, PLAIN, Right, Table, UPDATED_AT, VERSION, belongs_to, big_integer, boolean, index,
    integer, json, long_text, text, time, unique, uuid,
};

/// What class T+ says, in a form in which PostgreSQL neither looks it up nor takes it for rare. Every statement names the
/// organization, too: taken for two independent conditions, they would make it read and sort all rules of an organization for
/// a page of them.
const INHERITED: &str = "CASE WHEN organization_id = {org} THEN true WHEN {org} IS NOT NULL THEN organization_id = {platform} ELSE false END";

pub(super) const CASBIN_RULES: Table = Table {
    name: "casbin_rules",
    feature: "access",
    class: Class::Inherited,
    may_read: Some(INHERITED),
    about: "Policy rules: one line `ptype, v0..v5` of Casbin each. The platform's are inherited by every organization.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "Whose it is."),
        text("ptype", 10, "What kind of line it is: p, p2, g, g2."),
        text("v0", 256, "The first value, the subject as a rule.").null().personal(),
        text("v1", 256, "The second value.").null().personal(),
        text("v2", 2000, "The third value.").null().personal(),
        text("v3", 2000, "The fourth value.").null().personal(),
        text("v4", 2000, "The fifth value.").null().personal(),
        text("v5", 2000, "The sixth value, a condition in the default model.").null().personal(),
        integer("priority", "The smaller, the earlier, where the model orders rules.").null(),
        time("not_before", "It does not count before.").null(),
        time("expires_at", "It no longer counts from then on.").null(),
        boolean("is_active", "Whether it counts."),
        text("created_by", 100, "Who made it, as `type:id`.").null(),
        text("updated_by", 100, "Who last changed it, as `type:id`.").null(),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    // Each begins with the organization, which every statement names, and ends with the order of the list.
    indexes: &[
        index("casbin_rules_organization_order", &["organization_id", "id"]),
        index("casbin_rules_ptype", &["organization_id", "ptype", "id"]),
        index("casbin_rules_v0", &["organization_id", "v0", "id"]),
        index("casbin_rules_v1", &["organization_id", "v1", "id"]),
        index("casbin_rules_is_active", &["organization_id", "is_active", "id"]),
    ],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    ..PLAIN
};

pub(super) const POLICY_MODELS: Table = Table {
    name: "policy_models",
    feature: "access",
    class: Class::Inherited,
    may_read: Some(INHERITED),
    about: "The Casbin model that an organization's rules are read by; without one, the default.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "Whose it is."),
        long_text("text", "The whole model, as it was written."),
        text("created_by", 100, "Who made it, as `type:id`.").null(),
        text("updated_by", 100, "Who last changed it, as `type:id`.").null(),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[unique("policy_models_organization", &["organization_id"])],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    ..PLAIN
};

pub(super) const POLICY_ENTITIES: Table = Table {
    name: "policy_entities",
    feature: "access",
    about: "The subjects and resources that decisions and searches know, with their properties.",
    columns: &[
        uuid("id", "The row's identifier."),
        uuid("organization_id", "Whose it is."),
        text("entity_type", 100, "What it is."),
        text("entity_id", 256, "Its own identifier, unique among those of its type.").personal(),
        json("properties", "What conditions may ask about it.").personal(),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("policy_entities_organization_entity", &["organization_id", "entity_type", "entity_id"]),
        index("policy_entities_organization_order", &["organization_id", "id"]),
        index("policy_entities_type", &["organization_id", "entity_type", "id"]),
    ],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    ..PLAIN
};

pub(super) const ACCESS_CHANGES: Table = Table {
    name: "access_changes",
    feature: "access",
    class: Class::Inherited,
    may_read: Some(INHERITED),
    app_may: &[Right::Select, Right::Insert],
    about: "What has changed at each access version, so that a node need not read everything again. Old ones are removed.",
    columns: &[
        uuid("organization_id", "The organization whose version was raised."),
        big_integer("version", "The access version that brought the change."),
        integer("ordinal", "Its place among the changes of that version, beginning with 1."),
        text("table_name", 40, "The table, or everything."),
        uuid("row_id", "The row, or what its table is keyed by; none for all of the table.").null(),
        text("operation", 10, "put or remove."),
        time("changed_at", "When it was changed."),
    ],
    primary_key: &["organization_id", "version", "ordinal"],
    // In this order they are removed, so that what is left of a version lacks its beginning.
    indexes: &[index("access_changes_changed_at", &["changed_at", "organization_id", "version", "ordinal"])],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    checks: &[("access_changes_operation_check", "operation IN ('put', 'remove')")],
    ..PLAIN
};
