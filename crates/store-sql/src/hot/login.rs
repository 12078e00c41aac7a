//! What sign-in must know before anyone is signed in.

use super::get;
use crate::engine::{SqlStore, SqlUnitOfWork, errors::store_error};
use keystead_domain::{
    Error, OrganizationId, Result, Scope, Timestamp, UserId,
    accounts::{Login, PasswordHash, UserStatus},
};
use keystead_store::{LoginAccount, LoginState};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, prelude::DateTimeUtc};
use uuid::Uuid;

const FUNCTION: &str = "SELECT * FROM keystead.find_login($1, $2, $3, $4, $5)";

const STATEMENT: &str = "SELECT u.id AS user_id, u.password_hash, u.status, u.locked_until, coalesce(
        (SELECT s.organization_id FROM sessions s
         JOIN memberships m ON m.organization_id = s.organization_id AND m.user_id = s.user_id AND m.status = 'active'
         JOIN organizations o ON o.id = m.organization_id AND o.status = 'active'
         WHERE s.user_id = u.id ORDER BY s.id DESC LIMIT 1),
        (SELECT m.organization_id FROM memberships m
         JOIN organizations o ON o.id = m.organization_id AND o.status = 'active'
         WHERE m.user_id = u.id AND m.status = 'active' ORDER BY m.id LIMIT 1)) AS organization_id
    FROM users u";

const ATTEMPTS: &str = "SELECT locked_until AS network_locked_until, last_success_at IS NOT NULL AS network_known
    FROM sign_in_attempts WHERE account_key = $1 AND network_hash = $2 AND expires_at > $3";

/// The account with that login, if any, and what the network has done to it lately.
pub(crate) async fn find_login(
    store: &SqlStore,
    login: &Login,
    unknown_key: &str,
    network_hash: &[u8],
    now: Timestamp,
) -> Result<LoginState> {
    if store.backend() == DbBackend::Postgres {
        return answer(store.query_one(call(login, unknown_key, network_hash, now)).await?);
    }
    by_statements(&store.read_sql(Scope::NONE).await?, login, unknown_key, network_hash, now).await
}

/// The same, as a transaction sees it.
pub(crate) async fn find_login_within(
    work: &SqlUnitOfWork,
    login: &Login,
    unknown_key: &str,
    network_hash: &[u8],
    now: Timestamp,
) -> Result<LoginState> {
    if work.backend() == DbBackend::Postgres {
        let call = call(login, unknown_key, network_hash, now);
        return answer(work.connection().query_one_raw(call).await.map_err(store_error)?);
    }
    by_statements(work, login, unknown_key, network_hash, now).await
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

fn call(login: &Login, unknown_key: &str, network_hash: &[u8], now: Timestamp) -> Statement {
    let (is_email, key) = key_of(login);
    let values =
        [is_email.into(), key.into(), unknown_key.into(), network_hash.to_vec().into(), now.as_datetime().into()];
    Statement::from_sql_and_values(DbBackend::Postgres, FUNCTION, values)
}

fn answer(row: Option<QueryResult>) -> Result<LoginState> {
    let row = row.ok_or_else(|| Error::internal("find_login: no row"))?;
    Ok(LoginState {
        account: account(&row)?,
        network_locked_until: get::<Option<DateTimeUtc>>(&row, "network_locked_until")?.map(Timestamp::new),
        network_known: get(&row, "network_known")?,
    })
}

async fn by_statements(
    work: &SqlUnitOfWork,
    login: &Login,
    unknown_key: &str,
    network_hash: &[u8],
    now: Timestamp,
) -> Result<LoginState> {
    let (is_email, key) = key_of(login);
    let column = if is_email { "email_key" } else { "username_key" };
    let sql = format!("{STATEMENT} WHERE u.{column} = $1");
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [key.into()]);
    let row = work.connection().query_one_raw(statement).await.map_err(store_error)?;
    let account = row.as_ref().map(account).transpose()?.flatten();
    let account_key =
        account.as_ref().map_or_else(|| unknown_key.to_owned(), |account| format!("user:{}", account.user_id));
    let values = [account_key.into(), network_hash.to_vec().into(), now.as_datetime().into()];
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, ATTEMPTS, values);
    let row = work.connection().query_one_raw(statement).await.map_err(store_error)?;
    let (network_locked_until, network_known) = match row {
        Some(row) => (get::<Option<DateTimeUtc>>(&row, "network_locked_until")?, get(&row, "network_known")?),
        None => (None, false),
    };
    Ok(LoginState { account, network_locked_until: network_locked_until.map(Timestamp::new), network_known })
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
