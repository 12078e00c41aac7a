//! Roles, permissions, who holds them, and how often the rules have changed.

use super::table::{
    CREATED_AT, Class, OnDelete, PLAIN, Right, Table, UPDATED_AT, VERSION, belongs_to, big_integer, boolean, index,
    text, unique, uuid,
};

pub(super) const ROLES: Table = Table {
    name: "roles",
    feature: "access",
    class: Class::Inherited,
    about: "Named sets of permissions. The platform's are inherited by every organization.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "Whose it is; the platform for built-in ones."),
        text("name", 50, "Its name, unique in its organization."),
        text("description", 2000, "What it is for.").null(),
        boolean("is_builtin", "Made by the system; cannot be changed."),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("roles_organization_id", &["organization_id", "id"]),
        unique("roles_organization_name", &["organization_id", "name"]),
    ],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    ..PLAIN
};

pub(super) const PERMISSIONS: Table = Table {
    name: "permissions",
    feature: "access",
    class: Class::Inherited,
    app_may: &[Right::Select, Right::Insert, Right::Delete],
    about: "What can be permitted: resource:action:scope.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "Whose it is; the platform for built-in ones."),
        text("resource", 40, "What it is about."),
        text("action", 40, "What may be done."),
        text("scope", 20, "own, organization or any."),
        text("description", 2000, "What it is for.").null(),
        CREATED_AT,
    ],
    indexes: &[
        unique("permissions_organization_id", &["organization_id", "id"]),
        unique("permissions_organization_name", &["organization_id", "resource", "action", "scope"]),
    ],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    checks: &[("permissions_scope_check", "scope IN ('own', 'organization', 'any')")],
    ..PLAIN
};

pub(super) const ROLE_PERMISSIONS: Table = Table {
    name: "role_permissions",
    feature: "access",
    class: Class::Inherited,
    app_may: &[Right::Select, Right::Insert, Right::Delete],
    about: "What a role permits.",
    columns: &[
        uuid("organization_id", "The role's organization."),
        uuid("role_id", "The role."),
        uuid("permission_organization_id", "The permission's organization: the role's or the platform."),
        uuid("permission_id", "The permission."),
        CREATED_AT,
    ],
    primary_key: &["organization_id", "role_id", "permission_id"],
    indexes: &[index("role_permissions_permission", &["permission_organization_id", "permission_id"])],
    foreign_keys: &[
        belongs_to(&["organization_id", "role_id"], "roles", &["organization_id", "id"], OnDelete::Cascade),
        belongs_to(
            &["permission_organization_id", "permission_id"],
            "permissions",
            &["organization_id", "id"],
            OnDelete::Restrict,
        ),
    ],
    checks: &[(
        "role_permissions_permission_check",
        "permission_organization_id = organization_id OR permission_organization_id = {platform}",
    )],
    ..PLAIN
};

pub(super) const USER_ROLES: Table = Table {
    name: "user_roles",
    feature: "access",
    app_may: &[Right::Select, Right::Insert, Right::Delete],
    about: "The roles a member holds in an organization; they go with the membership.",
    columns: &[
        uuid("organization_id", "Where they count."),
        uuid("user_id", "Who holds them."),
        uuid("role_organization_id", "The role's organization: this one or the platform."),
        uuid("role_id", "The role."),
        CREATED_AT,
    ],
    primary_key: &["organization_id", "user_id", "role_id"],
    indexes: &[index("user_roles_role", &["role_organization_id", "role_id", "organization_id"])],
    foreign_keys: &[
        belongs_to(&["organization_id", "user_id"], "memberships", &["organization_id", "user_id"], OnDelete::Cascade),
        belongs_to(&["role_organization_id", "role_id"], "roles", &["organization_id", "id"], OnDelete::Restrict),
    ],
    checks: &[("user_roles_role_check", "role_organization_id = organization_id OR role_organization_id = {platform}")],
    ..PLAIN
};

pub(super) const ACCESS_VERSIONS: Table = Table {
    name: "access_versions",
    feature: "access",
    class: Class::Inherited,
    app_may: &[Right::Select, Right::Insert, Right::Update],
    about: "How often an organization's rules have changed: raised under lock in the changing transaction.",
    columns: &[
        uuid("organization_id", "The organization."),
        big_integer("version", "Beginning with 1; no row means 0."),
        UPDATED_AT,
    ],
    primary_key: &["organization_id"],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    ..PLAIN
};
