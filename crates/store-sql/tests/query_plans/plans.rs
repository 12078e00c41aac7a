//! Reads plans.

use sqlx::{AssertSqlSafe, PgConnection, Row, SqliteConnection};
use std::collections::{BTreeSet, HashMap};

/// What the plans of a case use.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) indexes: BTreeSet<String>,
    /// Tables that are read from end to end.
    pub(crate) scans: BTreeSet<String>,
    pub(crate) text: String,
}

/// The index of each partition, with the declared one it belongs to; and each partition with its table.
pub(crate) async fn partitioned_indexes(connection: &mut PgConnection) -> HashMap<String, String> {
    let sql = "SELECT i.inhrelid::regclass::text, i.inhparent::regclass::text FROM pg_inherits i";
    let rows = sqlx::query(sql).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Without values and with no long lines: what a person needs to see what went wrong.
fn shortened(texts: &[String]) -> String {
    let lines = texts.iter().flat_map(|text| text.lines()).filter(|line| !line.contains("Query Parameters"));
    lines.map(|line| line.chars().take(240).collect::<String>()).collect::<Vec<_>>().join("\n")
}

pub(crate) fn of_postgres(texts: &[String], parents: &HashMap<String, String>) -> Plan {
    let mut plan = Plan { text: shortened(texts), ..Plan::default() };
    let whole = |name: &str| {
        let name = name.rsplit('.').next().unwrap_or(name);
        parents.get(name).map_or(name, |parent| parent.rsplit('.').next().unwrap_or(parent)).to_owned()
    };
    let word_after = |line: &str, words: &str| {
        line.split_once(words).and_then(|(_, rest)| rest.split_whitespace().next()).map(whole)
    };
    for line in plan.text.lines().map(str::trim) {
        let index = word_after(line, "Bitmap Index Scan on ").or_else(|| {
            let is_index_scan = line.contains("Index Scan") || line.contains("Index Only Scan");
            is_index_scan.then(|| word_after(line, " using ")).flatten()
        });
        plan.indexes.extend(index);
        // A partition or a table without rows is read from end to end at no cost.
        if !line.contains("cost=0.00..0.00 ") {
            plan.scans.extend(word_after(line, "Seq Scan on "));
        }
    }
    plan
}

pub(crate) async fn of_sqlite(connection: &mut SqliteConnection, statements: &[String]) -> Plan {
    let mut plan = Plan::default();
    for sql in statements {
        let verb = sql.split_whitespace().next().unwrap_or_default();
        if !["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&verb) {
            continue;
        }
        let explained =
            sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(&mut *connection).await;
        plan.text += &format!("{sql}\n");
        for row in explained.unwrap_or_else(|error| panic!("{sql}: {error}")) {
            let detail: String = row.get("detail");
            plan.text += &format!("    {detail}\n");
            let index = ["USING INDEX ", "USING COVERING INDEX "]
                .iter()
                .find_map(|words| detail.split_once(words))
                .and_then(|(_, rest)| rest.split_whitespace().next());
            match (index, detail.strip_prefix("SCAN ").and_then(|rest| rest.split_whitespace().next())) {
                (Some(index), scanned) => {
                    // The index of a primary key has no name of its own.
                    let name = match index.strip_prefix("sqlite_autoindex_").and_then(|rest| rest.strip_suffix("_1")) {
                        Some(table) => format!("{table}_pkey"),
                        None => index.to_owned(),
                    };
                    // Walking a whole index is a scan, too, but one that a LIMIT ends.
                    if scanned.is_some() {
                        plan.indexes.insert(format!("walk:{name}"));
                    }
                    plan.indexes.insert(name);
                }
                (None, Some(table)) if keystead_store_sql::schema::table(table).is_some() => {
                    plan.scans.insert(table.to_owned());
                }
                _ => {}
            }
        }
    }
    plan
}
