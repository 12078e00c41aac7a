//! What every request must know about its caller: one statement.

use super::get;
use crate::{
    engine::{SqlStore, SqlUnitOfWork, errors::store_error},
    entities::users,
    repositories::user,
};
use keystead_domain::{
    Error, OrganizationId, PLATFORM, Result, RoleId, SessionId, Timestamp, UserId, organizations::MembershipStatus,
};
use keystead_store::{AccessVersions, CallerRecord};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, QueryResult, Statement, Value, prelude::DateTimeUtc};
use uuid::Uuid;

const KNOWN_FUNCTION: &str =
    "SELECT keystead.caller_still_known($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS last_activity_at";

/// As the function. Signing in writes three columns without raising the version.
const KNOWN_STATEMENT: &str = "SELECT s.last_activity_at
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    WHERE s.id = $3 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.idle_expires_at > $4 AND s.expires_at > $4
        AND u.status = 'active' AND u.version = $5 AND u.failed_login_attempts = $6 AND u.locked_until IS $7 AND u.last_login_at IS $8
        AND coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = $1), 0) = $9
        AND coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = $11), 0) = $10";

const FUNCTION: &str = "SELECT * FROM keystead.load_caller($1, $2, $3, $4)";

const STATEMENT: &str = "SELECT u.*, s.last_activity_at,
        CASE WHEN o.status = 'active' THEN m.status END AS membership_status,
        (SELECT group_concat(hex(r.role_id), ',') FROM user_roles r WHERE r.organization_id = $1 AND r.user_id = u.id) AS role_ids,
        coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = $1), 0) AS organization_version,
        coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = $5), 0) AS platform_version
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    LEFT JOIN memberships m ON m.organization_id = $1 AND m.user_id = u.id
    LEFT JOIN organizations o ON o.id = m.organization_id
    WHERE s.id = $3 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.idle_expires_at > $4 AND s.expires_at > $4
        AND u.status = 'active'";

/// The caller, or none where the account is not active or the session not live.
pub(crate) async fn load_caller(
    store: &SqlStore,
    organization: OrganizationId,
    user_id: UserId,
    session: SessionId,
    now: Timestamp,
    known: Option<CallerRecord>,
) -> Result<Option<CallerRecord>> {
    if let Some(known) = known.filter(|known| known.user.id == user_id) {
        let asked = still_known(store.backend(), organization, session, now, &known);
        let row = store.query_one(asked).await?;
        let last_activity: Option<DateTimeUtc> = row.map(|row| get(&row, "last_activity_at")).transpose()?.flatten();
        if let Some(at) = last_activity {
            return Ok(Some(CallerRecord { last_activity_at: Timestamp::new(at), ..known }));
        }
    }
    let row = store.query_one(statement(store.backend(), organization, user_id, session, now)).await?;
    row.as_ref().map(record).transpose()
}

/// The same, as a transaction sees it.
pub(crate) async fn load_caller_within(
    work: &SqlUnitOfWork,
    organization: OrganizationId,
    user_id: UserId,
    session: SessionId,
    now: Timestamp,
) -> Result<Option<CallerRecord>> {
    let statement = statement(work.backend(), organization, user_id, session, now);
    let row = work.connection().query_one_raw(statement).await.map_err(store_error)?;
    row.as_ref().map(record).transpose()
}

/// Asks whether what is `known` still holds: when the session was last used, or nothing.
fn still_known(
    backend: DbBackend,
    organization: OrganizationId,
    session: SessionId,
    now: Timestamp,
    known: &CallerRecord,
) -> Statement {
    let (user, versions) = (&*known.user, known.versions);
    let time = |at: Option<Timestamp>| at.map(Timestamp::as_datetime).into();
    let mut values = values(organization, user.id, session, now);
    values.extend([
        user.version.into(),
        user.failed_login_attempts.into(),
        time(user.locked_until),
        time(user.last_login_at),
        versions.organization.into(),
        versions.platform.into(),
    ]);
    if backend == DbBackend::Postgres {
        return Statement::from_sql_and_values(backend, KNOWN_FUNCTION, values);
    }
    values.push(PLATFORM.as_uuid().into());
    Statement::from_sql_and_values(backend, KNOWN_STATEMENT, values)
}

fn statement(
    backend: DbBackend,
    organization: OrganizationId,
    user_id: UserId,
    session: SessionId,
    now: Timestamp,
) -> Statement {
    let mut values = values(organization, user_id, session, now);
    let sql = if backend == DbBackend::Postgres {
        FUNCTION
    } else {
        values.push(PLATFORM.as_uuid().into());
        STATEMENT
    };
    Statement::from_sql_and_values(backend, sql, values)
}

fn values(organization: OrganizationId, user_id: UserId, session: SessionId, now: Timestamp) -> Vec<Value> {
    vec![organization.as_uuid().into(), user_id.as_uuid().into(), session.as_uuid().into(), now.as_datetime().into()]
}

fn record(row: &QueryResult) -> Result<CallerRecord> {
    let status: Option<String> = get(row, "membership_status")?;
    let roles: Option<String> = get(row, "role_ids")?;
    let mut roles = roles
        .unwrap_or_default()
        .split(',')
        .filter(|text| !text.is_empty())
        .map(|text| {
            Uuid::parse_str(text)
                .map(RoleId::from_uuid)
                .map_err(|error| Error::internal(format!("user_roles.role_id: {error}")))
        })
        .collect::<Result<Vec<_>>>()?;
    roles.sort_unstable();
    let membership = status
        .map(|word| MembershipStatus::parse(&word).ok_or_else(|| Error::internal("memberships.status: unknown word")))
        .transpose()?;
    Ok(CallerRecord {
        user: user(users::Model::from_query_result(row, "").map_err(store_error)?)?.into(),
        last_activity_at: Timestamp::new(get::<DateTimeUtc>(row, "last_activity_at")?),
        membership,
        roles: roles.into(),
        versions: versions(row)?,
    })
}

/// The columns `organization_version` and `platform_version`.
pub(super) fn versions(row: &QueryResult) -> Result<AccessVersions> {
    Ok(AccessVersions { organization: get(row, "organization_version")?, platform: get(row, "platform_version")? })
}
