//! Statements that travel together.
//!
//! SQLite works in a thread of its own: each message wakes that thread and each answer wakes ours, which costs more than most
//! statements do. So what nobody waits for goes along with the next statement, in one message and in its order: the beginning
//! of a transaction, and writes that answer nothing. One that fails ends the message, and the next statement, or the commit,
//! fails with it.

use super::line::SqliteLease;
use futures::TryStreamExt;
use sea_orm::{Statement, Value, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{
    AssertSqlSafe, Either, Executor, Sqlite,
    query::Query,
    sqlite::{SqliteQueryResult, SqliteRow},
};
use std::fmt::Write;

/// A statement of SQLite, with its values.
pub(super) type SqliteQuery = Query<'static, Sqlite, SqlxValues>;

/// What goes along with the next message.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    sql: String,
    values: Vec<Value>,
    writes: bool,
    /// It was sent, and the answer is not known yet. Nothing is sent twice.
    sent: bool,
}

impl Waiting {
    /// What opens a transaction.
    pub(super) fn to_open(begin: &str) -> Self {
        Self { sql: begin.to_owned(), ..Self::default() }
    }
    /// Whether anything waits but what opens the transaction.
    pub(super) const fn writes(&self) -> bool {
        self.writes
    }
    /// After a message has been answered.
    pub(super) fn clear(&mut self) {
        if !self.sql.is_empty() {
            *self = Self::default();
        }
    }

    /// Puts a statement behind what waits already. Gives it back where its values could not be told from theirs.
    pub(super) fn add(&mut self, statement: Statement) -> Result<(), Statement> {
        let Statement { sql, values, db_backend } = statement;
        match self.followed_by(&sql, values.unwrap_or_else(|| Values(Vec::new()))) {
            Ok((sql, Values(values))) => {
                *self = Self { sql, values, writes: true, ..*self };
                Ok(())
            }
            Err(values) => Err(Statement { sql, values: Some(values), db_backend }),
        }
    }

    /// One message of all that waits and of a statement; its values where they could not be told from theirs.
    fn followed_by(&self, sql: &str, values: Values) -> Result<(String, Values), Values> {
        let Values(values) = values;
        let mut all = String::with_capacity(self.sql.len() + sql.len() + values.len() + 8);
        all.push_str(&self.sql);
        if !all.is_empty() {
            all.push(';');
        }
        if self.values.is_empty() {
            all.push_str(sql);
            return Ok((all, Values(values)));
        }
        if renumber(sql, self.values.len(), &mut all) != values.len() {
            return Err(Values(values));
        }
        Ok((all, Values(self.values.iter().cloned().chain(values).collect())))
    }

    /// The message of a statement and of all that waits; what cannot go along with it is sent first.
    pub(super) async fn message(
        &mut self,
        lease: &mut SqliteLease,
        sql: &str,
        values: Values,
    ) -> Result<SqliteQuery, sqlx::Error> {
        match self.followed_by(sql, values) {
            Ok((sql, values)) => {
                self.mark_sent()?;
                Ok(sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values)))
            }
            Err(values) => {
                self.send(lease).await?;
                Ok(sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values)))
            }
        }
    }

    /// Notes that what waits is sent.
    fn mark_sent(&mut self) -> Result<(), sqlx::Error> {
        if self.sent {
            let why = "a statement before has failed or was cut off";
            return Err(sqlx::Error::InvalidArgument(why.to_owned()));
        }
        self.sent = !self.sql.is_empty();
        Ok(())
    }

    /// Sends what waits by itself.
    pub(super) async fn send(&mut self, lease: &mut SqliteLease) -> Result<(), sqlx::Error> {
        if !self.sql.is_empty() {
            self.mark_sent()?;
            let values = SqlxValues(Values(self.values.clone()));
            last_done(sqlx::query_with(AssertSqlSafe(self.sql.as_str()), values), lease).await?;
            self.clear();
        }
        Ok(())
    }
}

/// What the last statement of a message has done. (All of them together are not it: the opening of a transaction would count
/// the rows of whatever was written before.)
pub(super) async fn last_done(query: SqliteQuery, lease: &mut SqliteLease) -> Result<SqliteQueryResult, sqlx::Error> {
    let mut answers = lease.connection()?.fetch_many(query);
    let mut last = SqliteQueryResult::default();
    while let Some(answer) = answers.try_next().await? {
        if let Either::Left(done) = answer {
            last = done;
        }
    }
    Ok(last)
}

/// The first row that a message answers.
pub(super) async fn row(query: SqliteQuery, lease: &mut SqliteLease) -> Result<Option<SqliteRow>, sqlx::Error> {
    query.fetch_optional(lease.connection()?).await
}

/// Every row that a message answers.
pub(super) async fn rows(query: SqliteQuery, lease: &mut SqliteLease) -> Result<Vec<SqliteRow>, sqlx::Error> {
    query.fetch_all(lease.connection()?).await
}

/// Two statements as one of PostgreSQL, which looks at references when both are done.
pub(super) fn in_one(first: Statement, second: Statement) -> Statement {
    let values = |values: Option<Values>| values.map(|Values(values)| values).unwrap_or_default();
    let (db_backend, mut values, after) = (first.db_backend, values(first.values), values(second.values));
    let mut sql = format!("WITH first AS ({}) ", first.sql);
    renumber(&second.sql, values.len(), &mut sql);
    values.extend(after);
    Statement { sql, values: Some(Values(values)), db_backend }
}

/// Writes `sql` into `out`, with the places of its values, `?` or `$1`, counted on from `before`. Returns the highest of its
/// own numbers.
fn renumber(sql: &str, before: usize, out: &mut String) -> usize {
    let (mut next, mut highest, mut quote) = (0, 0, None);
    let mut rest = sql.chars().peekable();
    while let Some(letter) = rest.next() {
        let number = match (quote, letter) {
            (Some(end), _) => {
                quote = Some(end).filter(|end| *end != letter);
                None
            }
            (None, '\'' | '"') => {
                quote = Some(letter);
                None
            }
            (None, '?') => {
                next += 1;
                Some(next)
            }
            (None, '$') => {
                let mut number = 0_usize;
                while let Some(digit) = rest.peek().and_then(|digit| digit.to_digit(10)) {
                    number = number.saturating_mul(10).saturating_add(digit as usize);
                    rest.next();
                }
                Some(number)
            }
            _ => None,
        };
        if let Some(number) = number {
            highest = highest.max(number);
            // Writing to a string cannot fail.
            let _ = write!(out, "${}", before + number);
        } else {
            out.push(letter);
        }
    }
    highest
}

#[cfg(test)]
mod tests;
