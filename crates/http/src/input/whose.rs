//! Another organization's things, for the platform's administrators.

use keystead_domain::OrganizationId;
use serde::Deserialize;
use utoipa::IntoParams;

/// In which organization a thing is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Whose {
    /// Of this organization; the caller's when absent. Only the platform's administrators name another.
    #[param(value_type = Option<Uuid>)]
    pub(crate) organization_id: Option<OrganizationId>,
}
