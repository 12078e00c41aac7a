//! What the codec knows of a table.

use crate::schema::{ColumnType, TABLES, Table};

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct ShapeColumn {
    /// Its name.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) kind: ColumnType,
    /// Whether it may be NULL.
    pub(crate) nullable: bool,
}

/// A table: declared, or found in a database of an older schema.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// Its name.
    pub(crate) table: String,
    /// Its columns, in declared order.
    pub(crate) columns: Vec<ShapeColumn>,
    /// Which of them are the primary key, in the key's order.
    pub(crate) key: Vec<usize>,
}

impl Shape {
    /// The columns of the primary key, in its order.
    pub(crate) fn key_columns(&self) -> impl Iterator<Item = &ShapeColumn> {
        self.key.iter().filter_map(|index| self.columns.get(*index))
    }
    /// Which column has this name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
    /// The column names as SQL, with `form` around each.
    pub(super) fn list(&self, form: impl Fn(&ShapeColumn) -> String) -> String {
        self.columns.iter().map(form).collect::<Vec<_>>().join(", ")
    }
}

impl From<&Table> for Shape {
    fn from(table: &Table) -> Self {
        let columns: Vec<_> = table
            .columns
            .iter()
            .map(|column| ShapeColumn { name: column.name.to_owned(), kind: column.kind, nullable: column.nullable })
            .collect();
        let position = |name: &&str| columns.iter().position(|column| column.name == **name);
        let key = table.primary_key.iter().filter_map(position).collect();
        Self { table: table.name.to_owned(), columns, key }
    }
}

/// Every table of the schema that the program knows, parents before children.
pub(crate) fn declared() -> Vec<Shape> {
    TABLES.iter().map(|table| Shape::from(*table)).collect()
}

/// A name as SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
