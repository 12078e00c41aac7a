//! One entity per table: what SeaORM reads and writes. The schema says what the columns mean.
#![allow(
    missing_docs,
    unreachable_pub,
    reason = "the columns are documented in the schema; the derive makes public types"
)]

pub(crate) mod audit_logs;
pub(crate) mod encryption_keys;
pub(crate) mod idempotency_keys;
pub(crate) mod invitations;
pub(crate) mod jobs;
pub(crate) mod memberships;
pub(crate) mod organizations;
pub(crate) mod permissions;
pub(crate) mod refresh_tokens;
pub(crate) mod role_permissions;
pub(crate) mod roles;
pub(crate) mod schedules;
pub(crate) mod seeds_applied;
pub(crate) mod sessions;
pub(crate) mod signing_keys;
pub(crate) mod team_members;
pub(crate) mod teams;
pub(crate) mod user_roles;
pub(crate) mod users;
