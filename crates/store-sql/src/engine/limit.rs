//! How many rows are wanted, as a part of the statement.
//!
//! PostgreSQL keeps a statement's plan where it does not look dearer than plans that are made for the values at hand. Of a
//! LIMIT that is a value it knows nothing when it makes the plan to keep, and reckons with a tenth of all rows: in a large
//! table that looks so dear that it plans every time anew, which takes longer than the page itself.

use sea_orm::{Statement, Value};

/// `statement`, with the number of its LIMIT at its end written out. There are few such numbers: the sizes of pages and of
/// batches, all of them bounded.
pub(super) fn with_plain_limit(mut statement: Statement) -> Statement {
    let Some((before, number)) = statement.sql.rsplit_once(" LIMIT $") else { return statement };
    let Some(values) = &mut statement.values else { return statement };
    if number.parse() != Ok(values.0.len()) {
        return statement;
    }
    if let Some(&Value::BigUnsigned(Some(limit))) = values.0.last() {
        statement.sql = format!("{before} LIMIT {limit}");
        values.0.pop();
    }
    statement
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::{DbBackend, Values};

    fn plain(sql: &str, values: impl IntoIterator<Item = u64>) -> (String, usize) {
        let values = values.into_iter().map(Value::from);
        let statement = with_plain_limit(Statement::from_sql_and_values(DbBackend::Postgres, sql, values));
        (statement.sql, statement.values.map_or(0, |Values(values)| values.len()))
    }

    #[test]
    fn the_last_value_is_written_out_where_it_is_the_limit() {
        assert_eq!(plain("SELECT a WHERE b > $1 LIMIT $2", [7, 51]), ("SELECT a WHERE b > $1 LIMIT 51".to_owned(), 1));
        for (sql, values) in [
            ("SELECT a LIMIT $1 FOR UPDATE", 1),
            ("SELECT a LIMIT $1 OFFSET $2", 2),
            ("SELECT a WHERE b IN (SELECT c LIMIT $1) AND d > $2", 2),
            ("SELECT a FROM (SELECT b LIMIT $1) WHERE c = $2 LIMIT $1", 2),
        ] {
            assert_eq!(plain(sql, 0..values), (sql.to_owned(), values as usize));
        }
        let sql = "SELECT a LIMIT $1";
        let text = with_plain_limit(Statement::from_sql_and_values(DbBackend::Postgres, sql, ["5".into()]));
        assert_eq!(text.sql, sql);
    }
}
