//! Another organization's things, for the platform's administrators.

use super::Query;
use crate::{edge::access_version, problem::Problem};
use axum::{extract::FromRequestParts, http::request::Parts};
use keystead_domain::OrganizationId;
use serde::Deserialize;
use utoipa::IntoParams;

/// In which organization a thing is looked for, by the query. A write there is told the access version of that organization.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Whose {
    /// Of this organization; the caller's when absent. Only the platform's administrators name another.
    #[param(value_type = Option<Uuid>)]
    pub(crate) organization_id: Option<OrganizationId>,
}

/// It is read by [`Whose`] alone, so that nobody forgets to note it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    organization_id: Option<OrganizationId>,
}

impl<S: Send + Sync> FromRequestParts<S> for Whose {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(Named { organization_id }) = Query::from_request_parts(parts, state).await?;
        if let Some(organization) = organization_id {
            access_version::note_named(parts, organization);
        }
        Ok(Self { organization_id })
    }
}
