//! Rules that every declared table obeys.

use super::{Class, ColumnType, TABLES, Table, reference::all, table};
use std::collections::BTreeSet;

fn is_prefix(columns: &[&str], of: &[&str]) -> bool {
    // In whatever order: all of them are compared with `=`.
    of.get(..columns.len()).is_some_and(|start| columns.iter().all(|column| start.contains(column)))
}

#[test]
fn every_foreign_key_is_indexed() {
    for table in all() {
        for key in table.foreign_keys {
            // An index over some rows finds all that refer to another one when it leaves out only those that refer to none.
            let covers_all = |only: Option<&str>| {
                only.is_none_or(|only| key.columns.iter().any(|column| only == format!("{column} IS NOT NULL")))
            };
            let indexes = table.indexes.iter().filter(|index| !index.gin && covers_all(index.only));
            let mut indexed = indexes.map(|index| index.columns).chain([table.primary_key]);
            assert!(indexed.any(|index| is_prefix(key.columns, index)), "{}: {}", table.name, key.name(table.name));
        }
    }
}

#[test]
fn every_reference_is_to_a_unique_key_of_a_table_before_it() {
    for (place, declared) in TABLES.iter().enumerate() {
        for key in declared.foreign_keys {
            let position = TABLES.iter().position(|table| table.name == key.table).unwrap();
            assert!(position < place, "{}", key.name(declared.name));
            let other = TABLES[position];
            let mut unique = other.indexes.iter().filter(|index| index.unique && index.only.is_none());
            assert!(
                other.primary_key == key.references || unique.any(|index| index.columns == key.references),
                "{}",
                key.name(declared.name)
            );
            for (column, referred) in key.columns.iter().zip(key.references) {
                assert_eq!(declared.column(column).unwrap().kind, other.column(referred).unwrap().kind);
            }
        }
    }
}

/// Checks of foreign keys bypass row-level security, so the organization is part of the key.
#[test]
fn references_between_rows_of_organizations_name_the_organization() {
    let of_organization = |table: &Table| table.column("organization_id").is_some();
    for declared in TABLES.iter().filter(|table| of_organization(table)) {
        for key in declared.foreign_keys {
            let other = table(key.table).unwrap();
            if matches!(other.class, Class::Organization | Class::Inherited) && of_organization(other) {
                assert!(key.references.contains(&"organization_id"), "{}", key.name(declared.name));
            }
        }
    }
}

#[test]
fn every_class_has_the_column_that_it_needs() {
    for table in all() {
        let needed = match table.class {
            _ if table.may_read.is_some() && table.may_write.is_some() => continue,
            Class::Organization | Class::Inherited => "organization_id",
            Class::Personal => "user_id",
            Class::Platform | Class::System => continue,
        };
        let column = table.column(needed).unwrap();
        assert!(column.kind == ColumnType::Uuid && !column.nullable, "{}", table.name);
    }
}

#[test]
fn names_are_plain_unique_and_short_enough() {
    let mut names = BTreeSet::new();
    for table in all() {
        let mut own: Vec<String> = vec![table.name.to_owned(), table.primary_key_name()];
        own.extend(table.indexes.iter().map(|index| index.name.to_owned()));
        own.extend(table.foreign_keys.iter().map(|key| key.name(table.name)));
        own.extend(table.checks.iter().map(|(name, _)| (*name).to_owned()));
        own.extend(table.policies().into_iter().map(|policy| policy.name));
        for name in own {
            assert!(name.len() <= 63 && name.starts_with(table.name), "{name}");
            assert!(
                name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'),
                "{name}"
            );
            assert!(names.insert(name.clone()), "{name} is there twice");
        }
    }
}

#[test]
fn keys_and_indexes_name_columns_that_are_there() {
    for table in all() {
        let in_keys = table.foreign_keys.iter().flat_map(|key| key.columns);
        let in_indexes = table.indexes.iter().flat_map(|index| index.columns);
        for column in table.primary_key.iter().chain(in_keys).chain(in_indexes) {
            assert!(table.column(column).is_some(), "{}.{column}", table.name);
        }
        for column in table.primary_key {
            assert!(!table.column(column).unwrap().nullable, "{}.{column}", table.name);
        }
        if let Some(by) = table.partitioned_by {
            assert!(table.primary_key.contains(&by), "{}", table.name);
        }
    }
}

#[test]
fn a_table_that_can_be_changed_has_a_version_or_a_reason() {
    // Written by one statement that names what it expects, or only by the owner's functions, or worked out anew as a whole.
    const WITHOUT: &[&str] =
        &["sessions", "jobs", "idempotency_keys", "effective_view_permissions", "effective_feature_permissions"];
    for table in TABLES.iter().filter(|table| table.app_may.contains(&super::Right::Update)) {
        assert_eq!(table.column("version").is_none(), WITHOUT.contains(&table.name), "{}", table.name);
    }
}
