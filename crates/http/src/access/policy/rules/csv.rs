//! `/access/rules.csv`.

use super::view::{CreatedRules, ReplacedRules};
use crate::{
    AppState,
    input::{CreateKey, Csv, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use keystead_service::access::policy::rules::{self, ImportRules};

/// Writes all of the organization's own policy rules in Casbin's CSV.
///
/// A rule that is at rest, has a priority or holds for a time is written as a comment of its own form, since Casbin would read it
/// as another rule.
#[utoipa::path(
    get, path = "/access/rules.csv", tag = "access",
    responses((status = 200, description = "One rule a line.", body = String, content_type = "text/csv"))
)]
pub(crate) async fn export_rules(State(state): State<AppState>, Signed(caller): Signed) -> Result<Response, Problem> {
    let text = rules::export_rules(state.app(), &caller, caller.organization_id).await?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
}

/// Adds the policy rules of a CSV, as `POST /access/rules` does. An error names the lines.
#[utoipa::path(
    post, path = "/access/rules.csv", tag = "access", params(openapi::CreateKey),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 201, description = "What was added.", body = CreatedRules, headers(("Location" = String))),
        (status = 415, description = "The body is not `text/csv`."),
    )
)]
pub(crate) async fn import_rules(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Csv { text, bytes }: Csv,
) -> Result<Created<CreatedRules>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let input = ImportRules { organization: caller.organization_id, text };
    let body = CreatedRules::from(rules::import_rules(state.app(), &caller, input, key).await?);
    Ok(Created { location: "/api/v1/access/rules".to_owned(), version: None, body })
}

/// Replaces all of the organization's policy rules by those of a CSV, as `PUT /access/rules` does. An error names the lines.
#[utoipa::path(
    put, path = "/access/rules.csv", tag = "access", request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 200, description = "What was replaced.", body = ReplacedRules),
        (status = 415, description = "The body is not `text/csv`."),
    )
)]
pub(crate) async fn reimport_rules(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Csv { text, .. }: Csv,
) -> Result<axum::Json<ReplacedRules>, Problem> {
    let input = ImportRules { organization: caller.organization_id, text };
    Ok(axum::Json(rules::reimport_rules(state.app(), &caller, input).await?.into()))
}
