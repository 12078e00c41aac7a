//! `POST /access/v1/evaluations` (section 7).

use super::{
    body::{Action, Decision, Entity, Fault, decided},
    input::{Asked, AtLeast, Consistency, missing, refused},
};
use crate::{AppState, input::Signed, problem::Problem};
use axum::{extract::State, response::Response};
use keystead_domain::{Error, access::Action as Permitted};
use keystead_service::access::evaluation::{Attributes, Evaluator, Question, Told};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most questions of one request.
const MOST: usize = 1000;

/// Several questions. What one of them does not say, the request says for all.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Evaluations {
    #[serde(flatten)]
    defaults: Part,
    /// Without any, the request is one question.
    #[serde(default)]
    #[schema(max_items = 1000)]
    evaluations: Vec<Part>,
    #[serde(default)]
    options: Options,
}

/// A question, or what it has of its own.
#[derive(Deserialize, ToSchema)]
#[schema(as = EvaluationPart)]
pub(crate) struct Part {
    subject: Option<Entity>,
    action: Option<Action>,
    resource: Option<Entity>,
    #[schema(value_type = Option<Object>)]
    context: Option<Attributes>,
}

/// How they are answered.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = EvaluationsOptions)]
pub(crate) struct Options {
    #[serde(default)]
    evaluations_semantic: Semantic,
}

/// When no more are answered.
#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Semantic {
    /// When all are.
    #[default]
    ExecuteAll,
    /// After the first denial.
    DenyOnFirstDeny,
    /// After the first permission.
    PermitOnFirstPermit,
}

impl Semantic {
    fn ends_with(self, decision: &Decision) -> bool {
        match self {
            Self::ExecuteAll => false,
            Self::DenyOnFirstDeny => !decision.allowed(),
            Self::PermitOnFirstPermit => decision.allowed(),
        }
    }
}

/// The answers, in the order of the questions.
#[derive(Serialize, ToSchema)]
pub(crate) struct Decisions {
    evaluations: Vec<Decision>,
}

/// Answers several questions by the same state of what decides.
///
/// A question that cannot be asked is denied, and its `context.error` says why; the others are answered all the same.
#[utoipa::path(
    post, path = "/access/v1/evaluations", tag = "authzen", params(Consistency), request_body = Evaluations,
    responses((status = 200, description = "The decisions; one decision where there is one question only.", body = Decisions))
)]
pub(crate) async fn evaluate_many(
    State(state): State<AppState>,
    Signed(caller): Signed,
    AtLeast(at_least): AtLeast,
    Asked(Evaluations { defaults, evaluations, options }): Asked<Evaluations>,
) -> Result<Response, Problem> {
    if evaluations.len() > MOST {
        return Err(refused(Error::invalid("evaluations", format!("must have at most {MOST} items"))));
    }
    let evaluator = Evaluator::open(state.app(), &caller, Permitted::Evaluate, at_least).await?;
    let mut told = Told::new(state.app(), &caller);
    if evaluations.is_empty() {
        let answer = told.evaluate(&evaluator, &question(&defaults, &defaults)?).map_err(refused)?;
        return Ok(decided(&evaluator, &Decision::whole(&answer)));
    }
    let mut decisions = Vec::with_capacity(evaluations.len());
    for part in &evaluations {
        let decision = match answer(&mut told, &evaluator, part, &defaults) {
            Ok(decision) => decision,
            Err(problem) => Decision::unanswered(Fault { status: problem.status.as_u16(), message: problem.message() }),
        };
        let ends = options.evaluations_semantic.ends_with(&decision);
        decisions.push(decision);
        if ends {
            break;
        }
    }
    Ok(decided(&evaluator, &Decisions { evaluations: decisions }))
}

fn answer(told: &mut Told<'_>, evaluator: &Evaluator, part: &Part, defaults: &Part) -> Result<Decision, Problem> {
    let question = question(part, defaults).inspect_err(|_| told.unanswered(evaluator))?;
    let answer = told.evaluate(evaluator, &question).map_err(refused)?;
    Ok(Decision::brief(&answer))
}

/// What a question says itself counts whole; nothing is put together from both (section 7.1.1).
fn question<'a>(part: &'a Part, defaults: &'a Part) -> Result<Question<'a>, Problem> {
    let subject = part.subject.as_ref().or(defaults.subject.as_ref()).ok_or_else(|| missing("subject"))?;
    let action = part.action.as_ref().or(defaults.action.as_ref()).ok_or_else(|| missing("action"))?;
    let resource = part.resource.as_ref().or(defaults.resource.as_ref()).ok_or_else(|| missing("resource"))?;
    let context = part.context.as_ref().or(defaults.context.as_ref());
    Ok(Question { subject: subject.thing(), action: action.act(), resource: resource.thing(), context })
}
