//! `PUT /access/entities`.

use crate::{
    AppState,
    input::{Json, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_service::access::policy::entities::{self, EntityName, PutEntities};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Entities that are to be known.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEntities {
    /// They; all are written, or none.
    #[schema(max_items = 10000)]
    entities: Vec<NewEntity>,
}

/// An entity that is to be known.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewEntity {
    /// What it is.
    #[serde(rename = "type")]
    #[schema(rename = "type", pattern = "^[A-Za-z_][A-Za-z0-9_.-]{0,63}$", example = "document")]
    kind: String,
    /// Its own identifier, unique among those of its type.
    #[schema(min_length = 1, max_length = 256, example = "d1")]
    id: String,
    /// What conditions may ask about it: all of its properties, up to 8 KiB as JSON. `owner` and `team` say whose it is.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({"status": "draft"}))]
    properties: Map<String, Value>,
}

impl From<NewEntities> for Vec<entities::NewEntity> {
    fn from(new: NewEntities) -> Self {
        let entity = |NewEntity { kind, id, properties }| entities::NewEntity {
            name: EntityName { kind, id },
            properties: Value::Object(properties),
        };
        new.entities.into_iter().map(entity).collect()
    }
}

/// What was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WrittenEntities {
    /// How many are new.
    added: usize,
    /// How many were there before.
    changed: usize,
}

/// Makes entities known, all or none. Those that are there get these properties in the place of theirs.
#[utoipa::path(
    put, path = "/access/entities", tag = "access", request_body = NewEntities,
    responses((status = 200, description = "How many were written.", body = WrittenEntities))
)]
pub(crate) async fn put_entities(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<NewEntities>,
) -> Result<axum::Json<WrittenEntities>, Problem> {
    let input = PutEntities { organization: caller.organization_id, entities: value.into() };
    let entities::WrittenEntities { added, changed } = entities::put_entities(state.app(), &caller, input).await?;
    Ok(axum::Json(WrittenEntities { added, changed }))
}
