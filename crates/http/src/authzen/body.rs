//! Subjects, resources, actions and decisions on the wire (section 5).

use axum::{
    Json,
    http::HeaderValue,
    response::{IntoResponse, Response},
};
use keystead_service::access::evaluation::{Act, Answer, Attributes, Evaluator, Thing};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A subject or a resource: a type and an identifier that is unique within it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Entity {
    /// Such as `user`, `service_account` or `document`.
    #[serde(rename = "type")]
    #[schema(min_length = 1, max_length = 1000)]
    pub(super) kind: String,
    #[schema(min_length = 1, max_length = 1000)]
    pub(super) id: String,
    /// What is told about it; wins over what is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(super) properties: Option<Attributes>,
}

/// Something to do.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Action {
    #[schema(min_length = 1, max_length = 1000)]
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(super) properties: Option<Attributes>,
}

impl Entity {
    pub(super) fn thing(&self) -> Thing<'_> {
        Thing { kind: &self.kind, id: &self.id, properties: self.properties.as_ref() }
    }
}

impl Action {
    pub(super) fn act(&self) -> Act<'_> {
        Act { name: &self.name, properties: self.properties.as_ref() }
    }
}

/// What was decided (section 5.5).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccessDecision)]
pub(crate) struct Decision {
    /// Whether it is allowed.
    decision: bool,
    context: Why,
}

/// Why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionContext)]
pub(crate) struct Why {
    /// What decided, in one word: `role`, `rule`, `no_permission` …
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The access version of the organization that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_version: Option<i64>,
    /// The access version of the platform that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_version: Option<i64>,
    /// The rows that decided.
    #[serde(flatten)]
    rows: BTreeMap<&'static str, String>,
    /// Why there is no answer: then it is denied.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Fault>,
}

/// Why one of several questions was not answered (section 7.2.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EvaluationError)]
pub(crate) struct Fault {
    /// The HTTP status that it would have had by itself.
    pub(super) status: u16,
    pub(super) message: String,
}

impl Decision {
    /// With everything that is known of it.
    pub(super) fn whole(answer: &Answer) -> Self {
        let context = Why {
            reason: Some(answer.reason()),
            access_version: Some(answer.version()),
            platform_version: Some(answer.platform_version()),
            rows: answer.details().into_iter().collect(),
            error: None,
        };
        Self { decision: answer.allowed(), context }
    }
    /// One of many: the reason, and nothing that the others say, too.
    pub(super) const fn brief(answer: &Answer) -> Self {
        let context = Why {
            reason: Some(answer.reason()),
            access_version: None,
            platform_version: None,
            rows: BTreeMap::new(),
            error: None,
        };
        Self { decision: answer.allowed(), context }
    }
    /// Denied, because it could not be asked.
    pub(super) const fn unanswered(fault: Fault) -> Self {
        let context = Why {
            reason: None,
            access_version: None,
            platform_version: None,
            rows: BTreeMap::new(),
            error: Some(fault),
        };
        Self { decision: false, context }
    }
    pub(super) const fn allowed(&self) -> bool {
        self.decision
    }
}

/// An answer with the access version that decided.
pub(super) fn decided(evaluator: &Evaluator, body: &impl Serialize) -> Response {
    let mut response = Json(body).into_response();
    let version = HeaderValue::from(evaluator.version());
    response.headers_mut().insert(crate::edge::access_version::ACCESS_VERSION, version);
    response
}
