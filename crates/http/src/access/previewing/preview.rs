//! `POST /access/preview`.

use super::{change::AccessChange, view::AccessPreview};
use crate::{
    AppState,
    input::{Json, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_service::access::{
    evaluation::Attributes,
    previewing::{self, PreviewChanges},
};
use serde::Deserialize;
use utoipa::ToSchema;

/// How many flips are listed when nothing is said.
const FLIPS: usize = 1_000;

/// Changes that are to be previewed, and about what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PreviewedChanges)]
pub(crate) struct PreviewBody {
    /// The changes, made in this order: each an object with one member, the name of the change.
    #[schema(min_items = 1, max_items = 100)]
    changes: Vec<AccessChange>,
    /// Only about these subjects; about all that are known when absent.
    #[schema(max_items = 10000)]
    subjects: Option<Vec<KnownName>>,
    /// Only about these actions; about all that are known when absent.
    #[schema(max_items = 10000)]
    actions: Option<Vec<String>>,
    /// Only about these resources; about all that are known when absent.
    #[schema(max_items = 10000)]
    resources: Option<Vec<KnownName>>,
    /// The circumstances: `r.ctx` of rules.
    #[schema(value_type = Option<Object>)]
    context: Option<Attributes>,
    /// At most so many flips; 1000 when nothing is said. More are an error, never a part of them.
    #[schema(minimum = 1, maximum = 10000)]
    limit: Option<u16>,
}

/// A subject or a resource.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KnownSubjectOrResource)]
struct KnownName {
    /// Such as `user` or `document`.
    #[serde(rename = "type")]
    #[schema(rename = "type", min_length = 1, max_length = 1000)]
    kind: String,
    #[schema(min_length = 1, max_length = 1000)]
    id: String,
}

impl From<PreviewBody> for PreviewChanges {
    fn from(body: PreviewBody) -> Self {
        let names = |names: Option<Vec<KnownName>>| {
            names.map(|names| names.into_iter().map(|name| (name.kind, name.id)).collect())
        };
        Self {
            changes: body.changes.into_iter().map(AccessChange::into).collect(),
            subjects: names(body.subjects),
            actions: body.actions,
            resources: names(body.resources),
            context: body.context,
            limit: body.limit.map_or(FLIPS, usize::from),
        }
    }
}

/// Lists the decisions about known subjects and resources that would come out otherwise if these changes were saved. Nothing
/// is saved.
///
/// It takes the permission `access:read`, and for each change what saving it takes. A change that could not be saved is refused as
/// saving it would be; the fields begin with its place: `changes[2].add_rules.rules[0]`. What takes more than a million
/// decisions, or flips more than `limit`, is an error: name subjects, actions or resources then.
#[utoipa::path(
    post, path = "/access/preview", tag = "access", request_body = PreviewBody,
    responses((status = 200, description = "What would flip, in order of subject, resource and action.", body = AccessPreview))
)]
pub(crate) async fn preview_access(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<PreviewBody>,
) -> Result<axum::Json<AccessPreview>, Problem> {
    Ok(axum::Json(previewing::preview(state.app(), &caller, value.into()).await?.into()))
}
