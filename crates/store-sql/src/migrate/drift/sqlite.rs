//! What SQLite says about its tables.

use super::{
    super::connection::failed,
    expression::canonical,
    live::{Live, LiveColumn, LiveForeignKey, LiveIndex, LiveTable},
};
use keystead_domain::Result;
use sqlx::{Row, SqliteConnection};

/// Reads the whole schema.
pub(super) async fn read(connection: &mut SqliteConnection) -> Result<Live> {
    tables(connection).await.map_err(|error| failed("reading the schema", &error))
}

async fn tables(connection: &mut SqliteConnection) -> Result<Live, sqlx::Error> {
    let mut live = Live::default();
    let found = sqlx::query(
        "SELECT t.name, t.strict, s.sql FROM pragma_table_list t JOIN sqlite_schema s ON s.name = t.name AND s.type = 'table'
         WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in found {
        let name: String = row.try_get(0)?;
        let sql: String = row.try_get(2)?;
        let mut table = LiveTable { strict: row.try_get(1)?, ..LiveTable::default() };
        columns(connection, &name, &mut table).await?;
        indexes(connection, &name, &mut table).await?;
        foreign_keys(connection, &name, &sql, &mut table).await?;
        for (name, condition) in checks(&sql) {
            let condition = canonical(&condition);
            table.checks.insert(name.unwrap_or_else(|| condition.clone()), condition);
        }
        let triggers: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = $1")
                .bind(&name)
                .fetch_all(&mut *connection)
                .await?;
        table.triggers.extend(triggers);
        live.tables.insert(name, table);
    }
    Ok(live)
}

async fn columns(connection: &mut SqliteConnection, name: &str, table: &mut LiveTable) -> Result<(), sqlx::Error> {
    let found = sqlx::query("SELECT name, type, \"notnull\", pk FROM pragma_table_info($1) ORDER BY pk").bind(name);
    for row in found.fetch_all(connection).await? {
        let column: String = row.try_get(0)?;
        if row.try_get::<i64, _>(3)? > 0 {
            table.primary_key.push(column.clone());
        }
        table.columns.insert(column, LiveColumn { kind: row.try_get(1)?, nullable: !row.try_get::<bool, _>(2)? });
    }
    Ok(())
}

async fn indexes(connection: &mut SqliteConnection, name: &str, table: &mut LiveTable) -> Result<(), sqlx::Error> {
    let found = sqlx::query(
        "SELECT i.name, i.\"unique\", s.sql FROM pragma_index_list($1) i LEFT JOIN sqlite_schema s ON s.name = i.name AND s.type = 'index'
         WHERE i.origin <> 'pk'",
    )
    .bind(name);
    for row in found.fetch_all(&mut *connection).await? {
        let index: String = row.try_get(0)?;
        let columns: Vec<Option<String>> = sqlx::query_scalar("SELECT name FROM pragma_index_info($1) ORDER BY seqno")
            .bind(&index)
            .fetch_all(&mut *connection)
            .await?;
        let sql: Option<String> = row.try_get(2)?;
        let only = sql.as_deref().and_then(|sql| sql.split_once(" WHERE ")).map(|(_, only)| canonical(only));
        let columns = columns.into_iter().map(|column| column.unwrap_or_else(|| "(expression)".to_owned())).collect();
        table.indexes.insert(index, LiveIndex { columns, unique: row.try_get(1)?, gin: false, only, valid: true });
    }
    Ok(())
}

async fn foreign_keys(
    connection: &mut SqliteConnection,
    name: &str,
    sql: &str,
    table: &mut LiveTable,
) -> Result<(), sqlx::Error> {
    let found = sqlx::query(
        "SELECT id, \"table\", \"from\", coalesce(\"to\", ''), on_delete FROM pragma_foreign_key_list($1) ORDER BY id, seq",
    )
    .bind(name);
    let mut keys: Vec<(i64, LiveForeignKey)> = Vec::new();
    for row in found.fetch_all(connection).await? {
        let id: i64 = row.try_get(0)?;
        if keys.last().is_none_or(|(last, _)| *last != id) {
            let key =
                LiveForeignKey { table: row.try_get(1)?, on_delete: row.try_get(4)?, ..LiveForeignKey::default() };
            keys.push((id, key));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push(row.try_get(2)?);
            key.references.push(row.try_get(3)?);
        }
    }
    for (id, key) in keys {
        // The engine forgets the names of constraints; the table's own statement has them.
        let clause = format!(" FOREIGN KEY ({})", key.columns.join(", "));
        let before = sql.split_once(&clause).map_or("", |(before, _)| before);
        let constraint = before.rsplit_once("CONSTRAINT ").map(|(_, name)| name.trim().to_owned());
        let constraint = constraint.filter(|name| !name.contains(char::is_whitespace));
        table.foreign_keys.insert(constraint.unwrap_or_else(|| format!("(without name {id})")), key);
    }
    Ok(())
}

/// The conditions in a `CREATE TABLE` statement, with their names where they have one.
fn checks(sql: &str) -> Vec<(Option<String>, String)> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once("CHECK (") {
        let name = before.trim_end().rsplit_once("CONSTRAINT ").map(|(_, name)| name.trim().to_owned());
        let name = name.filter(|name| !name.contains(char::is_whitespace));
        let (mut depth, mut quoted, mut end) = (1_usize, false, after.len());
        for (at, letter) in after.char_indices() {
            match letter {
                '\'' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                end = at;
                break;
            }
        }
        let (condition, remaining) = after.split_at(end);
        found.push((name, condition.to_owned()));
        rest = remaining;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::checks;

    #[test]
    fn conditions_are_found_with_and_without_name() {
        let sql = "CREATE TABLE t (a TEXT NOT NULL CHECK (length(a) <= 5), CONSTRAINT t_check CHECK (a IN ('(', 'x')), b INTEGER)";
        let expected = [(None, "length(a) <= 5"), (Some("t_check"), "a IN ('(', 'x')")];
        let expected = expected.map(|(name, condition)| (name.map(str::to_owned), condition.to_owned()));
        assert_eq!(checks(sql), expected);
    }
}
