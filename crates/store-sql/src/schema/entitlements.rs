//! What an organization has of the catalogue, its user levels, and what follows from them for each person.

use super::table::{
    CREATED_AT, OnDelete, PLAIN, Right, Table, UPDATED_AT, VERSION, belongs_to, big_integer, boolean, index, text,
    time, unique, uuid,
};

const VALUE_IS: &str = "value IN ('allow', 'deny')";
const SCOPE_IS: &str = "scope IN ('own', 'team', 'organization')";

pub(super) const ORGANIZATION_MODULES: Table = Table {
    name: "organization_modules",
    feature: "access",
    about: "Which modules an organization has.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "The organization."),
        uuid("module_id", "The module."),
        boolean("is_active", "Whether it counts now."),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("organization_modules_organization_module", &["organization_id", "module_id"]),
        index("organization_modules_organization_order", &["organization_id", "id"]),
        index("organization_modules_module", &["module_id"]),
    ],
    foreign_keys: &[
        belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict),
        belongs_to(&["module_id"], "modules", &["id"], OnDelete::Restrict),
    ],
    ..PLAIN
};

pub(super) const USER_LEVELS: Table = Table {
    name: "user_levels",
    feature: "access",
    about: "Named bundles of view and feature permissions inside an organization.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "Whose it is."),
        text("name", 255, "Its name, unique in the organization."),
        text("description", 2000, "What it is for.").null(),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("user_levels_organization_id", &["organization_id", "id"]),
        unique("user_levels_organization_name", &["organization_id", "name"]),
    ],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    ..PLAIN
};

pub(super) const USER_LEVEL_VIEW_PERMISSIONS: Table = Table {
    name: "user_level_view_permissions",
    feature: "access",
    about: "Which views a user level opens or closes.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "Whose it is."),
        uuid("user_level_id", "The user level."),
        uuid("view_id", "The view."),
        text("value", 10, "allow or deny; a denial wins over every allowance."),
        boolean("modifiable", "Whether the organization's own managers may change the row."),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("user_level_view_permissions_level_view", &["organization_id", "user_level_id", "view_id"]),
        index("user_level_view_permissions_organization_order", &["organization_id", "id"]),
        index("user_level_view_permissions_view", &["view_id"]),
    ],
    foreign_keys: &[
        belongs_to(&["organization_id", "user_level_id"], "user_levels", &["organization_id", "id"], OnDelete::Cascade),
        belongs_to(&["view_id"], "views", &["id"], OnDelete::Restrict),
    ],
    checks: &[("user_level_view_permissions_value_check", VALUE_IS)],
    ..PLAIN
};

pub(super) const USER_LEVEL_FEATURE_PERMISSIONS: Table = Table {
    name: "user_level_feature_permissions",
    feature: "access",
    about: "Which actions on features a user level allows or denies, and on whose resources.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "Whose it is."),
        uuid("user_level_id", "The user level."),
        uuid("feature_id", "The feature."),
        text("action", 40, "What is done."),
        text("value", 10, "allow or deny; a denial wins over every allowance."),
        text("scope", 20, "own, team or organization: whose resources it reaches."),
        boolean("modifiable", "Whether the organization's own managers may change the row."),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique(
            "user_level_feature_permissions_level_feature_action",
            &["organization_id", "user_level_id", "feature_id", "action"],
        ),
        index("user_level_feature_permissions_organization_order", &["organization_id", "id"]),
        index("user_level_feature_permissions_feature", &["feature_id"]),
    ],
    foreign_keys: &[
        belongs_to(&["organization_id", "user_level_id"], "user_levels", &["organization_id", "id"], OnDelete::Cascade),
        belongs_to(&["feature_id"], "features", &["id"], OnDelete::Restrict),
    ],
    checks: &[
        ("user_level_feature_permissions_value_check", VALUE_IS),
        ("user_level_feature_permissions_scope_check", SCOPE_IS),
    ],
    ..PLAIN
};

pub(super) const USER_USER_LEVELS: Table = Table {
    name: "user_user_levels",
    feature: "access",
    app_may: &[Right::Select, Right::Insert, Right::Delete],
    about: "The user levels a member has in an organization; they go with the membership.",
    columns: &[
        uuid("organization_id", "The organization."),
        uuid("user_id", "Who has it."),
        uuid("user_level_id", "The user level."),
        CREATED_AT,
    ],
    primary_key: &["organization_id", "user_id", "user_level_id"],
    indexes: &[index("user_user_levels_level", &["organization_id", "user_level_id", "user_id"])],
    foreign_keys: &[
        belongs_to(&["organization_id", "user_id"], "memberships", &["organization_id", "user_id"], OnDelete::Cascade),
        belongs_to(
            &["organization_id", "user_level_id"],
            "user_levels",
            &["organization_id", "id"],
            OnDelete::Restrict,
        ),
    ],
    ..PLAIN
};

pub(super) const EFFECTIVE_VIEW_PERMISSIONS: Table = Table {
    name: "effective_view_permissions",
    feature: "access",
    about: "Which views a person may see, worked out at an access version. No row means that nobody has worked it out: ask.",
    columns: &[
        uuid("organization_id", "The organization."),
        uuid("user_id", "The person."),
        uuid("view_id", "The view."),
        text("value", 10, "allow or deny."),
        big_integer("access_version", "The organization's access version it was worked out at."),
        big_integer("platform_version", "The platform's access version it was worked out at."),
        time("computed_at", "When it was worked out."),
        time("expires_at", "It no longer counts from then on."),
    ],
    primary_key: &["organization_id", "user_id", "view_id"],
    indexes: &[
        index("effective_view_permissions_view", &["view_id"]),
        index("effective_view_permissions_expires_at", &["expires_at"]),
    ],
    foreign_keys: &[
        belongs_to(&["organization_id", "user_id"], "memberships", &["organization_id", "user_id"], OnDelete::Cascade),
        belongs_to(&["view_id"], "views", &["id"], OnDelete::Cascade),
    ],
    checks: &[("effective_view_permissions_value_check", VALUE_IS)],
    ..PLAIN
};

pub(super) const EFFECTIVE_FEATURE_PERMISSIONS: Table = Table {
    name: "effective_feature_permissions",
    feature: "access",
    about: "Which actions a person may do, worked out at an access version. No row means that nobody has worked it out: ask.",
    columns: &[
        uuid("organization_id", "The organization."),
        uuid("user_id", "The person."),
        uuid("feature_id", "The feature."),
        text("action", 40, "What is done."),
        text("value", 10, "allow or deny."),
        text("scope", 20, "own, team or organization: whose resources it reaches."),
        big_integer("access_version", "The organization's access version it was worked out at."),
        big_integer("platform_version", "The platform's access version it was worked out at."),
        time("computed_at", "When it was worked out."),
        time("expires_at", "It no longer counts from then on."),
    ],
    primary_key: &["organization_id", "user_id", "feature_id", "action"],
    indexes: &[
        index("effective_feature_permissions_feature", &["feature_id"]),
        index("effective_feature_permissions_expires_at", &["expires_at"]),
    ],
    foreign_keys: &[
        belongs_to(&["organization_id", "user_id"], "memberships", &["organization_id", "user_id"], OnDelete::Cascade),
        belongs_to(&["feature_id"], "features", &["id"], OnDelete::Cascade),
    ],
    checks: &[
        ("effective_feature_permissions_value_check", VALUE_IS),
        ("effective_feature_permissions_scope_check", SCOPE_IS),
    ],
    ..PLAIN
};
