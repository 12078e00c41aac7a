//! The declared schema in SQLite's words.

use super::table::{Column, ColumnType, ForeignKey, Index, Table};
use keystead_domain::PLATFORM;
use std::fmt::Write;

/// Replaces the placeholders of a declared check or index condition.
pub(crate) fn fill(condition: &str) -> String {
    condition
        .replace("{platform}", &format!("X'{}'", PLATFORM.as_uuid().simple()))
        .replace("{true}", "1")
        .replace("{false}", "0")
}

impl ColumnType {
    /// The type's name in SQLite.
    #[must_use]
    pub const fn sqlite(self) -> &'static str {
        match self {
            Self::Uuid | Self::Bytes => "BLOB",
            Self::Text(_) | Self::LongText | Self::Timestamp | Self::Json => "TEXT",
            Self::Integer | Self::BigInteger | Self::Boolean => "INTEGER",
        }
    }
}

/// What PostgreSQL's type would refuse.
pub(crate) fn type_check(column: &Column) -> Option<String> {
    let name = column.name;
    match column.kind {
        ColumnType::Uuid => Some(format!("length({name}) = 16")),
        ColumnType::Text(max) => Some(format!("length({name}) <= {max}")),
        ColumnType::Boolean => Some(format!("{name} IN (0, 1)")),
        ColumnType::Json => Some(format!("json_valid({name})")),
        ColumnType::Integer => Some(format!("{name} BETWEEN -2147483648 AND 2147483647")),
        // Text sorts by time only while everyone writes the same offset.
        ColumnType::Timestamp => Some(format!("{name} GLOB '*+00:00'")),
        ColumnType::LongText | ColumnType::BigInteger | ColumnType::Bytes => None,
    }
}

fn column(column: &Column) -> String {
    let null = if column.nullable { "" } else { " NOT NULL" };
    let check = type_check(column).map(|check| format!(" CHECK ({check})")).unwrap_or_default();
    format!("{} {}{null}{check}", column.name, column.kind.sqlite())
}

fn foreign_key(table: &str, key: &ForeignKey) -> String {
    format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE {}",
        key.name(table),
        key.columns.join(", "),
        key.table,
        key.references.join(", "),
        key.on_delete.as_str()
    )
}

fn index(table: &str, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let only = index.only.map(|only| format!(" WHERE {}", fill(only))).unwrap_or_default();
    format!("CREATE {unique}INDEX {} ON {table} ({}){only};", index.name, index.columns.join(", "))
}

/// Refuses what is not allowed on a table whose rows are never changed. `INSERT OR REPLACE` removes a row without asking the
/// triggers that guard against removal, so it is refused by itself.
const APPEND_ONLY: &str = "CREATE TRIGGER {table}_refuse_update BEFORE UPDATE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'rows of {table} can be added, never changed or removed');
END;
CREATE TRIGGER {table}_refuse_delete BEFORE DELETE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'rows of {table} can be added, never changed or removed');
END;
CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} old WHERE {same})
BEGIN
    SELECT RAISE(ABORT, 'rows of {table} can be added, never changed or removed');
END;
";

/// Makes the table with its indexes and triggers.
#[must_use]
pub fn create(table: &Table) -> String {
    let name = table.name;
    let mut lines: Vec<String> = table.columns.iter().map(column).collect();
    lines.push(format!("CONSTRAINT {} PRIMARY KEY ({})", table.primary_key_name(), table.primary_key.join(", ")));
    lines.extend(table.checks.iter().map(|(name, condition)| format!("CONSTRAINT {name} CHECK ({})", fill(condition))));
    lines.extend(table.foreign_keys.iter().map(|key| foreign_key(name, key)));
    let mut sql = format!("-- {}\nCREATE TABLE {name} (\n    {}\n) STRICT;\n", table.about, lines.join(",\n    "));
    for declared in table.indexes.iter().filter(|declared| !declared.gin) {
        sql.push_str(&index(name, declared));
        sql.push('\n');
    }
    if table.append_only {
        let same: Vec<_> = table.primary_key.iter().map(|key| format!("old.{key} = NEW.{key}")).collect();
        sql.push_str(&APPEND_ONLY.replace("{table}", name).replace("{same}", &same.join(" AND ")));
    }
    sql
}

/// What makes the tables, in order.
#[must_use]
pub fn create_all(tables: &[&Table]) -> String {
    let mut sql = String::new();
    for table in tables {
        sql.push('\n');
        sql.push_str(&create(table));
    }
    sql
}

/// What takes the tables away, in the opposite order.
#[must_use]
pub fn drop_all(tables: &[&Table]) -> String {
    let mut sql = String::new();
    for table in tables.iter().rev() {
        let _ = writeln!(sql, "DROP TABLE {};", table.name);
    }
    sql
}
