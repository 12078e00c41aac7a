//! What sign-in must know before anyone is signed in.

use super::get;
use crate::{
    engine::{SqlStore, SqlUnitOfWork, errors::store_error},
    entities::users,
    repositories::user,
};
use keystead_domain::{
    Error, OrganizationId, Result, Timestamp, UserId,
    accounts::{Login, PasswordHash, UserStatus},
};
use keystead_store::{LoginAccount, LoginState, TakenLogin, UnitOfWork};
use sea_orm::{
    ConnectionTrait, DbBackend, FromQueryResult, Iterable, QueryResult, Statement, Value, prelude::DateTimeUtc,
};
use std::fmt::Write;
use uuid::Uuid;

const FUNCTION: &str = "SELECT * FROM keystead.find_login($1, $2, $3, $4, $5)";

/// One row, whoever is found or not. `user:` and the person's identifier is the key of the account's attempts.
const STATEMENT: &str = "SELECT u.id AS user_id, u.password_hash, u.status, u.locked_until, coalesce(
        (SELECT s.organization_id FROM sessions s
         JOIN memberships m ON m.organization_id = s.organization_id AND m.user_id = s.user_id AND m.status = 'active'
         JOIN organizations o ON o.id = m.organization_id AND o.status = 'active'
         WHERE s.user_id = u.id ORDER BY s.id DESC LIMIT 1),
        (SELECT m.organization_id FROM memberships m
         JOIN organizations o ON o.id = m.organization_id AND o.status = 'active'
         WHERE m.user_id = u.id AND m.status = 'active' ORDER BY m.id LIMIT 1)) AS organization_id,
        a.locked_until AS network_locked_until, a.last_success_at IS NOT NULL AS network_known
    FROM (SELECT 1) AS one LEFT JOIN users u ON u.{column} = $1
    LEFT JOIN sign_in_attempts a ON a.account_key = CASE WHEN u.id IS NULL THEN $2 ELSE 'user:' || lower(
            substr(hex(u.id), 1, 8) || '-' || substr(hex(u.id), 9, 4) || '-' || substr(hex(u.id), 13, 4) || '-' ||
            substr(hex(u.id), 17, 4) || '-' || substr(hex(u.id), 21)) END
        AND a.network_hash = $3 AND a.expires_at > $4";

/// The account with that login, if any, and what the network has done to it lately.
pub(crate) async fn find_login(
    store: &SqlStore,
    login: &Login,
    unknown_key: &str,
    network_hash: &[u8],
    now: Timestamp,
) -> Result<LoginState> {
    let (sql, values) = question(store.backend(), login, unknown_key, network_hash, now);
    let row = store.query_one(Statement::from_sql_and_values(store.backend(), sql, values)).await?;
    state(&found(row)?)
}

/// The same, as a transaction sees it, with the whole account of `person` and the roles that it holds where the transaction is:
/// one statement, since each costs SQLite a hand-over between threads.
pub(crate) async fn take_login(
    work: &SqlUnitOfWork,
    person: Option<UserId>,
    login: &Login,
    unknown_key: &str,
    network_hash: &[u8],
    now: Timestamp,
) -> Result<TakenLogin> {
    let backend = work.backend();
    let (sql, mut values) = question(backend, login, unknown_key, network_hash, now);
    values.push(person.map(UserId::as_uuid).into());
    values.push(work.scope().organization.map(OrganizationId::as_uuid).into());
    let question = Statement::from_sql_and_values(backend, with_person(backend, &sql, values.len()), values);
    let row = found(work.connection().query_one_raw(question).await.map_err(store_error)?)?;
    let user = match get::<Option<Uuid>>(&row, "own_id")? {
        Some(_) => Some(user(users::Model::from_query_result(&row, "own_").map_err(store_error)?)?),
        None => None,
    };
    let names: Option<serde_json::Value> = get(&row, "role_names")?;
    let roles = names.map(serde_json::from_value).transpose();
    let roles = roles.map_err(|error| Error::internal(format!("roles.name: {error}")))?;
    Ok(TakenLogin { state: state(&row)?, user, roles: roles.unwrap_or_default() })
}

/// `question` with two values more, the last of all: whose account is wanted, and where.
fn with_person(backend: DbBackend, question: &str, values: usize) -> String {
    let (person, organization) = (values - 1, values);
    let mut columns = String::new();
    for column in users::Column::iter() {
        let name = sea_orm::IdenStatic::as_str(&column);
        // Writing to a string cannot fail.
        let _ = write!(columns, "own.{name} AS own_{name}, ");
    }
    let list = if backend == DbBackend::Postgres { "json_agg" } else { "json_group_array" };
    format!(
        "SELECT found.*, {columns}(SELECT {list}(r.name ORDER BY r.name) FROM user_roles h
            JOIN roles r ON r.organization_id = h.role_organization_id AND r.id = h.role_id
            WHERE h.organization_id = ${organization} AND h.user_id = own.id) AS role_names
        FROM ({question}) AS found LEFT JOIN users own ON own.id = found.user_id AND own.id = ${person}"
    )
}

/// Whether it is an address, and what it is found by.
fn key_of(login: &Login) -> (bool, &str) {
    match login {
        Login::Email(email) => (true, email.key()),
        Login::Username(name) => (false, name.key()),
        // No key is empty, so nothing is found, in the time that finding takes.
        Login::Impossible => (false, ""),
    }
}

/// The statement and its values.
fn question(
    backend: DbBackend,
    login: &Login,
    unknown_key: &str,
    network_hash: &[u8],
    now: Timestamp,
) -> (String, Vec<Value>) {
    let (is_email, key) = key_of(login);
    let values = [key.into(), unknown_key.into(), network_hash.to_vec().into(), now.as_datetime().into()];
    if backend == DbBackend::Postgres {
        return (FUNCTION.to_owned(), [is_email.into()].into_iter().chain(values).collect());
    }
    let column = if is_email { "email_key" } else { "username_key" };
    (STATEMENT.replace("{column}", column), values.to_vec())
}

fn found(row: Option<QueryResult>) -> Result<QueryResult> {
    row.ok_or_else(|| Error::internal("find_login: no row"))
}

fn state(row: &QueryResult) -> Result<LoginState> {
    Ok(LoginState {
        account: account(row)?,
        network_locked_until: get::<Option<DateTimeUtc>>(row, "network_locked_until")?.map(Timestamp::new),
        network_known: get(row, "network_known")?,
    })
}

fn account(row: &QueryResult) -> Result<Option<LoginAccount>> {
    let Some(user) = get::<Option<Uuid>>(row, "user_id")? else { return Ok(None) };
    let status: String = get(row, "status")?;
    Ok(Some(LoginAccount {
        user_id: UserId::from_uuid(user),
        password_hash: PasswordHash::new(get(row, "password_hash")?),
        status: UserStatus::parse(&status).ok_or_else(|| Error::internal("users.status: unknown word"))?,
        locked_until: get::<Option<DateTimeUtc>>(row, "locked_until")?.map(Timestamp::new),
        organization_id: get::<Option<Uuid>>(row, "organization_id")?.map(OrganizationId::from_uuid),
    }))
}
