//! What is asked for jobs and keys, and by nobody yet, and which indexes must answer.

use crate::{
    cases::{Case, Work, after, case, first, here, read, sql, store, write},
    rows::{hash, now, organization, user},
};
use keystead_domain::{
    PLATFORM, Scope,
    jobs::{JobFilter, JobStatus},
};
use keystead_store::{IdempotencyKey, SharedStore};
use uuid::Uuid;

pub(crate) fn all() -> Vec<Case> {
    let mut cases = work();
    cases.extend(declared());
    cases
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
        sql(
            "accounts by preference",
            &["users_preferences"],
            "SELECT id FROM users WHERE preferences @> '{\"theme\": \"dark\"}'",
        )
        .only_on_postgres(),
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
