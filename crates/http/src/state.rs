//! What handlers share, and what the server waits for when it stops.

use crate::{HttpSettings, edge::Edge, metrics::Figures};
use axum::extract::FromRef;
use keystead_service::App;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Everything that the edge needs. A clone is one more reference to the same thing.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    app: App,
    edge: Arc<Edge>,
    figures: Figures,
    draining: AtomicBool,
}

impl AppState {
    /// The edge of `app`. `metrics` comes from [`crate::install_recorder`].
    #[must_use]
    pub fn new(app: App, settings: HttpSettings, metrics: PrometheusHandle) -> Self {
        let edge = Edge::new(settings, app.ids.clone());
        Self(Arc::new(Inner { app, edge, figures: Figures::new(metrics), draining: AtomicBool::new(false) }))
    }

    /// The server is about to stop: `/health/ready` says so from now on, and requests go on being answered.
    pub fn drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    /// Waits until all work that requests began has ended, also of those whose client was answered 504 or has gone. Call it when
    /// no more requests come in.
    pub async fn finished(&self) {
        self.0.edge.tasks.close();
        self.0.edge.tasks.wait().await;
    }

    /// How many requests are being worked on.
    #[must_use]
    pub fn in_progress(&self) -> usize {
        self.0.edge.tasks.len()
    }

    pub(crate) fn app(&self) -> &App {
        &self.0.app
    }
    pub(crate) fn edge(&self) -> &Arc<Edge> {
        &self.0.edge
    }
    pub(crate) fn figures(&self) -> &Figures {
        &self.0.figures
    }
    pub(crate) fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState").field("settings", &self.0.edge.settings).finish_non_exhaustive()
    }
}

impl FromRef<AppState> for Arc<Edge> {
    fn from_ref(state: &AppState) -> Self {
        state.edge().clone()
    }
}
impl FromRef<AppState> for App {
    fn from_ref(state: &AppState) -> Self {
        state.app().clone()
    }
}
