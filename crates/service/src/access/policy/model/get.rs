//! Shows the model in force.

use super::KIND;
use crate::{
    App,
    access::{
        policy::{
            fitting::{ModelOf, text_in_force},
            guarding::guard_policy,
        },
        scope_in,
    },
};
use keystead_domain::{Caller, OrganizationId, Result, Timestamp, access::Action};

/// The model that an organization's rules are read by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelInForce {
    /// Where it comes from.
    pub of: ModelOf,
    /// The whole model.
    pub text: String,
    /// The version of the organization's own; 0 while it has none.
    pub version: i64,
    /// When the organization's own was last changed.
    pub updated_at: Option<Timestamp>,
    /// Who last changed it, as `type:id`.
    pub updated_by: Option<String>,
}

/// The organization's own model, else the platform's, else the engine's default.
///
/// # Errors
/// As [`guard`](crate::access::guard).
pub async fn get_model(app: &App, caller: &Caller, organization: OrganizationId) -> Result<ModelInForce> {
    guard_policy(caller, Action::Read, KIND, organization)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    let (of, text, own) = text_in_force(&*unit, organization).await?;
    Ok(ModelInForce {
        of,
        text,
        version: own.as_ref().map_or(0, |row| row.version),
        updated_at: own.as_ref().map(|row| row.updated_at),
        updated_by: own.and_then(|row| row.updated_by),
    })
}
