//! Requests: how many, how long, how many right now.

use axum::http::{Method, StatusCode};
use std::sync::Arc;
use tokio::time::Instant;

/// Counts a request from its entry to its answer. Dropped without an answer, it counts as 499: the client hung up.
pub(crate) struct InFlight {
    begun: Instant,
    method: &'static str,
    route: Arc<str>,
    ended: bool,
}

impl InFlight {
    /// A request begins. `route` is the template that it matched, never the path itself, which could be anything.
    pub(crate) fn begin(method: &Method, route: Option<Arc<str>>) -> Self {
        metrics::gauge!("keystead_http_requests_in_flight").increment(1.0);
        let route = route.unwrap_or_else(|| Arc::from("none"));
        Self { begun: Instant::now(), method: known(method), route, ended: false }
    }
    /// It was answered.
    pub(crate) fn end(&mut self, status: StatusCode) {
        self.count(status.as_u16());
    }
    fn count(&mut self, status: u16) {
        self.ended = true;
        let seconds = self.begun.elapsed().as_secs_f64();
        let labels = [("method", self.method.into()), ("route", metrics::SharedString::from(self.route.clone()))];
        metrics::histogram!("keystead_http_request_duration_seconds", labels.as_slice()).record(seconds);
        let status_text = metrics::SharedString::from(status.to_string());
        let [method, route] = labels;
        metrics::counter!("keystead_http_requests_total", [method, route, ("status", status_text)].as_slice())
            .increment(1);
        metrics::gauge!("keystead_http_requests_in_flight").decrement(1.0);
        tracing::info!(status, milliseconds = seconds * 1000.0, "answered");
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if !self.ended {
            self.count(499);
        }
    }
}

/// Anyone can invent methods; each would be a time series of its own.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
