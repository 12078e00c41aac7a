//! A whole organization's access set as one document: what it has defined and whom it has given what, by name.
//!
//! An import calls the same use cases as somebody who did it piece by piece, in one transaction. So it is refused as a whole when
//! one of them would refuse: nobody gives by import what he may not give otherwise.

mod document;
mod entries;
mod export;
mod import;
mod limits;
mod members;
mod policy;
mod roles;
mod rows;
mod user_levels;

pub use document::{
    AccessSet, SetEntity, SetFeaturePermission, SetLevel, SetMember, SetModel, SetModule, SetPermission, SetRole,
    SetViewPermission,
};
pub use export::export_access_set;
pub use import::{ImportAccessSet, import_access_set};
pub use limits::MOST_IN_SET;

use super::{Resource, guard, policy::guard_policy};
use keystead_domain::{Caller, Error, OrganizationId, Result, access::Action};

/// Asks the guard for `action` on everything of these kinds that is the organization's.
fn guard_all(
    caller: &Caller,
    organization: OrganizationId,
    asked: impl IntoIterator<Item = (&'static str, Action)>,
) -> Result<()> {
    asked.into_iter().try_for_each(|(kind, action)| match kind {
        "policy_models" | "policy_rules" | "policy_entities" => guard_policy(caller, action, kind, organization),
        _ => guard(caller, action, &Resource::all(kind, organization)),
    })
}

/// The same error, with the place in the document that it is about.
fn at(place: &str, error: Error) -> Error {
    if error.internal.is_some() {
        return error;
    }
    let mut error = error;
    for field in &mut error.fields {
        field.field = format!("{place}.{}", field.field);
    }
    error.message = format!("{place}: {}", error.message);
    error
}

/// There is nothing of this name.
fn unknown(place: String, what: &str, name: &str) -> Error {
    Error::invalid(place, format!("there is no {what} {name:?} here"))
}
