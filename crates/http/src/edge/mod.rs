//! What every request passes on its way in and every answer on its way out.
//!
//! From the outside inwards: [`entry`] (request id, client address, log, metrics, headers, problem bodies), [`cors`],
//! [`work`] (body limit, a task of its own, the timeout).

pub(crate) mod access_version;
pub(crate) mod client;
pub(crate) mod conditional;
pub(crate) mod cors;
pub(crate) mod entry;
pub(crate) mod headers;
pub(crate) mod request_id;
pub(crate) mod work;

#[cfg(test)]
mod tests;

use crate::HttpSettings;
use axum::{Router, extract::DefaultBodyLimit, middleware};
use keystead_domain::Ids;
use std::sync::{Arc, atomic::AtomicBool};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

/// So many of the largest batches are held at once.
const BATCHES: usize = 8;

/// Requests for `/health/ready` and `/metrics` at once. Both ask the store.
const LOOKOUT: usize = 64;

/// What the layers share.
pub(crate) struct Edge {
    pub(crate) settings: HttpSettings,
    pub(crate) ids: Ids,
    /// Work that goes on, whether or not its client still waits.
    pub(crate) tasks: TaskTracker,
    /// One permit for each request that is worked on.
    pub(crate) room: Arc<Semaphore>,
    /// The same for requests that look after the server: they are answered, too, when there is no more room.
    pub(crate) lookout: Arc<Semaphore>,
    /// One permit for each byte of bodies that are not whole yet.
    pub(crate) unfinished: Arc<Semaphore>,
    /// One permit for each byte of batches beyond the limit for other bodies, until they are worked on.
    pub(crate) batches: Arc<Semaphore>,
    /// Whether a proxy that is not trusted was told of.
    pub(crate) warned_of_proxy: AtomicBool,
}

impl Edge {
    pub(crate) fn new(settings: HttpSettings, ids: Ids) -> Arc<Self> {
        let permits = |count: usize| Arc::new(Semaphore::new(count.clamp(1, Semaphore::MAX_PERMITS)));
        let room = permits(settings.max_requests);
        // As many whole bodies as there can be requests.
        let unfinished = permits(settings.max_requests.saturating_mul(settings.body_limit));
        let batches = permits(settings.batch_limit.saturating_mul(BATCHES));
        let (tasks, warned_of_proxy) = (TaskTracker::new(), AtomicBool::new(false));
        Arc::new(Self { settings, ids, tasks, room, lookout: permits(LOOKOUT), unfinished, batches, warned_of_proxy })
    }

    /// Puts the layers around `router`. They run after routing, so that they know the route's template.
    pub(crate) fn surround(self: &Arc<Self>, router: Router) -> Router {
        // `work` has read and bounded the body; the framework's own limit would be another one.
        let router = router.layer(DefaultBodyLimit::disable());
        let mut router = router.layer(middleware::from_fn_with_state(self.clone(), work::run));
        if let Some(layer) = cors::layer(&self.settings.allowed_origins) {
            router = router.layer(layer);
        }
        router.layer(middleware::from_fn_with_state(self.clone(), entry::enter))
    }
}
