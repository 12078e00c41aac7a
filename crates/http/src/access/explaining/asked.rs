//! What is to be explained.

use keystead_service::access::{
    evaluation::Attributes,
    explaining::{self, AskedThing},
};
use serde::Deserialize;
use utoipa::ToSchema;

/// Whether a subject may do something on a resource.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionQuestion {
    /// Who.
    subject: AskedEntity,
    /// What.
    action: AskedAction,
    /// On what.
    resource: AskedEntity,
    /// The circumstances: `r.ctx` of rules.
    #[schema(value_type = Option<Object>)]
    context: Option<Attributes>,
}

/// A subject or a resource.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskedEntity {
    /// Such as `user`, `service_account` or `document`.
    #[serde(rename = "type")]
    #[schema(rename = "type", min_length = 1, max_length = 1000)]
    kind: String,
    /// Unique within the type.
    #[schema(min_length = 1, max_length = 1000)]
    id: String,
    /// What is told about it; wins over what is stored.
    #[schema(value_type = Option<Object>)]
    properties: Option<Attributes>,
}

/// Something to do.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskedAction {
    /// Its name, such as `read`.
    #[schema(min_length = 1, max_length = 1000)]
    name: String,
    /// What is told about it.
    #[schema(value_type = Option<Object>)]
    properties: Option<Attributes>,
}

impl From<AskedEntity> for AskedThing {
    fn from(entity: AskedEntity) -> Self {
        let AskedEntity { kind, id, properties } = entity;
        Self { kind, id, properties }
    }
}

impl From<DecisionQuestion> for explaining::Asked {
    fn from(question: DecisionQuestion) -> Self {
        let DecisionQuestion { subject, action, resource, context } = question;
        let (action, action_properties) = (action.name, action.properties);
        Self { subject: subject.into(), action, action_properties, resource: resource.into(), context }
    }
}
