//! A request's work is a task of its own: once begun it runs to its end, whoever hangs up.
//!
//! A future that is dropped half-way could leave a transaction half-way too. So the body is read first, which may be
//! broken off at any moment; then the work is spawned, and only the waiting for it has a limit.

use super::Edge;
use crate::problem::Problem;
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use keystead_domain::Error;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

/// Reads the body, spawns the work and waits for its answer.
pub(crate) async fn run(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    match answer(&edge, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn answer(edge: &Edge, request: Request, next: Next) -> Result<Response, Problem> {
    let deadline = Instant::now() + edge.settings.request_timeout;
    let permit = edge.room.clone().try_acquire_owned().map_err(|_| Error::busy(1))?;
    let (parts, body) = request.into_parts();
    let announced =
        parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let limit = edge.settings.body_limit;
    if announced.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(too_large(limit));
    }
    let bytes = timeout_at(deadline, read(body, limit)).await.map_err(|_| slow_body())??;
    let request = Request::from_parts(parts, Body::from(bytes));
    let work = async move {
        let response = next.run(request).await;
        drop(permit);
        response
    };
    let task = edge.tasks.spawn(work.in_current_span());
    match timeout_at(deadline, task).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(failure)) => Err(Problem::internal(format!("the work on a request ended early: {failure}"))),
        Err(_) => Err(Problem::new(
            StatusCode::GATEWAY_TIMEOUT,
            "timeout",
            "It takes longer than this server waits. What was begun is being finished: look before you repeat it.",
        )),
    }
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => Err(too_large(limit)),
        Err(error) => {
            let mut problem = Problem::malformed("broken_body", "The request's body broke off.");
            problem.internal = Some(error.to_string());
            Err(problem)
        }
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        format!("The request's body is larger than {limit} bytes, the most that is accepted."),
    )
}

fn slow_body() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "slow_body", "The request's body did not arrive in time.")
}
