//! Compares a live database with the declared schema.

use super::{
    super::list::Engine,
    expression::canonical,
    live::{Live, LiveColumn, LiveForeignKey, LiveIndex, LivePolicy, LiveTable},
};
use crate::schema::{APP, BACKUP, OWNER, Table, all, postgres, sqlite};
use std::collections::{BTreeMap, BTreeSet};

/// Every difference, in words.
pub(super) fn differences(live: &Live, engine: Engine) -> Vec<String> {
    let mut found = Vec::new();
    for declared in all() {
        match live.tables.get(declared.name) {
            Some(table) => Comparison { declared, live: table, engine, found: &mut found }.all(),
            None => found.push(format!("table {}: it is missing", declared.name)),
        }
    }
    for name in live.tables.keys().filter(|name| !is_declared(name)) {
        found.push(format!("table {name}: it is not declared"));
    }
    found.extend(live.faults.iter().cloned());
    found
}

/// The columns that are in the data register or in the live database only, in words.
pub(super) fn register(live: &Live) -> Vec<String> {
    let registered: BTreeSet<_> = all()
        .flat_map(|table| table.columns.iter().map(|column| (table.name.to_owned(), column.name.to_owned())))
        .collect();
    let there: BTreeSet<_> = live
        .tables
        .iter()
        .flat_map(|(name, table)| table.columns.keys().map(|column| (name.clone(), column.clone())))
        .collect();
    let missing =
        registered.difference(&there).map(|(table, column)| format!("{table}.{column}: it is not in the database"));
    let extra =
        there.difference(&registered).map(|(table, column)| format!("{table}.{column}: it is not in the register"));
    missing.chain(extra).collect()
}

fn is_declared(name: &str) -> bool {
    all().any(|table| table.name == name)
}

struct Comparison<'a> {
    declared: &'static Table,
    live: &'a LiveTable,
    engine: Engine,
    found: &'a mut Vec<String>,
}

impl Comparison<'_> {
    fn all(&mut self) {
        self.columns();
        self.primary_key();
        self.indexes();
        self.foreign_keys();
        self.checks();
        self.triggers();
        match self.engine {
            Engine::Postgres => self.protection(),
            Engine::Sqlite if !self.live.strict => self.note("", "it does not enforce types (STRICT)"),
            Engine::Sqlite => {}
        }
    }

    fn note(&mut self, what: &str, fault: impl std::fmt::Display) {
        let space = if what.is_empty() { "" } else { ", " };
        self.found.push(format!("table {}{space}{what}: {fault}", self.declared.name));
    }

    /// Compares what is declared with what is there, name by name.
    fn each<T: PartialEq + std::fmt::Display>(
        &mut self,
        what: &str,
        declared: &BTreeMap<String, T>,
        live: &BTreeMap<String, T>,
    ) {
        for (name, expected) in declared {
            match live.get(name) {
                None => self.note(&format!("{what} {name}"), "it is missing"),
                Some(there) if there != expected => {
                    self.note(&format!("{what} {name}"), format!("it is {there}, not {expected}"));
                }
                Some(_) => {}
            }
        }
        for name in live.keys().filter(|name| !declared.contains_key(*name)) {
            self.note(&format!("{what} {name}"), "it is not declared");
        }
    }

    fn columns(&mut self) {
        let kind = |column: &crate::schema::Column| match self.engine {
            Engine::Postgres => column.kind.postgres_prints(),
            Engine::Sqlite => column.kind.sqlite().to_owned(),
        };
        let declared = self.declared.columns.iter();
        let declared = declared
            .map(|column| (column.name.to_owned(), LiveColumn { kind: kind(column), nullable: column.nullable }));
        self.each("column", &declared.collect(), &self.live.columns);
    }

    fn primary_key(&mut self) {
        if self.live.primary_key != self.declared.primary_key {
            let (there, expected) = (self.live.primary_key.join(", "), self.declared.primary_key.join(", "));
            self.note("primary key", format!("it is ({there}), not ({expected})"));
        }
    }

    /// A declared condition as this engine keeps it.
    fn condition(&self, condition: &str) -> String {
        canonical(&match self.engine {
            Engine::Postgres => postgres::fill(condition),
            Engine::Sqlite => sqlite::fill(condition),
        })
    }

    fn indexes(&mut self) {
        let declared = self.declared.indexes.iter().filter(|index| self.engine == Engine::Postgres || !index.gin);
        let declared = declared.map(|index| {
            let kept = LiveIndex {
                columns: index.columns.iter().map(|&column| column.to_owned()).collect(),
                unique: index.unique,
                gin: index.gin,
                only: index.only.map(|only| self.condition(only)),
                valid: true,
            };
            (index.name.to_owned(), kept)
        });
        self.each("index", &declared.collect(), &self.live.indexes);
    }

    fn foreign_keys(&mut self) {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let declared = self.declared.foreign_keys.iter().map(|key| {
            let kept = LiveForeignKey {
                columns: owned(key.columns),
                table: key.table.to_owned(),
                references: owned(key.references),
                on_delete: key.on_delete.as_str().to_owned(),
            };
            (key.name(self.declared.name), kept)
        });
        self.each("foreign key", &declared.collect(), &self.live.foreign_keys);
    }

    fn checks(&mut self) {
        let named = self.declared.checks.iter().map(|(name, check)| ((*name).to_owned(), self.condition(check)));
        let mut declared: BTreeMap<_, _> = named.collect();
        if self.engine == Engine::Sqlite {
            let of_types = self.declared.columns.iter().filter_map(sqlite::type_check).map(|check| canonical(&check));
            declared.extend(of_types.map(|check| (check.clone(), check)));
        }
        self.each("check", &declared, &self.live.checks);
    }

    fn triggers(&mut self) {
        let mut declared = BTreeSet::new();
        if self.declared.append_only {
            let ends: &[&str] = match self.engine {
                Engine::Postgres => &["refuse_row", "refuse_statement"],
                Engine::Sqlite => &["refuse_update", "refuse_delete", "refuse_replace"],
            };
            declared.extend(ends.iter().map(|end| format!("{}_{end}", self.declared.name)));
        }
        for name in declared.difference(&self.live.triggers) {
            self.note(&format!("trigger {name}"), "it is missing or switched off");
        }
        for name in self.live.triggers.difference(&declared) {
            self.note(&format!("trigger {name}"), "it is not declared");
        }
    }

    fn protection(&mut self) {
        let live = &self.live.protection;
        if live.owner != OWNER {
            self.note("", format!("it belongs to {}, not to {OWNER}", live.owner));
        }
        if !live.enabled || !live.forced {
            self.note("", "row-level security is not enabled and forced");
        }
        let declared = self.declared.policies().into_iter().map(|policy| {
            let kept = LivePolicy {
                command: policy.command,
                roles: policy.role.to_owned(),
                using: policy.using.as_deref().map(canonical),
                with_check: policy.with_check.as_deref().map(canonical),
                permissive: true,
            };
            (policy.name, kept)
        });
        self.each("policy", &declared.collect(), &live.policies);
        let rights = self.declared.app_may.iter().map(|right| right.as_str().to_owned()).collect();
        self.grants("", &live.grants, &rights);
        for (name, partition) in &live.partitions {
            let what = format!("partition {name}");
            if partition.owner != OWNER {
                self.note(&what, format!("it belongs to {}, not to {OWNER}", partition.owner));
            }
            if !partition.enabled || !partition.forced {
                self.note(&what, "row-level security is not enabled and forced");
            }
            let policies = [format!("{name}_backup for {BACKUP}"), format!("{name}_owner for {OWNER}")];
            if !partition.policies.iter().eq(&policies) {
                self.note(&what, format!("its policies are {:?}", partition.policies));
            }
            self.grants(&what, &partition.grants, &BTreeSet::new());
            if self.declared.append_only {
                for trigger in [format!("{}_refuse_row", self.declared.name), format!("{name}_refuse_statement")] {
                    if !partition.triggers.contains(&trigger) {
                        self.note(&what, format!("its trigger {trigger} is missing or switched off"));
                    }
                }
            }
        }
        if let Some(default) = self.declared.partitioned_by.map(|_| format!("{}_default", self.declared.name))
            && !live.partitions.contains_key(&default)
        {
            self.note(&format!("partition {default}"), "it is missing");
        }
    }

    /// Of the program's own roles and of everyone; what the operator gave to others is the operator's.
    fn grants(&mut self, what: &str, live: &BTreeMap<String, BTreeSet<String>>, app: &BTreeSet<String>) {
        let backup = BTreeSet::from(["SELECT".to_owned()]);
        let nothing = BTreeSet::new();
        for (role, expected) in [(APP, app), (BACKUP, &backup), ("PUBLIC", &nothing)] {
            let there = live.get(role).unwrap_or(&nothing);
            for right in expected.difference(there) {
                self.note(what, format!("{role} may not {right}"));
            }
            for right in there.difference(expected) {
                self.note(what, format!("{role} may {right}, which is not declared"));
            }
        }
    }
}
