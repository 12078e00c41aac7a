//! A request's work is a task of its own: once begun it runs to its end, whoever hangs up.
//!
//! A future that is dropped half-way could leave a transaction half-way too. So the body is read first, which may be
//! broken off at any moment; then the work is spawned, and only the waiting for it has a limit.
//!
//! There is room for so much work at once. A body that is still on its way takes none of it, or whoever sends the first byte of many
//! bodies would keep everybody out; such bodies have a time limit and a number of bytes that they share.
//!
//! A few operations take batches, which may be larger than other bodies. What they are larger by has a share of its own, and keeps
//! it until the work is done: so many large bodies at once are not so much memory.

use super::Edge;
use crate::problem::Problem;
use axum::{
    body::{Body, Bytes},
    extract::{MatchedPath, Request, State},
    http::{StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use keystead_domain::Error;
use std::{sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tracing::Instrument;

/// The most that a body may take to arrive, whatever the limit for the work is.
const BODY_WITHIN: Duration = Duration::from_secs(15);

/// The operations that take batches, by their templates.
const BATCHES: [&str; 19] = [
    "/api/v1/access/catalogue",
    "/api/v1/access/entities",
    "/api/v1/access/entities/delete",
    "/api/v1/access/matrix",
    "/api/v1/access/preview",
    "/api/v1/access/rules",
    "/api/v1/access/rules.csv",
    "/api/v1/access/rules/delete",
    "/api/v1/access/set",
    "/api/v1/features",
    "/api/v1/menu-items",
    "/api/v1/modules",
    "/api/v1/organizations/{organization_id}/modules",
    "/api/v1/sub-menu-items",
    "/api/v1/user-levels/{user_level_id}/feature-permissions",
    "/api/v1/user-levels/{user_level_id}/feature-permissions/all",
    "/api/v1/user-levels/{user_level_id}/view-permissions",
    "/api/v1/user-levels/{user_level_id}/view-permissions/all",
    "/api/v1/views",
];

/// Reads the body, spawns the work and waits for its answer.
pub(crate) async fn run(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    match answer(&edge, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn answer(edge: &Edge, request: Request, next: Next) -> Result<Response, Problem> {
    let timeout = edge.settings.request_timeout;
    let (parts, body) = request.into_parts();
    let announced =
        parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let limit = limit(edge, &parts);
    if announced.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(too_large(limit));
    }
    let (bytes, held) =
        tokio::time::timeout(timeout.min(BODY_WITHIN), read(edge, body, limit)).await.map_err(|_| slow_body())??;
    let permit = match room(edge, &parts) {
        Some(room) => Some(room.clone().try_acquire_owned().map_err(|_| Error::busy(1))?),
        None => None,
    };
    let request = Request::from_parts(parts, Body::from(bytes));
    let work = async move {
        let response = next.run(request).await;
        drop((permit, held));
        response
    };
    let task = edge.tasks.spawn(work.in_current_span());
    match tokio::time::timeout(timeout, task).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(failure)) => Err(Problem::internal(format!("the work on a request ended early: {failure}"))),
        Err(_) => Err(Problem::new(
            StatusCode::GATEWAY_TIMEOUT,
            "timeout",
            "It takes longer than this server waits. What was begun is being finished: look before you repeat it.",
        )),
    }
}

/// What a request needs a permit of. None: the answer costs nothing, and says that the process lives.
fn room<'a>(edge: &'a Edge, parts: &Parts) -> Option<&'a Arc<Semaphore>> {
    match parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str) {
        Some("/health/live") => None,
        Some("/health/ready" | "/metrics") => Some(&edge.lookout),
        _ => Some(&edge.room),
    }
}

/// The most bytes that the body may have.
fn limit(edge: &Edge, parts: &Parts) -> usize {
    let template = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let usual = edge.settings.body_limit;
    if BATCHES.contains(&template) { usual.max(edge.settings.batch_limit) } else { usual }
}

/// The whole body, and the permits that it keeps.
async fn read(edge: &Edge, mut body: Body, limit: usize) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Problem> {
    let mut whole = Vec::new();
    // Given back when the body is whole: from then on the requests at once are the limit.
    let mut held = take(edge, 0)?;
    let mut kept: Option<OwnedSemaphorePermit> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            let mut problem = Problem::malformed("broken_body", "The request's body broke off.");
            problem.internal = Some(error.to_string());
            problem
        })?;
        let Some(part) = frame.data_ref() else { continue };
        if part.len() > limit - whole.len() {
            return Err(too_large(limit));
        }
        let usual = edge.settings.body_limit.saturating_sub(whole.len()).min(part.len());
        held.merge(take(edge, usual)?);
        if part.len() > usual {
            let more = take_of_batches(edge, part.len() - usual)?;
            match &mut kept {
                Some(kept) => kept.merge(more),
                None => kept = Some(more),
            }
        }
        whole.extend_from_slice(part);
    }
    Ok((Bytes::from(whole), kept))
}

fn take(edge: &Edge, bytes: usize) -> Result<SemaphorePermit<'_>, Problem> {
    let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
    edge.unfinished.try_acquire_many(bytes).map_err(|_| Error::busy(1).into())
}

fn take_of_batches(edge: &Edge, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
    let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
    edge.batches.clone().try_acquire_many_owned(bytes).map_err(|_| Error::busy(1).into())
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
