//! Many rows, made by the engines themselves.
//!
//! The first organization and the first person have many, as large ones do; the others few.

use keystead_domain::{OrganizationId, PLATFORM, RoleId, SessionId, TeamId, Timestamp, UserId, access::ADMIN};
use uuid::Uuid;

pub(crate) const ORGANIZATIONS: u32 = 2_000;
pub(crate) const USERS: u32 = 24_000;
/// Members of the first organization.
pub(crate) const MEMBERS: u32 = 4_000;
/// When the rows begin.
const START: &str = "2026-11-01T00:00:00+00:00";

pub(crate) fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T12:00:00Z").unwrap()
}

pub(crate) fn id(kind: u32, number: u32) -> Uuid {
    Uuid::from_u128(u128::from(kind) << 96 | 0x7000_8000 << 48 | u128::from(number))
}
pub(crate) fn organization() -> OrganizationId {
    id(1, 0).into()
}
pub(crate) fn user(number: u32) -> UserId {
    id(2, number).into()
}
pub(crate) fn role(number: u32) -> RoleId {
    id(4, number).into()
}
pub(crate) fn team() -> TeamId {
    id(7, 0).into()
}
/// One session in so many lives.
pub(crate) const LIVE: u32 = 300;

/// A session; those below 1000 are the first person's.
pub(crate) fn session(number: u32) -> SessionId {
    id(8, number).into()
}
pub(crate) fn hash(number: u32) -> Vec<u8> {
    let mut bytes = vec![0; 28];
    bytes.extend(number.to_be_bytes());
    bytes
}

/// Words of the two engines for the same values.
pub(crate) struct Words {
    postgres: bool,
}

impl Words {
    pub(crate) fn id(&self, kind: u32, number: &str) -> String {
        if self.postgres {
            format!("('{kind:08x}-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid")
        } else {
            format!("unhex(printf('{kind:08x}000070008000%012x', {number}))")
        }
    }
    pub(crate) fn uuid(&self, id: Uuid) -> String {
        if self.postgres { format!("'{id}'::uuid") } else { format!("X'{}'", id.simple()) }
    }
    pub(crate) fn hash(&self, number: &str) -> String {
        if self.postgres {
            format!("decode(lpad(to_hex({number}), 64, '0'), 'hex')")
        } else {
            format!("unhex(printf('%064x', {number}))")
        }
    }
    /// So many seconds after the start.
    pub(crate) fn time(&self, seconds: &str) -> String {
        if self.postgres {
            format!("('{START}'::timestamptz + make_interval(secs => {seconds}))")
        } else {
            format!("strftime('%Y-%m-%dT%H:%M:%S+00:00', '{START}', ({seconds}) || ' seconds')")
        }
    }
    pub(crate) fn truth(&self, condition: &str) -> String {
        format!("({condition})")
    }
    /// One row for each number `n` below `count`.
    pub(crate) fn insert(&self, table: &str, columns: &str, count: u32, values: &[String]) -> String {
        format!(
            "INSERT INTO {table} ({columns}) SELECT {} FROM
             (WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {count}) SELECT n FROM s) AS s",
            values.join(", ")
        )
    }
}

/// The statements that fill the tables, and the gathering of statistics.
pub(crate) fn fill(postgres: bool) -> Vec<String> {
    let w = Words { postgres };
    // The first organization has the first members.
    let place = w.id(1, &format!("CASE WHEN n < {MEMBERS} THEN 0 ELSE n % {ORGANIZATIONS} END"));
    // The first one has a seventieth of everything, hundreds of times what the others have.
    let share = w.id(1, &format!("CASE WHEN n % 70 = 0 THEN 0 ELSE n % {ORGANIZATIONS} END"));
    // Something that is in the same place as the membership.
    let near = format!(
        "CASE WHEN n < {MEMBERS} THEN 0
              WHEN (n % {ORGANIZATIONS}) % 70 = 0 THEN n % {ORGANIZATIONS} + {ORGANIZATIONS} ELSE n % {ORGANIZATIONS} END"
    );
    let at = w.time("n * 60");
    let (platform, admin) = (w.uuid(PLATFORM.as_uuid()), w.uuid(ADMIN.id.as_uuid()));
    let times = "created_at, updated_at, version";
    let made = format!("{at}, {at}, 1");
    let text = |sql: &str| sql.to_owned();
    let ahead = |seconds: &str| w.time(&format!("86400 * 40 + {seconds}"));
    // A few have expired: 40 days before the start, which is more than 60 days ago.
    let mostly_ahead = |past: &str| {
        format!("CASE WHEN n % 1000 = 999 THEN {} ELSE {} END", w.time(&format!("n - 86400 * {past}")), ahead("n"))
    };
    let mut statements = vec![
        format!(
            "INSERT INTO organizations (id, name, kind, isolation, status, metadata, {times})
             VALUES ({platform}, 'Platform', 'platform', 'shared', 'active', '{{}}', '{START}', '{START}', 1)"
        ),
        format!(
            "INSERT INTO roles (id, organization_id, name, is_builtin, {times})
             VALUES ({admin}, {platform}, 'admin', {}, '{START}', '{START}', 1)",
            w.truth("1 = 1")
        ),
    ];
    statements.extend([
        w.insert("organizations", &format!("id, name, kind, isolation, status, metadata, {times}"), ORGANIZATIONS, &[
            w.id(1, "n"),
            text("'Organization ' || n"),
            text("'shared', 'shared'"),
            text("CASE WHEN n % 50 = 49 THEN 'archived' ELSE 'active' END"),
            text("'{}'"),
            made.clone(),
        ]),
        w.insert(
            "users",
            &format!(
                "id, username, username_key, email, email_key, password_hash, status, tier, must_change_password,
                 failed_login_attempts, password_changed_at, profile_data, preferences, metadata, {times}"
            ),
            USERS,
            &[
                w.id(2, "n"),
                text("'user' || n, 'user' || n, 'mail' || n || '@example.org', 'mail' || n || '@example.org', 'x'"),
                text("CASE WHEN n % 100 = 99 THEN 'disabled' ELSE 'active' END"),
                text("CASE WHEN n % 100 = 98 THEN 'gold' ELSE 'free' END"),
                w.truth("1 = 0"),
                text("0"),
                at.clone(),
                text("'{}'"),
                text(
                    if postgres {
                        "CASE WHEN n % 500 = 0 THEN '{\"theme\": \"dark\"}' ELSE '{}' END::jsonb"
                    } else {
                        "CASE WHEN n % 500 = 0 THEN '{\"theme\": \"dark\"}' ELSE '{}' END"
                    }
                ),
                text("'{}'"),
                made.clone(),
            ],
        ),
        w.insert("memberships", &format!("id, organization_id, user_id, status, {times}"), USERS, &[
            w.id(3, "n"),
            place.clone(),
            w.id(2, "n"),
            text("'active'"),
            made.clone(),
        ]),
        w.insert("roles", &format!("id, organization_id, name, is_builtin, {times}"), 10_000, &[
            w.id(4, "n"),
            share.clone(),
            text("'role' || n"),
            w.truth("1 = 0"),
            made.clone(),
        ]),
        w.insert("permissions", "id, organization_id, resource, action, scope, created_at", 10_000, &[
            w.id(5, "n"),
            share.clone(),
            text("'thing' || n, 'read', 'own'"),
            at.clone(),
        ]),
        w.insert(
            "role_permissions",
            "organization_id, role_id, permission_organization_id, permission_id, created_at",
            10_000,
            &[share.clone(), w.id(4, "n"), share.clone(), w.id(5, "n"), at.clone()],
        ),
        w.insert("user_roles", "organization_id, user_id, role_organization_id, role_id, created_at", USERS, &[
            place.clone(),
            w.id(2, "n"),
            place.clone(),
            w.id(4, &near),
            at.clone(),
        ]),
        w.insert("user_roles", "organization_id, user_id, role_organization_id, role_id, created_at", 3, &[
            place.clone(),
            w.id(2, "n"),
            platform,
            admin,
            at.clone(),
        ]),
        w.insert("access_versions", "organization_id, version, updated_at", ORGANIZATIONS, &[
            w.id(1, "n"),
            text("1"),
            at.clone(),
        ]),
        w.insert(
            "invitations",
            &format!(
                "id, organization_id, email, email_key, role_id, role_organization_id, token_hash, status, invited_by,
                 expires_at, accepted_by, {times}"
            ),
            9_000,
            &[
                w.id(6, "n"),
                share.clone(),
                text("'guest' || n || '@example.org', 'guest' || n || '@example.org'"),
                w.id(4, "n"),
                share.clone(),
                w.hash("n"),
                text("CASE WHEN n % 3 = 0 THEN 'accepted' ELSE 'pending' END"),
                w.id(2, "n"),
                mostly_ahead("100"),
                format!("CASE WHEN n % 3 = 0 THEN {} END", w.id(2, "n")),
                made.clone(),
            ],
        ),
        w.insert("teams", &format!("id, organization_id, name, {times}"), 10_000, &[
            w.id(7, "n"),
            share.clone(),
            text("'team' || n"),
            made.clone(),
        ]),
        w.insert("team_members", "organization_id, team_id, user_id, created_at", USERS, &[
            place.clone(),
            w.id(7, &near),
            w.id(2, "n"),
            at.clone(),
        ]),
        w.insert(
            "sessions",
            "id, user_id, organization_id, session_token, device_info, security_context, created_at, last_activity_at,
             idle_expires_at, expires_at, revoked_at, revoked_reason",
            20_000,
            &[
                w.id(8, "n"),
                w.id(2, "CASE WHEN n < 1000 THEN 0 ELSE n END"),
                place.clone(),
                format!("CASE WHEN n % 10 = 0 THEN {} END", w.hash("n")),
                text("'{}', '{}'"),
                at.clone(),
                at.clone(),
                ahead("n"),
                mostly_ahead("60"),
                format!(
                    "CASE WHEN n % 1000 = 998 THEN {} WHEN n % {LIVE} <> 0 THEN {} END",
                    w.time("n - 86400 * 60"),
                    w.time("86400 * 19 + n")
                ),
                format!("CASE WHEN n % {LIVE} <> 0 THEN 'signed_out' END"),
            ],
        ),
        w.insert(
            "refresh_tokens",
            "session_id, user_id, generation, token_hash, rotated_at, expires_at, created_at",
            20_000,
            &[
                w.id(8, "n"),
                w.id(2, "CASE WHEN n < 1000 THEN 0 ELSE n END"),
                text("1"),
                w.hash("n"),
                at.clone(),
                ahead("n"),
                at.clone(),
            ],
        ),
        w.insert(
            "signing_keys",
            "id, kid, algorithm, public_jwk, private_sealed, active_from, retires_at, expires_at, created_at",
            5_000,
            &[
                w.id(9, "n"),
                text("'key' || n, 'EdDSA', '{}'"),
                w.hash("n"),
                at.clone(),
                at.clone(),
                // Most have expired and wait to be deleted.
                format!("CASE WHEN n % 1000 = 999 THEN {} ELSE {at} END", ahead("n")),
                at.clone(),
            ],
        ),
        w.insert("encryption_keys", "id, organization_id, user_id, purpose, key_sealed, created_at", ORGANIZATIONS, &[
            w.id(10, "n"),
            w.id(1, "n"),
            text("NULL, 'data'"),
            w.hash("n"),
            at.clone(),
        ]),
        w.insert("encryption_keys", "id, organization_id, user_id, purpose, key_sealed, created_at", USERS, &[
            w.id(11, "n"),
            w.uuid(PLATFORM.as_uuid()),
            w.id(2, "n"),
            text("'data'"),
            w.hash("n"),
            at.clone(),
        ]),
        w.insert(
            "audit_logs",
            "id, organization_id, user_id, caller_kind, event_type, resource_type, resource_id, outcome, severity, event_data,
             client_ip_hash, correlation_id, source, metadata, created_at",
            40_000,
            &[
                w.id(12, "n"),
                share.clone(),
                w.id(2, "n % 3000"),
                text("'user', 'type' || (n % 100) || '.x', 'kind' || (n % 10)"),
                w.id(13, "n"),
                text("'success', CASE WHEN n % 1000 = 0 THEN 'critical' WHEN n % 50 = 0 THEN 'warning' ELSE 'info' END, '{}'"),
                w.hash("n % 500"),
                text("'request' || n, 'http', '{}'"),
                w.time("n * 40"),
            ],
        ),
        w.insert(
            "jobs",
            "id, organization_id, kind, payload, status, unique_key, run_at, attempts, max_attempts, locked_until, progress,
             created_at, updated_at, finished_at",
            20_000,
            &[
                w.id(14, "n"),
                share.clone(),
                text("'tidy', '{}'"),
                text("CASE WHEN n < 100 THEN 'queued' WHEN n < 200 THEN 'running' WHEN n % 100 = 0 THEN 'dead' ELSE 'succeeded' END"),
                text("CASE WHEN n < 200 THEN 'unique' || n END"),
                w.time("n"),
                text("1, 5"),
                format!("CASE WHEN n BETWEEN 100 AND 199 THEN {} END", ahead("n")),
                text("0"),
                at.clone(),
                at.clone(),
                format!(
                    "CASE WHEN n % 1000 = 999 THEN {} WHEN n >= 200 THEN {} END",
                    w.time("n - 86400 * 60"),
                    w.time("86400 * 19 + n")
                ),
            ],
        ),
        w.insert(
            "schedules",
            &format!("id, organization_id, name, kind, payload, every_seconds, next_run_at, is_active, {times}"),
            6_000,
            &[
                w.id(15, "n"),
                share.clone(),
                text("'schedule' || n, 'tidy', '{}', 3600"),
                format!("CASE WHEN n % 1000 = 0 THEN {at} ELSE {} END", ahead("n")),
                w.truth("n % 3 <> 1"),
                made,
            ],
        ),
        w.insert("idempotency_keys", "organization_id, key_hash, body_hash, is_answered, created_at, expires_at", 20_000, &[
            share,
            w.hash("n"),
            w.hash("n"),
            w.truth("1 = 1"),
            at.clone(),
            mostly_ahead("5"),
        ]),
        w.insert("sign_in_attempts", "account_key, network_hash, failed_attempts, last_failed_at, expires_at", 20_000, &[
            text("'user:' || (n % 5000)"),
            w.hash("n"),
            text("1"),
            at,
            mostly_ahead("5"),
        ]),
    ]);
    statements.extend(crate::access_rows::fill(&w));
    statements.extend([
        // Vacuumed, so that an index alone can answer where it holds every column.
        text(if postgres { "VACUUM ANALYZE" } else { "ANALYZE" }),
    ]);
    statements
}
