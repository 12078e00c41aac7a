//! The reference pages of the schema: Markdown for people, JSON for the diagram.

use super::{
    SCHEMA_MIGRATIONS, TABLES,
    table::{Class, Column, ForeignKey, Index, Sensitivity, Table},
};
use serde_json::{Value, json};
use std::fmt::Write;

/// Every table, also the one that the migrator keeps for itself.
pub fn all() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().copied().chain([&SCHEMA_MIGRATIONS])
}

/// The features that have tables, in the order in which they first appear.
fn features() -> Vec<&'static str> {
    let mut features = Vec::new();
    for table in all() {
        if !features.contains(&table.feature) {
            features.push(table.feature);
        }
    }
    features
}

const fn class_words(class: Class) -> &'static str {
    match class {
        Class::Organization => "rows of the transaction's organization",
        Class::Inherited => "rows of the transaction's organization; the platform's are readable, too",
        Class::Personal => "rows of the transaction's person",
        Class::Platform => "readable by all, written by the platform only",
        Class::System => "reached only through functions of the owner",
    }
}

/// The schema reference: every table with its columns, keys, indexes and rights.
#[must_use]
pub fn schema_markdown() -> String {
    let mut page = String::from(
        "# Schema\n\nThe same tables on PostgreSQL (in the schema `keystead`) and on SQLite. Who may see a row is enforced by the \
         database on PostgreSQL, and by every statement on both.\n\n| class | who may see a row |\n| --- | --- |\n",
    );
    for class in [Class::Organization, Class::Inherited, Class::Personal, Class::Platform, Class::System] {
        let _ = writeln!(page, "| {} | {} |", class.as_str(), class_words(class));
    }
    for feature in features() {
        let _ = write!(page, "\n## {feature}\n");
        for table in all().filter(|table| table.feature == feature) {
            describe(&mut page, table);
        }
    }
    page
}

fn describe(page: &mut String, table: &Table) {
    let _ = write!(page, "\n### `{}`\n\n{}\n\n", table.name, table.about);
    let _ = writeln!(page, "- Class {}: {}.", table.class.as_str(), class_words(table.class));
    for (word, condition) in [("Read where", table.may_read), ("Written where", table.may_write)] {
        if let Some(condition) = condition {
            let _ = writeln!(page, "- {word} `{condition}`.");
        }
    }
    let rights: Vec<_> = table.app_may.iter().map(|right| right.as_str()).collect();
    let rights = if rights.is_empty() { "nothing".to_owned() } else { rights.join(", ") };
    let _ = writeln!(page, "- The server may: {rights}.");
    if table.append_only {
        page.push_str("- Rows can be added, never changed or removed: triggers refuse it, to the owner, too.\n");
    }
    if let Some(by) = table.partitioned_by {
        let _ = writeln!(page, "- On PostgreSQL it is partitioned by month of `{by}`.");
    }
    page.push_str(
        "\n| column | PostgreSQL | SQLite | null | worth | meaning |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for column in table.columns {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} |",
            column.name,
            column.kind.postgres(),
            column.kind.sqlite(),
            if column.nullable { "yes" } else { "" },
            column.sensitivity.as_str(),
            cell(column.about)
        );
    }
    let _ = write!(page, "\nPrimary key: {}.\n", code(table.primary_key));
    list(page, "Refers to", table.foreign_keys.iter().map(|key| foreign_key(table, key)));
    list(page, "Indexes", table.indexes.iter().map(index));
    list(page, "Conditions", table.checks.iter().map(|(name, check)| format!("`{name}`: `{check}`")));
}

fn list(page: &mut String, title: &str, items: impl Iterator<Item = String>) {
    let mut items = items.peekable();
    if items.peek().is_some() {
        let _ = write!(page, "\n{title}:\n\n");
        for item in items {
            let _ = writeln!(page, "- {item}");
        }
    }
}

fn foreign_key(table: &Table, key: &ForeignKey) -> String {
    format!(
        "`{}` ({}), by {}; `{}`, on delete {}",
        key.table,
        key.references.join(", "),
        code(key.columns),
        key.name(table.name),
        key.on_delete.as_str().to_lowercase()
    )
}

fn index(index: &Index) -> String {
    let unique = if index.unique { ", unique" } else { "" };
    let gin = if index.gin { ", GIN, on PostgreSQL only" } else { "" };
    let only = index.only.map(|only| format!(", where `{only}`")).unwrap_or_default();
    format!("`{}` on {}{unique}{gin}{only}", index.name, code(index.columns))
}

fn code(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ")
}

/// Text for a cell of a table, in which `user:<id>` is not taken for HTML.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

/// The data register: every column and what it is worth to a thief.
#[must_use]
pub fn register_markdown() -> String {
    let mut page = String::from("# Data register\n\nEvery column, and what its values are worth to a thief.\n\n");
    for (sensitivity, words) in [
        (Sensitivity::Secret, "opens something: hashes of passwords and tokens, sealed keys; never leaves the server"),
        (Sensitivity::Sensitive, "about a person, and reading it is recorded"),
        (Sensitivity::Personal, "about a person"),
        (Sensitivity::Public, "nothing: identifiers, times, states"),
    ] {
        let _ = writeln!(page, "- **{}**: {words}. {} columns.", sensitivity.as_str(), of(sensitivity).count());
    }
    for sensitivity in [Sensitivity::Secret, Sensitivity::Sensitive, Sensitivity::Personal, Sensitivity::Public] {
        let name = sensitivity.as_str();
        let title = name.chars().next().map(|first| first.to_uppercase().to_string() + &name[first.len_utf8()..]);
        let _ =
            write!(page, "\n## {}\n\n| table | column | meaning |\n| --- | --- | --- |\n", title.unwrap_or_default());
        for (table, column) in of(sensitivity) {
            let _ = writeln!(page, "| `{}` | `{}` | {} |", table.name, column.name, cell(column.about));
        }
    }
    page
}

fn of(sensitivity: Sensitivity) -> impl Iterator<Item = (&'static Table, &'static Column)> {
    all()
        .flat_map(|table| table.columns.iter().map(move |column| (table, column)))
        .filter(move |(_, column)| column.sensitivity == sensitivity)
}

/// The schema for programs: the diagram is drawn from it.
#[must_use]
pub fn schema_json() -> Value {
    json!({ "tables": all().map(table_json).collect::<Vec<_>>() })
}

fn table_json(table: &Table) -> Value {
    let columns = table.columns.iter().map(|column| {
        json!({
            "name": column.name,
            "postgres": column.kind.postgres(),
            "sqlite": column.kind.sqlite(),
            "nullable": column.nullable,
            "sensitivity": column.sensitivity.as_str(),
            "about": column.about,
        })
    });
    let foreign_keys = table.foreign_keys.iter().map(|key| {
        json!({
            "name": key.name(table.name),
            "columns": key.columns,
            "table": key.table,
            "references": key.references,
            "on_delete": key.on_delete.as_str(),
        })
    });
    let indexes = table.indexes.iter().map(|index| {
        json!({
            "name": index.name,
            "columns": index.columns,
            "unique": index.unique,
            "only": index.only,
            "gin": index.gin,
        })
    });
    json!({
        "name": table.name,
        "feature": table.feature,
        "class": table.class.as_str(),
        "about": table.about,
        "columns": columns.collect::<Vec<_>>(),
        "primary_key": table.primary_key,
        "foreign_keys": foreign_keys.collect::<Vec<_>>(),
        "indexes": indexes.collect::<Vec<_>>(),
        "append_only": table.append_only,
        "partitioned_by": table.partitioned_by,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_is_on_every_page() {
        let (schema, register, json) = (schema_markdown(), register_markdown(), schema_json().to_string());
        for table in all() {
            assert!(schema.contains(&format!("### `{}`", table.name)), "{}", table.name);
            assert!(json.contains(&format!("\"name\":\"{}\"", table.name)), "{}", table.name);
            for column in table.columns {
                assert!(register.contains(&format!("| `{}` | `{}` |", table.name, column.name)), "{}", column.name);
            }
        }
    }
}
