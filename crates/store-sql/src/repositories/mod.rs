//! The repositories, one file each, all on the unit of work.

mod access_changes;
mod api_keys;
mod audit;
mod bounds;
mod catalogue;
mod catalogue_links;
mod effective_permissions;
mod idempotency;
mod invitations;
mod jobs;
mod keys;
mod level_assignments;
mod level_feature_permissions;
mod level_permissions;
mod level_view_permissions;
mod memberships;
mod menus;
mod organizations;
mod permissions;
mod policy_entities;
mod policy_models;
mod roles;
mod rules;
mod seeds;
mod service_accounts;
mod sessions;
mod sign_in_attempts;
mod snapshots;
mod statements;
mod teams;
mod trail;
mod user_levels;
mod users;

pub(crate) use api_keys::scopes;
pub(crate) use audit::model as audit_model;
pub(crate) use jobs::{job, model as job_model};
pub(crate) use users::user;

use keystead_domain::{Error, PageRequest, Result, Timestamp};
use sea_orm::prelude::DateTimeUtc;
use uuid::Uuid;

/// The place after which a page begins, where lists are ordered by an identifier.
fn after(page: &PageRequest) -> Result<Option<Uuid>> {
    page.after.as_deref().map(|text| identifier(text).ok_or_else(no_place)).transpose()
}

/// An identifier in the one form in which it is written.
fn identifier(text: &str) -> Option<Uuid> {
    Uuid::parse_str(text).ok().filter(|id| id.to_string() == text)
}

fn no_place() -> Error {
    Error::invalid("cursor", "is no place in this list")
}

/// One more than the page holds, to know whether more follow.
fn one_more(page: &PageRequest) -> u64 {
    u64::from(page.limit) + 1
}

/// A time as it is read.
fn time(time: DateTimeUtc) -> Timestamp {
    Timestamp::new(time)
}

/// A word of a closed list as it is read; another one means that the database is not ours.
fn word<T>(parsed: Option<T>, column: &str, text: &str) -> Result<T> {
    parsed.ok_or_else(|| Error::internal(format!("{column}: unknown word {text:?}")))
}
