//! The database roles on PostgreSQL: who owns, who serves, who migrates, who backs up.

mod password;

use crate::schema::{APP, BACKUP, MIGRATOR, OWNER};
use keystead_domain::{Error, ErrorKind, Result};
pub use password::RolePassword;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row, postgres::PgConnectOptions};
use std::{fmt::Write, time::Duration};

/// The passwords with which roles sign in; a role without one keeps what it has.
#[derive(Clone, Debug, Default)]
pub struct RoleOptions {
    /// Of `keystead_app`.
    pub app_password: Option<RolePassword>,
    /// Of `keystead_migrator`.
    pub migrator_password: Option<RolePassword>,
    /// Of `keystead_backup`.
    pub backup_password: Option<RolePassword>,
}

/// The SQL that makes the roles and the schema, for a database administrator to read and run. It can be run again.
/// Passwords appear only as SCRAM-SHA-256 verifiers (RFC 5803), from which they cannot be read back.
#[must_use]
pub fn role_sql(options: &RoleOptions) -> String {
    let mut sql = include_str!("roles.sql").to_owned();
    let passwords =
        [(APP, &options.app_password), (MIGRATOR, &options.migrator_password), (BACKUP, &options.backup_password)];
    for (role, password) in passwords {
        if let Some(password) = password {
            // A verifier is made of letters, digits and `$:+/=-`.
            let _ = writeln!(sql, "ALTER ROLE {role} PASSWORD '{}';", password.verifier());
        }
    }
    sql
}

/// Connects and makes the roles and the schema.
///
/// # Errors
/// When the database cannot be reached, or the role that signs in may not do it.
pub async fn apply_roles(address: &PgConnectOptions, options: &RoleOptions) -> Result<()> {
    let address = address.clone().disable_statement_logging();
    let mut connection = PgConnection::connect_with(&address).await.map_err(|error| failed("connecting", &error))?;
    let applied = apply(&mut connection, options).await;
    // The work is done or failed by now; how the line ends changes nothing.
    let _ = connection.close().await;
    applied
}

/// How often [`apply`] tries again when another database of the same server changes the same role at the same moment.
const TRIES: u32 = 10;

/// Makes the roles and the schema over this connection.
///
/// # Errors
/// When the role that signed in may not do it.
pub async fn apply(connection: &mut PgConnection, options: &RoleOptions) -> Result<()> {
    let sql = role_sql(options);
    let mut tries = 1;
    loop {
        match sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut *connection).await {
            Ok(_) => return Ok(()),
            Err(error) if tries < TRIES && is_concurrent_change(&error) => {
                tokio::time::sleep(Duration::from_millis(20) * tries).await;
                tries += 1;
            }
            Err(error) => return Err(failed("making the database roles", &error)),
        }
    }
}

/// Roles belong to the whole server, and locks to one database: two databases can meet at one role's row.
fn is_concurrent_change(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.message().contains("concurrently updated"))
}

fn failed(doing: &str, error: &sqlx::Error) -> Error {
    match error.as_database_error() {
        Some(refusal) => Error::new(
            ErrorKind::Invalid,
            "database_roles",
            format!(
                "{doing} failed: {}. Run the output of `keystead database roles` as superuser or as the database's owner with CREATEROLE.",
                refusal.message()
            ),
        ),
        None => Error::new(ErrorKind::Busy, "database_unreachable", "The database cannot be reached.")
            .with_internal(error.to_string()),
    }
}

/// Whom the server has signed in as, and how much that role could do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseUser {
    /// The role's name.
    pub name: String,
    /// No rule binds it.
    pub superuser: bool,
    /// It owns tables of Keystead, or belongs to the role that does.
    pub owns_tables: bool,
    /// Row-level security does not bind it.
    pub bypass_rls: bool,
    /// It can make roles.
    pub can_create_role: bool,
    /// It is `keystead_app` or a role that can become it.
    pub member_of_app: bool,
    /// It is `keystead_owner` or a role that can become it.
    pub member_of_owner: bool,
}

impl DatabaseUser {
    /// Whether row-level security would not bind a server that works as this role: such a server refuses to start in
    /// production, and elsewhere makes the roles and takes on [`APP`].
    #[must_use]
    pub fn is_too_strong(&self) -> bool {
        self.superuser || self.bypass_rls || self.owns_tables || self.member_of_owner || self.can_create_role
    }
}

/// Whom this connection has signed in as.
///
/// # Errors
/// When the database does not answer.
pub async fn who_am_i(connection: &mut PgConnection) -> Result<DatabaseUser> {
    // A role that does not exist has no members. `SET` is asked for where it is told apart from membership (16 and later).
    let may_become = |role: &str| {
        format!(
            "coalesce((SELECT CASE WHEN current_setting('server_version_num')::int >= 160000
                THEN pg_has_role(current_user, oid, 'SET') ELSE pg_has_role(current_user, oid, 'MEMBER') END
                FROM pg_roles WHERE rolname = '{role}'), false)"
        )
    };
    let sql = format!(
        "SELECT current_user::text, r.rolsuper, r.rolbypassrls, r.rolcreaterole, {}, {},
            EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'keystead' AND c.relkind IN ('r', 'p') AND pg_has_role(current_user, c.relowner, 'USAGE'))
         FROM pg_roles r WHERE r.rolname = current_user",
        may_become(APP),
        may_become(OWNER)
    );
    let row = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_one(connection).await;
    let row = row.map_err(|error| failed("asking who has signed in", &error))?;
    let flag = |index: usize| row.try_get::<bool, _>(index).map_err(|error| Error::internal(error.to_string()));
    Ok(DatabaseUser {
        name: row.try_get(0).map_err(|error| Error::internal(error.to_string()))?,
        superuser: flag(1)?,
        bypass_rls: flag(2)?,
        can_create_role: flag(3)?,
        member_of_app: flag(4)?,
        member_of_owner: flag(5)?,
        owns_tables: flag(6)?,
    })
}

/// Whether the roles and the schema are there.
///
/// # Errors
/// When the database does not answer.
pub async fn are_made(connection: &mut PgConnection) -> Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (
            SELECT FROM pg_namespace n, pg_roles owner, pg_roles app, pg_roles migrator, pg_roles backup
            WHERE n.nspname = 'keystead' AND n.nspowner = owner.oid
                AND owner.rolname = $1 AND app.rolname = $2 AND migrator.rolname = $3 AND backup.rolname = $4
                AND has_schema_privilege(app.oid, n.oid, 'USAGE')
                AND has_schema_privilege(backup.oid, n.oid, 'USAGE')
                AND pg_has_role(migrator.oid, owner.oid, 'MEMBER')
        )",
    )
    .bind(OWNER)
    .bind(APP)
    .bind(MIGRATOR)
    .bind(BACKUP)
    .persistent(false)
    .fetch_one(connection)
    .await
    .map_err(|error| failed("looking for the database roles", &error))
}
