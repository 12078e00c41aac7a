//! What is asked, and which indexes must answer.

use crate::rows::{LIVE, hash, now, organization, role, session, team, user};
use futures::future::BoxFuture;
use keystead_domain::{
    PLATFORM, PageRequest, Scope, Timestamp,
    accounts::{Login, UserFilter, UserStatus},
    audit::{AuditFilter, Severity},
    jobs::{JobFilter, JobStatus},
    organizations::OrganizationStatus,
    sessions::{RefreshRotation, RevokedReason},
};
use keystead_store::{FailedAttempt, IdempotencyKey, LockPolicy, SessionActivity, SharedStore};
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

/// A call of the store, or a statement where nothing in the product asks yet.
pub(crate) enum Work {
    Store(Box<dyn Fn(SharedStore) -> BoxFuture<'static, ()> + Send + Sync>),
    Sql(&'static str),
}

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) work: Work,
    /// On both engines. `a|b` where either does the same.
    expected: &'static [&'static str],
    on_postgres: &'static [&'static str],
    on_sqlite: &'static [&'static str],
    /// Tables that may be read from end to end.
    pub(crate) scans: &'static [&'static str],
    pub(crate) postgres_only: bool,
}

impl Case {
    pub(crate) fn postgres(&self) -> Vec<&'static str> {
        self.expected.iter().chain(self.on_postgres).copied().collect()
    }
    pub(crate) fn sqlite(&self) -> Vec<&'static str> {
        self.expected.iter().chain(self.on_sqlite).copied().collect()
    }
    pub(crate) fn on_postgres(mut self, indexes: &'static [&'static str]) -> Self {
        self.on_postgres = indexes;
        self
    }
    pub(crate) fn on_sqlite(mut self, indexes: &'static [&'static str]) -> Self {
        self.on_sqlite = indexes;
        self
    }
    pub(crate) fn may_scan(mut self, tables: &'static [&'static str]) -> Self {
        self.scans = tables;
        self
    }
}

pub(crate) fn case(name: &'static str, expected: &'static [&'static str], work: Work) -> Case {
    Case { name, work, expected, on_postgres: &[], on_sqlite: &[], scans: &[], postgres_only: false }
}

pub(crate) fn sql(name: &'static str, expected: &'static [&'static str], sql: &'static str) -> Case {
    case(name, expected, Work::Sql(sql))
}

/// A call of the store itself.
macro_rules! store {
    ($name:literal, $expected:expr, |$store:ident| $call:expr) => {
        case(
            $name,
            &$expected,
            Work::Store(Box::new(|$store: SharedStore| {
                Box::pin(async move {
                    $call.await.unwrap();
                })
            })),
        )
    };
}

/// A call in a unit of work that is read only, or that is rolled back.
macro_rules! read {
    ($name:literal, $expected:expr, $scope:expr, |$unit:ident| $call:expr) => {
        store!($name, $expected, |store| async move {
            let $unit = store.read($scope).await?;
            $call.await.map(drop)
        })
    };
}
macro_rules! write {
    ($name:literal, $expected:expr, $scope:expr, |$unit:ident| $call:expr) => {
        store!($name, $expected, |store| async move {
            let $unit = store.begin($scope).await?;
            $call.await.map(drop)
        })
    };
}

pub(crate) use {read, store, write};

/// Indexes whose purpose is that equal rows are refused, with the contract that proves it.
pub(crate) const UNIQUE_BY_CONTRACT: &[(&str, &str)] = &[
    ("roles_organization_name", "roles::a_taken_name_is_a_conflict"),
    ("permissions_organization_name", "permissions::permissions_are_added_in_one_batch_and_found"),
    ("teams_organization_name", "teams::a_taken_name_is_a_conflict"),
    ("jobs_unique_key", "jobs::a_unique_job_waits_or_runs_once"),
    ("schedules_organization_name", "jobs::schedules_are_made_once_and_listed"),
    ("organization_modules_organization_module", "organization_modules::a_module_is_given_once"),
    ("signing_keys_kid", "keys::signing_keys_are_found_until_they_expire"),
];

pub(crate) const PLATFORM_SCOPE: Scope = Scope::organization(PLATFORM);

pub(crate) fn here() -> Scope {
    Scope::person(organization(), user(0))
}
/// A page from the middle of a list.
pub(crate) fn after(id: impl Into<Uuid>) -> PageRequest {
    PageRequest { limit: 50, after: Some(id.into().to_string()) }
}
pub(crate) fn first() -> PageRequest {
    PageRequest::first(50)
}
fn search(text: &str) -> UserFilter {
    UserFilter { search: Some(text.to_owned()), ..UserFilter::default() }
}

pub(crate) fn all() -> Vec<Case> {
    let mut cases = accounts();
    cases.extend(organizations());
    cases.extend(access());
    cases.extend(crate::access_cases::all());
    cases.extend(sessions());
    cases.extend(audit());
    cases.extend(work());
    cases.extend(declared());
    cases
}

fn accounts() -> Vec<Case> {
    vec![
        store!("a login by username", ["users_username_key"], |store| async move {
            store.find_login(&Login::parse("user77"), "unknown", &hash(1), now()).await
        })
        .on_postgres(&["sessions_user_id", "sign_in_attempts_pkey"])
        .on_sqlite(&["sessions_user_id", "sign_in_attempts_pkey"]),
        store!("a login by address", ["users_email_key", "memberships_user"], |store| async move {
            store.find_login(&Login::parse("mail77@example.org"), "unknown", &hash(1), now()).await
        }),
        write!("a login within a transaction", ["users_pkey", "user_roles_pkey"], here(), |unit| async move {
            let login = Login::parse("user0");
            unit.sign_in_attempts().take_login(Some(user(0)), &login, "unknown", &hash(1), now()).await
        })
        .on_sqlite(&["users_username_key", "sessions_user_id", "sign_in_attempts_pkey"]),
        read!("the own account", ["users_pkey"], here(), |unit| unit.users().find_own(user(0))),
        read!("a member's account", ["users_pkey", "memberships_organization_user"], here(), |unit| unit
            .users()
            .find(organization(), user(7))),
        read!("a page of all accounts", ["users_pkey"], PLATFORM_SCOPE, |unit| async move {
            unit.users().list(PLATFORM, &UserFilter::default(), &after(user(9000))).await
        }),
        read!("a page of an organization's accounts", ["users_pkey"], here(), |unit| async move {
            unit.users().list(organization(), &UserFilter::default(), &after(user(900))).await
        })
        .on_postgres(&["memberships_organization_user"])
        .on_sqlite(&["memberships_organization_user"]),
        read!("accounts by status", ["users_status"], PLATFORM_SCOPE, |unit| async move {
            let filter = UserFilter { status: Some(UserStatus::Disabled), ..UserFilter::default() };
            unit.users().list(PLATFORM, &filter, &after(user(9000))).await
        }),
        read!("accounts by tier", ["users_tier"], PLATFORM_SCOPE, |unit| async move {
            let filter = UserFilter { tier: Some("gold".to_owned()), ..UserFilter::default() };
            unit.users().list(PLATFORM, &filter, &after(user(9000))).await
        }),
        read!("accounts by their beginning", ["users_username_key", "users_email_key"], PLATFORM_SCOPE, |unit| {
            async move { unit.users().list(PLATFORM, &search("user1234"), &first()).await }
        }),
        write!("a failed sign-in", ["users_pkey"], here(), |unit| async move {
            let attempt = FailedAttempt {
                account_key: format!("user:{}", user(0)),
                user: Some(user(0)),
                network_hash: hash(5),
                now: now(),
                policy: LockPolicy { network_attempts: 5, account_attempts: 50, lock_seconds: 900 },
            };
            unit.sign_in_attempts().record_failure(&attempt).await
        })
        .on_postgres(&["sign_in_attempts_pkey"])
        .on_sqlite(&["sign_in_attempts_pkey"]),
    ]
}

fn organizations() -> Vec<Case> {
    vec![
        read!("an organization", ["organizations_pkey"], here(), |unit| unit
            .organizations()
            .find(organization(), organization())),
        read!("a person's organizations", ["memberships_user", "organizations_pkey"], here(), |unit| async move {
            unit.organizations().list_of_user(user(0), &first()).await
        }),
        read!("a page of all organizations", ["organizations_pkey"], PLATFORM_SCOPE, |unit| async move {
            unit.organizations().list_all(PLATFORM, None, &after(organization())).await
        }),
        read!("organizations by status", ["organizations_status"], PLATFORM_SCOPE, |unit| async move {
            let status = Some(OrganizationStatus::Archived);
            unit.organizations().list_all(PLATFORM, status, &after(organization())).await
        }),
        read!("a membership", ["memberships_organization_user", "users_pkey"], here(), |unit| unit
            .memberships()
            .find(organization(), user(7))),
        read!(
            "a page of members",
            ["memberships_organization_order|memberships_organization_user", "users_pkey"],
            here(),
            |unit| async move { unit.memberships().list(organization(), &after(user(0))).await }
        )
        .on_postgres(&["user_roles_pkey"])
        .on_sqlite(&["user_roles_pkey"]),
        write!("the administrators", ["user_roles_pkey|user_roles_role", "users_pkey|users_status"], here(), |unit| {
            unit.memberships().count_administrators(organization())
        }),
        write!("a membership that ends", ["memberships_organization_user|memberships_user"], here(), |unit| unit
            .memberships()
            .delete(organization(), user(7)))
        // What hangs on it is found by the referring columns.
        .on_postgres(&["team_members_user", "user_roles_pkey"])
        .on_sqlite(&["team_members_user", "user_roles_pkey"]),
        read!("an invitation by its token", ["invitations_token_hash"], Scope::NONE, |unit| async move {
            unit.invitations().find_by_token(&hash(77)).await
        }),
        read!("a page of invitations", ["invitations_organization_order"], here(), |unit| async move {
            // As few as there are more of: whoever wants them all may as well sort them.
            unit.invitations().list(organization(), None, &PageRequest::first(1)).await
        }),
        read!("a page of teams", ["teams_organization_id"], here(), |unit| async move {
            unit.teams().list(organization(), &PageRequest::first(1)).await
        }),
        read!("a page of a team's members", ["team_members_pkey", "users_pkey"], here(), |unit| async move {
            unit.teams().members(organization(), team(), &after(user(900))).await
        }),
    ]
}

fn access() -> Vec<Case> {
    vec![
        read!(
            "a page of roles",
            ["roles_organization_id|roles_organization_name|roles_pkey"],
            here(),
            |unit| async move { unit.roles().list(organization(), &first()).await }
        ),
        read!(
            "a page of permissions",
            ["permissions_organization_id|permissions_organization_name|permissions_pkey"],
            here(),
            |unit| async move { unit.permissions().list(organization(), &first()).await }
        ),
        read!("what a role permits", ["role_permissions_pkey"], here(), |unit| async move {
            unit.roles().permissions(organization(), &[role(0)]).await
        }),
        read!("what held roles grant", ["role_permissions_pkey"], here(), |unit| async move {
            unit.roles().grants(organization(), &[role(0)]).await
        }),
        read!("how many roles are its own", ["roles_organization_id|roles_organization_name"], here(), |unit| unit
            .roles()
            .count_own(organization())),
        read!(
            "how many permissions are its own",
            ["permissions_organization_id|permissions_organization_name"],
            here(),
            |unit| { unit.permissions().count_own(organization()) }
        ),
        write!("a role that goes", ["roles_organization_id"], Scope::organization(organization()), |unit| async move {
            // Nobody holds this one, and no invitation names it.
            unit.roles().delete(organization(), role(9_030), 1).await
        })
        .on_postgres(&["user_roles_role", "invitations_role", "role_permissions_pkey"])
        .on_sqlite(&["user_roles_role", "invitations_role", "role_permissions_pkey"]),
        write!("a permission that goes", ["permissions_organization_id"], here(), |unit| async move {
            // None has this identifier; one that is there would be refused by what refers to it.
            unit.permissions().delete(organization(), Uuid::from_u128(1).into()).await
        }),
        write!("the version of the rules", [], here(), |unit| unit.roles().raise_version(organization())),
    ]
}

fn sessions() -> Vec<Case> {
    vec![
        store!(
            "the caller of a request",
            [
                "sessions_pkey|sessions_user_id|sessions_live",
                "users_pkey|users_status",
                "memberships_organization_user|memberships_user",
                "organizations_pkey"
            ],
            |store| async move { store.load_caller(organization(), user(0), session(0), now(), None).await }
        )
        .on_postgres(&["user_roles_pkey", "access_versions_pkey"])
        .on_sqlite(&["user_roles_pkey", "access_versions_pkey"]),
        store!("a refresh", ["refresh_tokens_pkey", "sessions_pkey", "users_pkey|users_status"], |store| async move {
            // Each run takes another session: a token is used once.
            static RUNS: AtomicU32 = AtomicU32::new(0);
            let run = RUNS.fetch_add(1, Ordering::Relaxed) * LIVE;
            let rotation = RefreshRotation {
                session_id: session(run),
                user_id: user(0),
                presented_generation: 1,
                presented_hash: hash(run),
                next_hash: hash(run + 1_000_000),
                successor_sealed: vec![1],
                now: now(),
                grace_seconds: 10,
                idle_expires_at: now().plus_seconds(3600),
            };
            let found = store.rotate_refresh_token(rotation, event(run)).await?;
            assert!(found.is_some());
            Ok::<_, keystead_domain::Error>(())
        })
        .on_postgres(&["memberships_organization_user|memberships_user", "user_roles_pkey", "roles_organization_id"])
        .on_sqlite(&["memberships_organization_user", "user_roles_pkey"]),
        read!("a session", ["sessions_pkey|sessions_user_id"], here(), |unit| unit
            .sessions()
            .find(user(0), session(0))),
        read!("a person's live sessions", [], here(), |unit| async move {
            unit.sessions().list_live(user(0), now(), &first()).await
        })
        .on_postgres(&["sessions_live"])
        .on_sqlite(&["sessions_live"]),
        write!("every session of a person ends", ["sessions_live"], here(), |unit| unit.sessions().revoke_all(
            user(0),
            None,
            RevokedReason::SignedOut,
            now()
        )),
        store!("activity", ["sessions_pkey"], |store| async move {
            let at = now();
            store.record_activity(&[SessionActivity { session_id: session(0), at }]).await
        }),
    ]
}

fn event(number: u32) -> keystead_domain::audit::AuditEvent {
    keystead_domain::audit::AuditEvent {
        id: Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0001 + u128::from(number)).into(),
        organization_id: organization(),
        user_id: None,
        caller_kind: "user".to_owned(),
        session_id: None,
        event_type: String::new(),
        resource_type: String::new(),
        resource_id: None,
        subject_user_id: None,
        outcome: keystead_domain::audit::Outcome::Success,
        severity: Severity::Info,
        event_data: serde_json::json!({}),
        client_sealed: None,
        client_ip_hash: None,
        changes_sealed: None,
        correlation_id: String::new(),
        source: String::new(),
        metadata: serde_json::json!({}),
        created_at: now(),
    }
}

fn events(name: &'static str, expected: &'static [&'static str], filter: fn() -> AuditFilter) -> Case {
    let work = move |store: SharedStore| -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let unit = store.read(here()).await.unwrap();
            // The next page reads on from a place in the index.
            let at = Timestamp::parse("2026-11-15T00:00:00Z").unwrap();
            let place = format!("{at}/{}", Uuid::from_u128(0x000c_0000_0000_7000_8000_0000_0000_0001));
            for after in [None, Some(place)] {
                unit.audit().list(organization(), &filter(), &PageRequest { limit: 50, after }).await.unwrap();
            }
        })
    };
    case(name, expected, Work::Store(Box::new(work)))
}

fn audit() -> Vec<Case> {
    vec![
        events("a page of events", &["audit_logs_created_at"], AuditFilter::default),
        events("a person's events", &["audit_logs_user"], || AuditFilter {
            user_id: Some(user(70)),
            ..AuditFilter::default()
        }),
        events("events of a kind", &["audit_logs_event_type"], || AuditFilter {
            event_type: Some("type4.x".to_owned()),
            ..AuditFilter::default()
        }),
        events("events of a family", &["audit_logs_event_type"], || AuditFilter {
            event_type: Some("type4.*".to_owned()),
            ..AuditFilter::default()
        }),
        events("events about a thing", &["audit_logs_resource"], || AuditFilter {
            resource_type: Some("kind4".to_owned()),
            resource_id: Some(Uuid::from_u128(0x000d_0000_0000_7000_8000_0000_0000_0004)),
            ..AuditFilter::default()
        }),
        events("events of a request", &["audit_logs_correlation_id"], || AuditFilter {
            correlation_id: Some("request44".to_owned()),
            ..AuditFilter::default()
        }),
        events("severe events", &["audit_logs_severity"], || AuditFilter {
            severity: Some(Severity::Critical),
            ..AuditFilter::default()
        }),
        events("events from an address", &["audit_logs_client_ip"], || AuditFilter {
            client_ip_hash: Some(hash(44)),
            ..AuditFilter::default()
        }),
        read!("one event", ["audit_logs_pkey"], here(), |unit| unit.audit().find(organization(), event(0).id)),
    ]
}

fn work() -> Vec<Case> {
    vec![
        read!("a page of jobs", ["jobs_organization_order"], here(), |unit| async move {
            unit.jobs().list(organization(), &JobFilter::default(), &after(user(0))).await
        }),
        read!("jobs by status", ["jobs_status"], here(), |unit| async move {
            let filter = JobFilter { status: Some(JobStatus::Dead), kind: None };
            unit.jobs().list(organization(), &filter, &first()).await
        }),
        store!("jobs to be taken", ["jobs_due", "jobs_leases"], |store| async move {
            store.job_queue().claim("node", 5, now(), now().plus_seconds(60)).await
        }),
        store!("when there is work", ["jobs_due", "jobs_leases", "schedules_due"], |store| async move {
            store.job_queue().next_due().await
        }),
        write!(
            "a job that waits again",
            ["jobs_pkey|jobs_organization_order", "jobs_unique_key|jobs_status"],
            here(),
            |unit| async move { unit.jobs().retry(organization(), Uuid::from_u128(1).into(), now()).await }
        ),
        read!("a page of schedules", [], here(), |unit| async move {
            unit.jobs().schedules(organization(), &first()).await
        })
        .on_postgres(&["schedules_organization_name"])
        .on_sqlite(&["schedules_organization_name"]),
        write!("a repeated request", ["idempotency_keys_pkey"], here(), |unit| async move {
            let key = IdempotencyKey {
                organization_id: organization(),
                key_hash: hash(0),
                body_hash: hash(0),
                created_at: now(),
                expires_at: now().plus_seconds(60),
            };
            unit.idempotency().claim(&key).await
        }),
        read!("a data key", ["encryption_keys_pkey"], here(), |unit| unit
            .keys()
            .encryption_key(Uuid::from_u128(7).into())),
        write!("an organization's data key", ["encryption_keys_organization"], here(), |unit| async move {
            unit.keys().ensure_encryption_key(organization(), &data_key(false)).await
        }),
        write!("a person's data key", ["encryption_keys_user"], here(), |unit| async move {
            unit.keys().ensure_encryption_key(PLATFORM, &data_key(true)).await
        }),
        read!("the signing keys", [], Scope::NONE, |unit| unit.keys().signing_keys(now()))
            .on_postgres(&["signing_keys_expires_at"])
            // SQLite does not know how few have not expired; there are never many.
            .may_scan(&["signing_keys"]),
        store!(
            "what has expired",
            [
                "sessions_expires_at",
                "sessions_revoked_at",
                "idempotency_keys_expires_at",
                "sign_in_attempts_expires_at",
                "jobs_finished_at",
                "signing_keys_expires_at",
                "invitations_expires_at"
            ],
            |store| async move { store.delete_expired(now(), 3).await }
        ),
        store!("figures", ["jobs_due", "audit_logs_pkey"], |store| async move { store.counts(now()).await })
            // How many accounts are active, sessions live and jobs are dead is counted, whatever their number.
            .may_scan(&["users", "sessions", "jobs"]),
    ]
}

fn data_key(of_user: bool) -> keystead_domain::keys::EncryptionKey {
    keystead_domain::keys::EncryptionKey {
        id: Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0002).into(),
        organization_id: if of_user { PLATFORM } else { organization() },
        user_id: of_user.then(|| user(7)),
        purpose: "data".to_owned(),
        key_sealed: None,
        created_at: now(),
        destroyed_at: None,
    }
}

/// What the sources ask, and what erasing a person or an organization will ask.
fn declared() -> Vec<Case> {
    vec![
        sql(
            "accounts made in a day",
            &["users_created_at"],
            "SELECT id FROM users WHERE created_at >= '2026-11-03T00:00:00+00:00' AND created_at < '2026-11-03T06:00:00+00:00' ORDER BY created_at",
        ),
        Case {
            postgres_only: true,
            ..sql(
                "accounts by preference",
                &["users_preferences"],
                "SELECT id FROM users WHERE preferences @> '{\"theme\": \"dark\"}'",
            )
        },
        sql(
            "a session by its cookie",
            &["sessions_session_token"],
            "SELECT id FROM sessions WHERE session_token = '\\x00'",
        ),
        sql(
            "an organization's sessions",
            &["sessions_organization"],
            "SELECT id FROM sessions WHERE organization_id = '00000001-0000-7000-8000-000000000007'",
        ),
        sql(
            "a person's refresh tokens",
            &["refresh_tokens_user"],
            "SELECT session_id FROM refresh_tokens WHERE user_id = '00000002-0000-7000-8000-000000000007'",
        ),
        sql(
            "who was invited",
            &["invitations_email_key"],
            "SELECT id FROM invitations WHERE organization_id = '00000001-0000-7000-8000-000000000007' AND email_key = 'guest7@example.org'",
        ),
        sql(
            "whom a person invited",
            &["invitations_invited_by"],
            "SELECT id FROM invitations WHERE invited_by = '00000002-0000-7000-8000-000000000007'",
        ),
        sql(
            "what a person accepted",
            &["invitations_accepted_by"],
            "SELECT id FROM invitations WHERE accepted_by = '00000002-0000-7000-8000-000000000006'",
        ),
        sql(
            "who invites to a role",
            &["invitations_role"],
            "SELECT id FROM invitations WHERE role_organization_id = '00000001-0000-7000-8000-000000000007' AND role_id = '00000004-0000-7000-8000-000000000007'",
        ),
        sql(
            "who holds a role",
            &["user_roles_role"],
            "SELECT user_id FROM user_roles WHERE role_organization_id = '00000001-0000-7000-8000-000000000007' AND role_id = '00000004-0000-7000-8000-000000000007'",
        ),
        sql(
            "which roles have a permission",
            &["role_permissions_permission"],
            "SELECT role_id FROM role_permissions WHERE permission_organization_id = '00000001-0000-7000-8000-000000000007' AND permission_id = '00000005-0000-7000-8000-000000000007'",
        ),
        sql(
            "a person's teams",
            &["team_members_user|team_members_pkey"],
            "SELECT team_id FROM team_members WHERE organization_id = '00000001-0000-7000-8000-000000000007' AND user_id = '00000002-0000-7000-8000-000000000007'",
        ),
        sql(
            "an organization's data keys",
            &["encryption_keys_organization_order"],
            "SELECT id FROM encryption_keys WHERE organization_id = '00000001-0000-7000-8000-000000000007' ORDER BY id",
        ),
    ]
}
