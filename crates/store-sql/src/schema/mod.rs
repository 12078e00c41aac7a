//! The schema, declared once.
//!
//! Migrations are SQL files and never change once landed; this list is where they must end, on both engines.
//! The data register, the reference pages, the drift check, the JSON file and the copy between stores all read it.

mod access;
mod accounts;
mod audit;
mod catalogue;
mod entitlements;
mod jobs;
mod keys;
mod navigation;
mod organizations;
mod policies;
pub mod postgres;
mod reference;
mod rules;
mod service_accounts;
mod sessions;
mod sql_views;
pub mod sqlite;
mod system;
mod table;
#[cfg(test)]
mod tests;

pub use policies::{APP, BACKUP, MIGRATOR, OWNER, Policy};
pub use reference::{all, register_markdown, schema_json, schema_markdown};
pub use sql_views::{SQL_VIEWS, SqlView};
pub use system::SCHEMA_MIGRATIONS;
pub use table::{Class, Column, ColumnType, ForeignKey, Index, OnDelete, Right, Sensitivity, Table};

/// Every table, in an order in which each comes after those it refers to.
pub const TABLES: &[&Table] = &[
    &organizations::ORGANIZATIONS,
    &accounts::USERS,
    &accounts::SIGN_IN_ATTEMPTS,
    &organizations::MEMBERSHIPS,
    &access::ROLES,
    &access::PERMISSIONS,
    &access::ROLE_PERMISSIONS,
    &access::USER_ROLES,
    &access::ACCESS_VERSIONS,
    &organizations::INVITATIONS,
    &organizations::TEAMS,
    &organizations::TEAM_MEMBERS,
    &sessions::SESSIONS,
    &sessions::REFRESH_TOKENS,
    &keys::SIGNING_KEYS,
    &keys::ENCRYPTION_KEYS,
    &audit::AUDIT_LOGS,
    &jobs::JOBS,
    &jobs::SCHEDULES,
    &system::IDEMPOTENCY_KEYS,
    &system::SEEDS_APPLIED,
    &catalogue::VIEWS,
    &catalogue::MODULES,
    &catalogue::FEATURES,
    &catalogue::FEATURE_VIEWS,
    &catalogue::MODULE_VIEWS,
    &catalogue::MODULE_FEATURES,
    &navigation::MENU_ITEMS,
    &navigation::SUB_MENU_ITEMS,
    &navigation::NAV_TRAIL,
    &entitlements::ORGANIZATION_MODULES,
    &entitlements::USER_LEVELS,
    &entitlements::USER_LEVEL_VIEW_PERMISSIONS,
    &entitlements::USER_LEVEL_FEATURE_PERMISSIONS,
    &entitlements::USER_USER_LEVELS,
    &entitlements::EFFECTIVE_VIEW_PERMISSIONS,
    &entitlements::EFFECTIVE_FEATURE_PERMISSIONS,
    &rules::CASBIN_RULES,
    &rules::POLICY_MODELS,
    &rules::POLICY_ENTITIES,
    &rules::ACCESS_CHANGES,
    &service_accounts::SERVICE_ACCOUNTS,
    &service_accounts::API_KEYS,
];

/// The table with this name.
#[must_use]
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().copied().find(|table| table.name == name)
}
