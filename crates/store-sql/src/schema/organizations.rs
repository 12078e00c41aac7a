//! Organizations, memberships, invitations, teams.

use super::table::{
    CREATED_AT, Class, OnDelete, PLAIN, Right, Table, UPDATED_AT, VERSION, belongs_to, bytes, index, json, text, time,
    unique, uuid,
};

pub(super) const ORGANIZATIONS: Table = Table {
    name: "organizations",
    feature: "organizations",
    class: Class::Organization,
    may_read: Some(
        "id = {org} OR {org} = {platform} OR EXISTS (SELECT 1 FROM memberships m WHERE m.organization_id = organizations.id AND m.user_id = {user})",
    ),
    may_write: Some("id = {org}"),
    app_may: &[Right::Select, Right::Insert, Right::Update],
    about: "The unit of isolation. Its own identifier takes the place of organization_id.",
    columns: &[
        uuid("id", "Its identifier."),
        text("name", 255, "Its name; not unique.").personal(),
        text("kind", 20, "platform, personal or shared."),
        text("isolation", 20, "shared: rows kept apart by row-level security; schema: in a schema of their own."),
        text("status", 20, "active or archived."),
        json("metadata", "What its administrators note.").personal(),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[index("organizations_status", &["status", "id"])],
    checks: &[
        ("organizations_kind_check", "kind IN ('platform', 'personal', 'shared')"),
        ("organizations_isolation_check", "isolation IN ('shared', 'schema')"),
        ("organizations_status_check", "status IN ('active', 'archived')"),
    ],
    ..PLAIN
};

pub(super) const MEMBERSHIPS: Table = Table {
    name: "memberships",
    feature: "organizations",
    class: Class::Organization,
    may_read: Some("organization_id = {org} OR user_id = {user} OR {org} = {platform}"),
    about: "A person's place in an organization; a person may belong to several.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "Where."),
        uuid("user_id", "Who."),
        text("status", 20, "active or suspended."),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("memberships_organization_user", &["organization_id", "user_id"]),
        index("memberships_organization_order", &["organization_id", "id"]),
        index("memberships_user", &["user_id", "organization_id"]),
    ],
    foreign_keys: &[
        belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict),
        belongs_to(&["user_id"], "users", &["id"], OnDelete::Restrict),
    ],
    checks: &[("memberships_status_check", "status IN ('active', 'suspended')")],
    ..PLAIN
};

pub(super) const INVITATIONS: Table = Table {
    name: "invitations",
    feature: "organizations",
    app_may: &[Right::Select, Right::Insert, Right::Update],
    about: "Invitations into an organization.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "Into which organization."),
        text("email", 254, "Who is invited.").personal(),
        text("email_key", 254, "The address as it is compared.").personal(),
        uuid("role_id", "The role the person gets."),
        uuid("role_organization_id", "The organization that the role belongs to: this one or the platform."),
        bytes("token_hash", "SHA-256 of the token that the invited person holds.").secret(),
        text("status", 20, "pending, accepted, declined or revoked."),
        uuid("invited_by", "Who invited."),
        time("expires_at", "When it ends."),
        time("answered_at", "When it was accepted or declined.").null(),
        uuid("accepted_by", "Who accepted.").null(),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("invitations_token_hash", &["token_hash"]),
        index("invitations_organization_order", &["organization_id", "id"]),
        index("invitations_email_key", &["organization_id", "email_key"]),
        index("invitations_role", &["role_organization_id", "role_id"]),
        index("invitations_invited_by", &["invited_by"]),
        index("invitations_accepted_by", &["accepted_by"]),
        index("invitations_expires_at", &["expires_at"]),
    ],
    foreign_keys: &[
        belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict),
        belongs_to(&["role_organization_id", "role_id"], "roles", &["organization_id", "id"], OnDelete::Restrict),
        belongs_to(&["invited_by"], "users", &["id"], OnDelete::Restrict),
        belongs_to(&["accepted_by"], "users", &["id"], OnDelete::Restrict),
    ],
    checks: &[
        ("invitations_status_check", "status IN ('pending', 'accepted', 'declined', 'revoked')"),
        ("invitations_role_check", "role_organization_id = organization_id OR role_organization_id = {platform}"),
    ],
    ..PLAIN
};

pub(super) const TEAMS: Table = Table {
    name: "teams",
    feature: "organizations",
    about: "Teams inside an organization.",
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
        unique("teams_organization_id", &["organization_id", "id"]),
        unique("teams_organization_name", &["organization_id", "name"]),
    ],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    ..PLAIN
};

pub(super) const TEAM_MEMBERS: Table = Table {
    name: "team_members",
    feature: "organizations",
    app_may: &[Right::Select, Right::Insert, Right::Delete],
    about: "Who is in a team; they are members of its organization, and leave the team when they leave that.",
    columns: &[
        uuid("organization_id", "The organization."),
        uuid("team_id", "The team."),
        uuid("user_id", "The person."),
        CREATED_AT,
    ],
    primary_key: &["organization_id", "team_id", "user_id"],
    indexes: &[index("team_members_user", &["organization_id", "user_id"])],
    foreign_keys: &[
        belongs_to(&["organization_id", "team_id"], "teams", &["organization_id", "id"], OnDelete::Cascade),
        belongs_to(&["organization_id", "user_id"], "memberships", &["organization_id", "user_id"], OnDelete::Cascade),
    ],
    ..PLAIN
};
