//! Failed sign-ins, counted per account and network.

use crate::{
    engine::{SqlUnitOfWork, errors::store_error},
    hot,
};
use async_trait::async_trait;
use keystead_domain::{Result, Timestamp, UserId, accounts::Login};
use keystead_store::{FailedAttempt, SignInAttempts, TakenLogin};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

/// How long a network from which somebody has signed in stays known to the account, in seconds.
const KNOWN_FOR: i64 = 90 * 24 * 60 * 60;

const FAILURE: &str = "INSERT INTO sign_in_attempts (account_key, network_hash, failed_attempts, last_failed_at, locked_until, expires_at)
    VALUES ($1, $2, 1, $3, CASE WHEN $6 <= 1 THEN $5 END, $7)
    ON CONFLICT (account_key, network_hash) DO UPDATE SET
        failed_attempts = CASE WHEN last_failed_at >= $4 THEN failed_attempts + 1 ELSE 1 END,
        last_failed_at = $3,
        locked_until = CASE WHEN (CASE WHEN last_failed_at >= $4 THEN failed_attempts + 1 ELSE 1 END) >= $6
            THEN $5 ELSE locked_until END,
        expires_at = max(expires_at, $7)
    RETURNING failed_attempts = $6";

/// The account's failures begin anew where none of its networks has failed lately.
const USER_FAILURE: &str = "UPDATE users AS u SET failed_login_attempts = n.failures,
        locked_until = CASE WHEN n.failures >= $2 THEN $3 ELSE u.locked_until END
    FROM (
        SELECT id, CASE WHEN EXISTS (SELECT 1 FROM sign_in_attempts WHERE account_key = $4 AND last_failed_at >= $5)
            THEN failed_login_attempts + 1 ELSE 1 END AS failures
        FROM users WHERE id = $1
    ) AS n
    WHERE u.id = n.id RETURNING failed_login_attempts = $2";

/// On SQLite the transaction has the whole database to itself.
const TAKE: &str = "SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE";

const SUCCESS: &str = "INSERT INTO sign_in_attempts (account_key, network_hash, failed_attempts, last_success_at, expires_at)
    VALUES ($1, $2, 0, $3, $4)
    ON CONFLICT (account_key, network_hash) DO UPDATE SET failed_attempts = 0, last_failed_at = NULL, locked_until = NULL,
        last_success_at = $3, expires_at = max(expires_at, $4)";

const CLEAR: &str = "UPDATE sign_in_attempts SET failed_attempts = 0, last_failed_at = NULL, locked_until = NULL WHERE account_key = $1";

const CLEAR_USER: &str = "UPDATE users SET failed_login_attempts = 0, locked_until = NULL WHERE id = $1";

impl SqlUnitOfWork {
    /// The first column of the first row, where it is a truth.
    async fn truth(&self, sql: &str, values: Vec<Value>) -> Result<bool> {
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        let row = self.connection().query_one_raw(statement).await.map_err(store_error)?;
        row.map_or(Ok(false), |row| row.try_get_by_index(0).map_err(store_error))
    }
    /// Calls the function on PostgreSQL, runs the statement on SQLite.
    async fn call(&self, function: &str, statement: &str, values: Vec<Value>) -> Result<()> {
        let sql = if self.backend() == DbBackend::Postgres { function } else { statement };
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        self.connection().execute_along(statement).await.map_err(store_error)
    }
}

#[async_trait]
impl SignInAttempts for SqlUnitOfWork {
    async fn take_login(
        &self,
        user: Option<UserId>,
        login: &Login,
        unknown_key: &str,
        network_hash: &[u8],
        now: Timestamp,
    ) -> Result<TakenLogin> {
        if let Some(user) = user {
            self.may_write_for(user)?;
        }
        if self.backend() == DbBackend::Postgres {
            // A statement of its own: the next one must see what this one has waited for.
            self.call(TAKE, "", vec![user.map(UserId::as_uuid).into()]).await?;
        }
        hot::take_login(self, user, login, unknown_key, network_hash, now).await
    }

    async fn record_failure(&self, attempt: &FailedAttempt) -> Result<bool> {
        let FailedAttempt { account_key, user, network_hash, now, policy } = attempt;
        let counts_from = now.plus_seconds(-policy.lock_seconds);
        let locked_until = now.plus_seconds(policy.lock_seconds);
        let expires_at = now.plus_seconds(policy.lock_seconds.saturating_mul(2));
        if self.backend() == DbBackend::Postgres {
            let values = vec![
                account_key.as_str().into(),
                user.map(UserId::as_uuid).into(),
                network_hash.clone().into(),
                now.as_datetime().into(),
                counts_from.as_datetime().into(),
                locked_until.as_datetime().into(),
                policy.network_attempts.into(),
                policy.account_attempts.into(),
                expires_at.as_datetime().into(),
            ];
            let sql = "SELECT keystead.record_sign_in_failure($1, $2, $3, $4, $5, $6, $7, $8, $9)";
            return self.truth(sql, values).await;
        }
        // Without an account it changes nothing, in the time that changing takes.
        let values = vec![
            user.map(UserId::as_uuid).into(),
            policy.account_attempts.into(),
            locked_until.as_datetime().into(),
            account_key.as_str().into(),
            counts_from.as_datetime().into(),
        ];
        let account_locked = self.truth(USER_FAILURE, values).await?;
        let values = vec![
            account_key.as_str().into(),
            network_hash.clone().into(),
            now.as_datetime().into(),
            counts_from.as_datetime().into(),
            locked_until.as_datetime().into(),
            policy.network_attempts.into(),
            expires_at.as_datetime().into(),
        ];
        let network_locked = self.truth(FAILURE, values).await?;
        Ok(network_locked || account_locked)
    }

    async fn record_success(&self, account_key: &str, network_hash: &[u8], now: Timestamp) -> Result<()> {
        let expires_at = now.plus_seconds(KNOWN_FOR);
        let values = vec![
            account_key.into(),
            network_hash.to_vec().into(),
            now.as_datetime().into(),
            expires_at.as_datetime().into(),
        ];
        self.call("SELECT keystead.record_sign_in_success($1, $2, $3, $4)", SUCCESS, values).await
    }

    async fn clear(&self, account_key: &str) -> Result<()> {
        if self.backend() == DbBackend::Sqlite
            && let Some(Ok(user)) = account_key.strip_prefix("user:").map(Uuid::parse_str)
        {
            self.call("", CLEAR_USER, vec![user.into()]).await?;
        }
        self.call("SELECT keystead.clear_sign_in_attempts($1)", CLEAR, vec![account_key.into()]).await
    }
}
