//! One entity per table: what SeaORM reads and writes. The schema says what the columns mean.
#![allow(
    missing_docs,
    unreachable_pub,
    reason = "the columns are documented in the schema; the derive makes public types"
)]

pub(crate) mod access_changes;
pub(crate) mod access_versions;
pub(crate) mod api_keys;
pub(crate) mod audit_logs;
pub(crate) mod casbin_rules;
pub(crate) mod effective_feature_permissions;
pub(crate) mod effective_view_permissions;
pub(crate) mod encryption_keys;
pub(crate) mod feature_views;
pub(crate) mod features;
pub(crate) mod idempotency_keys;
pub(crate) mod invitations;
pub(crate) mod jobs;
pub(crate) mod memberships;
pub(crate) mod menu_items;
pub(crate) mod module_features;
pub(crate) mod module_views;
pub(crate) mod modules;
pub(crate) mod nav_trail;
pub(crate) mod organization_modules;
pub(crate) mod organizations;
pub(crate) mod permissions;
pub(crate) mod policy_entities;
pub(crate) mod policy_models;
pub(crate) mod refresh_tokens;
pub(crate) mod role_permissions;
pub(crate) mod roles;
pub(crate) mod schedules;
pub(crate) mod seeds_applied;
pub(crate) mod service_accounts;
pub(crate) mod sessions;
pub(crate) mod signing_keys;
pub(crate) mod sub_menu_items;
pub(crate) mod team_members;
pub(crate) mod teams;
pub(crate) mod user_level_feature_permissions;
pub(crate) mod user_level_view_permissions;
pub(crate) mod user_levels;
pub(crate) mod user_roles;
pub(crate) mod user_user_levels;
pub(crate) mod users;
pub(crate) mod views;
