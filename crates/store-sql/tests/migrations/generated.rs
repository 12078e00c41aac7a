//! Rows made from the declared schema: whatever table comes, it has rows in every test here.

use keystead_domain::PLATFORM;
use keystead_store_sql::schema::{Column, ColumnType, TABLES, Table};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// An organization with a person, and one row of each table that belongs to them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World {
    pub(crate) name: &'static str,
    organization: Option<Uuid>,
}

pub(crate) const ONE: World = World { name: "one", organization: None };
pub(crate) const OTHER: World = World { name: "other", organization: None };
pub(crate) const PLATFORM_WORLD: World = World { name: "platform", organization: Some(PLATFORM.as_uuid()) };

impl World {
    pub(crate) fn organization(&self) -> Uuid {
        self.organization.unwrap_or_else(|| self.uuid("organizations", "id"))
    }
    pub(crate) fn user(&self) -> Uuid {
        self.uuid("users", "id")
    }
    fn uuid(&self, table: &str, column: &str) -> Uuid {
        let digest = Sha256::digest(format!("{} {table} {column}", self.name));
        Uuid::from_slice(&digest[..16]).unwrap()
    }
    /// One statement for each table, in an order in which they can be run.
    pub(crate) fn rows(&self, postgres: bool) -> Vec<(&'static Table, String)> {
        TABLES.iter().map(|&table| (table, self.row(table, postgres, &[]))).collect()
    }
    /// The statement that adds this world's row of `table`, with some columns from elsewhere.
    pub(crate) fn row(&self, table: &Table, postgres: bool, instead: &[(&str, World)]) -> String {
        let names: Vec<_> = table.columns.iter().map(|column| column.name).collect();
        let values: Vec<_> = table
            .columns
            .iter()
            .map(|column| {
                let from = instead.iter().find(|(name, _)| *name == column.name).map_or(*self, |(_, world)| *world);
                from.value(table, column, postgres)
            })
            .collect();
        format!("INSERT INTO {} ({}) VALUES ({})", table.name, names.join(", "), values.join(", "))
    }
    /// A condition that only this world's row meets.
    pub(crate) fn own(&self, table: &Table, postgres: bool) -> String {
        let keys = table
            .primary_key
            .iter()
            .map(|key| format!("{key} = {}", self.value(table, table.column(key).unwrap(), postgres)));
        keys.collect::<Vec<_>>().join(" AND ")
    }

    pub(crate) fn value(&self, table: &Table, column: &Column, postgres: bool) -> String {
        if (table.name, column.name) == ("organizations", "id") {
            return uuid(self.organization(), postgres);
        }
        // What it refers to has the same value; the longest reference says most.
        let mut keys: Vec<_> = table.foreign_keys.iter().filter(|key| key.columns.contains(&column.name)).collect();
        keys.sort_by_key(|key| key.columns.len());
        if let Some(key) = keys.first() {
            let place = key.columns.iter().position(|name| *name == column.name).unwrap();
            let other = keystead_store_sql::schema::table(key.table).unwrap();
            return self.value(other, other.column(key.references[place]).unwrap(), postgres);
        }
        match (column.name, column.kind) {
            ("organization_id", _) => uuid(self.organization(), postgres),
            ("user_id", _) => uuid(self.user(), postgres),
            (_, ColumnType::Uuid) => uuid(self.uuid(table.name, column.name), postgres),
            (_, ColumnType::Text(max)) => {
                let text = allowed(table, column.name).unwrap_or_else(|| format!("{} {}", self.name, column.name));
                format!("'{}'", text.chars().take(max.into()).collect::<String>())
            }
            (_, ColumnType::LongText) => format!("'{} {}'", self.name, column.name),
            (_, ColumnType::Integer | ColumnType::BigInteger) => "1".to_owned(),
            (_, ColumnType::Boolean) => (if postgres { "true" } else { "1" }).to_owned(),
            (_, ColumnType::Timestamp) => "'2026-11-21T01:02:03.123456+00:00'".to_owned(),
            (_, ColumnType::Json) => format!("'{{\"world\": \"{}\"}}'", self.name),
            (_, ColumnType::Bytes) => {
                let hex: String =
                    format!("{} {}", self.name, column.name).bytes().map(|byte| format!("{byte:02x}")).collect();
                if postgres { format!("'\\x{hex}'") } else { format!("X'{hex}'") }
            }
        }
    }
}

fn uuid(value: Uuid, postgres: bool) -> String {
    if postgres { format!("'{value}'") } else { format!("X'{}'", value.simple()) }
}

/// The first value that a check allows.
fn allowed(table: &Table, column: &str) -> Option<String> {
    let start = format!("{column} IN ('");
    let (_, check) = table.checks.iter().find(|(_, check)| check.starts_with(&start))?;
    check.strip_prefix(&start)?.split_once('\'').map(|(value, _)| value.to_owned())
}

/// Adds the rows of each world.
pub(crate) async fn seed(place: &crate::place::Place, worlds: &[World]) {
    let rows = worlds.iter().flat_map(|world| world.rows(place.is_postgres()));
    let all: Vec<_> = rows.map(|(_, sql)| sql).collect();
    place.run(&all.join(";\n")).await.unwrap();
}
