//! What a live database says about itself, in words that both engines and the declaration share.

use crate::schema::Right;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// A live database.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// Its tables by name, without partitions.
    pub(super) tables: BTreeMap<String, LiveTable>,
    /// What is wrong with roles and functions, in words (PostgreSQL only).
    pub(super) faults: Vec<String>,
}

/// A live table.
#[derive(Debug, Default)]
pub(super) struct LiveTable {
    pub(super) columns: BTreeMap<String, LiveColumn>,
    pub(super) primary_key: Vec<String>,
    pub(super) indexes: BTreeMap<String, LiveIndex>,
    pub(super) foreign_keys: BTreeMap<String, LiveForeignKey>,
    /// Conditions in canonical form, by name; those without a name carry the condition as their name.
    pub(super) checks: BTreeMap<String, String>,
    /// The triggers that are switched on.
    pub(super) triggers: BTreeSet<String>,
    /// SQLite: whether the types of values are enforced.
    pub(super) strict: bool,
    /// PostgreSQL: who may do what.
    pub(super) protection: Protection,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct LiveColumn {
    /// As the engine spells it, with the collation where it has one.
    pub(super) kind: String,
    pub(super) nullable: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct LiveIndex {
    pub(super) columns: Vec<String>,
    pub(super) unique: bool,
    pub(super) gin: bool,
    /// In canonical form.
    pub(super) only: Option<String>,
    /// Whether queries can use it.
    pub(super) valid: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LiveForeignKey {
    pub(super) columns: Vec<String>,
    pub(super) table: String,
    pub(super) references: Vec<String>,
    pub(super) on_delete: String,
}

#[derive(Debug, Default)]
pub(super) struct Protection {
    pub(super) owner: String,
    /// Row-level security is on.
    pub(super) enabled: bool,
    /// It binds the owner, too.
    pub(super) forced: bool,
    pub(super) policies: BTreeMap<String, LivePolicy>,
    /// Rights by role; `PUBLIC` is everyone.
    pub(super) grants: BTreeMap<String, BTreeSet<String>>,
    pub(super) partitions: BTreeMap<String, LivePartition>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct LivePolicy {
    /// None for all commands.
    pub(super) command: Option<Right>,
    pub(super) roles: String,
    /// In canonical form.
    pub(super) using: Option<String>,
    /// In canonical form.
    pub(super) with_check: Option<String>,
    /// Other policies of the kind widen it; otherwise they narrow it.
    pub(super) permissive: bool,
}

#[derive(Debug, Default)]
pub(super) struct LivePartition {
    pub(super) owner: String,
    pub(super) enabled: bool,
    pub(super) forced: bool,
    pub(super) policies: BTreeSet<String>,
    pub(super) grants: BTreeMap<String, BTreeSet<String>>,
    pub(super) triggers: BTreeSet<String>,
}

impl fmt::Display for LiveColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.kind, if self.nullable { "" } else { " NOT NULL" })
    }
}

impl fmt::Display for LiveIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [(!self.valid, "invalid "), (self.unique, "unique "), (self.gin, "gin ")];
        for (_, word) in words.iter().filter(|(holds, _)| *holds) {
            f.write_str(word)?;
        }
        write!(f, "({})", self.columns.join(", "))?;
        self.only.iter().try_for_each(|only| write!(f, " where {only}"))
    }
}

impl fmt::Display for LiveForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (columns, references) = (self.columns.join(", "), self.references.join(", "));
        write!(f, "({columns}) to {} ({references}) on delete {}", self.table, self.on_delete)
    }
}

impl fmt::Display for LivePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.permissive { "" } else { "restrictive " };
        write!(f, "{kind}for {} of {}", self.command.map_or("ALL", Right::as_str), self.roles)?;
        self.using.iter().try_for_each(|using| write!(f, " using {using}"))?;
        self.with_check.iter().try_for_each(|check| write!(f, " with check {check}"))
    }
}
