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
    ConnectionTrait, DbBackend, FromQueryResult, IdenStatic, Iterable, QueryResult, Statement, Value,
    prelude::DateTimeUtc,
};
use std::sync::LazyLock;
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

/// One question in both its forms.
struct Texts {
    find: String,
    take: String,
}

static BY_EITHER: LazyLock<Texts> = LazyLock::new(|| Texts::of(FUNCTION.to_owned(), 5, "json_agg"));
static BY_ADDRESS: LazyLock<Texts> = LazyLock::new(|| Texts::by("email_key"));
static BY_USERNAME: LazyLock<Texts> = LazyLock::new(|| Texts::by("username_key"));

impl Texts {
    fn by(column: &str) -> Self {
        Self::of(STATEMENT.replace("{column}", column), 4, "json_group_array")
    }

    /// To take an account, `find` has two values more than its own: whose account is wanted, and where.
    fn of(find: String, values: usize, list: &str) -> Self {
        let columns = users::Column::iter().fold(String::new(), |columns, column| {
            let name = column.as_str();
            columns + "own." + name + " AS own_" + name + ", "
        });
        let (person, organization) = (values + 1, values + 2);
        let take = format!(
            "SELECT found.*, {columns}(SELECT {list}(r.name ORDER BY r.name) FROM user_roles h
                JOIN roles r ON r.organization_id = h.role_organization_id AND r.id = h.role_id
                WHERE h.organization_id = ${organization} AND h.user_id = own.id) AS role_names
            FROM ({find}) AS found LEFT JOIN users own ON own.id = found.user_id AND own.id = ${person}"
        );
        Self { find, take }
    }
}

/// The account with that login, if any, and what the network has done to it lately.
pub(crate) async fn find_login(
    store: &SqlStore,
    login: &Login,
    unknown_key: &str,
    network_hash: &[u8],
    now: Timestamp,
) -> Result<LoginState> {
    let (texts, values) = question(store.backend(), login, unknown_key, network_hash, now);
    let question = Statement::from_sql_and_values(store.backend(), texts.find.as_str(), values);
    let row = store.query_one_of_writer(question).await?;
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
    let (texts, mut values) = question(backend, login, unknown_key, network_hash, now);
    values.push(person.map(UserId::as_uuid).into());
    values.push(work.scope().organization.map(OrganizationId::as_uuid).into());
    let question = Statement::from_sql_and_values(backend, texts.take.as_str(), values);
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

/// Whether it is an address, and what it is found by.
fn key_of(login: &Login) -> (bool, &str) {
    match login {
        Login::Email(email) => (true, email.key()),
        Login::Username(name) => (false, name.key()),
        // No key is empty, so nothing is found, in the time that finding takes.
        Login::Impossible => (false, ""),
    }
}

fn question(
    backend: DbBackend,
    login: &Login,
    unknown_key: &str,
    network_hash: &[u8],
    now: Timestamp,
) -> (&'static Texts, Vec<Value>) {
    let (is_email, key) = key_of(login);
    let values = [key.into(), unknown_key.into(), network_hash.to_vec().into(), now.as_datetime().into()];
    if backend == DbBackend::Postgres {
        return (&BY_EITHER, [is_email.into()].into_iter().chain(values).collect());
    }
    (if is_email { &BY_ADDRESS } else { &BY_USERNAME }, values.to_vec())
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
