//! Accounts and failed sign-ins.

use super::table::{
    CREATED_AT, Class, PLAIN, Right, Table, UPDATED_AT, VERSION, boolean, bytes, index, integer, json, text, time,
    unique, uuid,
};

pub(super) const USERS: Table = Table {
    name: "users",
    feature: "accounts",
    class: Class::Personal,
    may_read: Some(
        "id = {user} OR {org} = {platform} OR EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = users.id AND m.organization_id = {org})",
    ),
    may_write: Some("id = {user}"),
    app_may: &[Right::Select, Right::Insert, Right::Update],
    about: "A person's account. Its own identifier takes the place of user_id.",
    columns: &[
        uuid("id", "Its identifier."),
        text("username", 50, "A public name.").personal(),
        text("username_key", 50, "The username as it is compared (RFC 8265).").personal(),
        text("email", 254, "The address.").personal(),
        text("email_key", 254, "The address as it is compared.").personal(),
        text("password_hash", 512, "The password's hash in PHC form (or bcrypt's own).").secret(),
        text("status", 20, "pending, active or disabled."),
        text("tier", 20, "Selects limits."),
        text("first_name", 255, "Given name.").null().personal(),
        text("last_name", 255, "Family name.").null().personal(),
        boolean("must_change_password", "The password must be changed before anything else."),
        integer("failed_login_attempts", "Wrong passwords since the last sign-in, from anywhere."),
        time("locked_until", "Until then, sign-in is refused from networks unknown to the account.").null(),
        time("last_login_at", "The last successful sign-in.").null().personal(),
        time("password_changed_at", "When the password was last changed."),
        time("email_verified_at", "When the address was confirmed.").null(),
        json("profile_data", "What the person's product keeps about them.").sensitive(),
        json("preferences", "What the person prefers.").personal(),
        json("metadata", "What administrators note.").personal(),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("users_username_key", &["username_key"]),
        unique("users_email_key", &["email_key"]),
        index("users_status", &["status", "id"]),
        index("users_tier", &["tier", "id"]),
        index("users_created_at", &["created_at"]),
        index("users_preferences", &["preferences"]).gin(),
    ],
    checks: &[("users_status_check", "status IN ('pending', 'active', 'disabled')")],
    ..PLAIN
};

pub(super) const SIGN_IN_ATTEMPTS: Table = Table {
    name: "sign_in_attempts",
    feature: "accounts",
    class: Class::System,
    app_may: &[],
    about: "Failed sign-ins per account and network, and the networks an account is known from.",
    columns: &[
        text("account_key", 100, "user:<id>, or a hash that stands for a login without account."),
        bytes("network_hash", "A keyed hash of the client's network (IPv4 /24, IPv6 /56).").personal(),
        integer("failed_attempts", "Failures since the last success or the end of the last lock."),
        time("last_failed_at", "The last failure.").null(),
        time("locked_until", "Until then, the network is locked out of the account.").null(),
        time("last_success_at", "The last sign-in from this network.").null().personal(),
        time("expires_at", "When it is forgotten."),
    ],
    primary_key: &["account_key", "network_hash"],
    indexes: &[index("sign_in_attempts_expires_at", &["expires_at"])],
    ..PLAIN
};
