//! A statement that enters its scope by itself.
//!
//! Opening a transaction, asking and ending it are three round trips. Where one question is asked and its answer is one
//! picture anyway, the statement itself can say on whose behalf it asks: PostgreSQL is told first, and looks at rows, which
//! the policies then judge, only when it has been told.

use keystead_domain::Scope;
use sea_orm::{Statement, Values};

/// `statement`, which reads, with `scope` for as long as it runs.
///
/// The condition on `scope` speaks of no row, so the planner puts it above everything else, as a filter that is looked at
/// once and before any row. Were it looked at later, the policies would see nobody's rows, never somebody else's: what
/// `set_config` sets ends with the statement.
pub(super) fn scoped(mut statement: Statement, scope: Scope) -> Statement {
    let Values(values) = statement.values.get_or_insert_with(|| Values(Vec::new()));
    let (organization, user) = (values.len() + 1, values.len() + 2);
    let text = |id: Option<String>| id.unwrap_or_default().into();
    values.push(text(scope.organization.map(|id| id.to_string())));
    values.push(text(scope.user.map(|id| id.to_string())));
    statement.sql = format!(
        "WITH scope AS MATERIALIZED (SELECT set_config('app.organization_id', ${organization}, true) IS NOT NULL \
         AND set_config('app.user_id', ${user}, true) IS NOT NULL AS entered) \
         SELECT seen.* FROM ({}) AS seen WHERE (SELECT entered FROM scope)",
        statement.sql
    );
    statement
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_domain::PLATFORM;
    use sea_orm::{DbBackend, Value};

    #[test]
    fn the_scope_follows_the_statements_own_values() {
        let asked = Statement::from_sql_and_values(DbBackend::Postgres, "SELECT $1", [7.into()]);
        let statement = scoped(asked, Scope::organization(PLATFORM));
        assert!(
            statement.sql.contains("'app.organization_id', $2, true")
                && statement.sql.contains("'app.user_id', $3, true")
        );
        assert!(statement.sql.contains("FROM (SELECT $1) AS seen"));
        let values = vec![Value::from(7), PLATFORM.to_string().into(), String::new().into()];
        assert_eq!(statement.values, Some(Values(values)));
    }
}
