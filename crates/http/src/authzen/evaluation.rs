//! `POST /access/v1/evaluation` (section 6).

use super::{
    body::{Action, Decision, Entity, decided},
    input::{Asked, AtLeast, Consistency, refused},
};
use crate::{AppState, input::Signed, problem::Problem};
use axum::{extract::State, response::Response};
use keystead_domain::access::Action as Permitted;
use keystead_service::access::evaluation::{Attributes, Evaluator, Question, Told};
use serde::Deserialize;
use utoipa::ToSchema;

/// One question.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Evaluation {
    subject: Entity,
    action: Action,
    resource: Entity,
    /// The circumstances: `r.ctx` of rules.
    #[schema(value_type = Option<Object>)]
    context: Option<Attributes>,
}

/// Decides whether the subject may do the action on the resource.
///
/// With the key of a service account that has `access:evaluate`; with a person's token, about that person only.
#[utoipa::path(
    post, path = "/access/v1/evaluation", tag = "authzen", params(Consistency), request_body = Evaluation,
    responses((status = 200, description = "The decision.", body = Decision))
)]
pub(crate) async fn evaluate(
    State(state): State<AppState>,
    Signed(caller): Signed,
    AtLeast(at_least): AtLeast,
    Asked(asked): Asked<Evaluation>,
) -> Result<Response, Problem> {
    let evaluator = Evaluator::open(state.app(), &caller, Permitted::Evaluate, at_least).await?;
    let question = Question {
        subject: asked.subject.thing(),
        action: asked.action.act(),
        resource: asked.resource.thing(),
        context: asked.context.as_ref(),
    };
    let answer = Told::new(state.app(), &caller).evaluate(&evaluator, &question).map_err(refused)?;
    Ok(decided(&evaluator, &Decision::whole(&answer)))
}
