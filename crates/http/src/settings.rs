//! How the edge behaves. Every value has a default that is safe on the open internet.

use ipnet::IpNet;
use std::time::Duration;

/// Settings of the HTTP edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpSettings {
    /// After so long a client is answered 504, while the work it asked for runs to its end.
    pub request_timeout: Duration,
    /// The largest request body, in bytes.
    pub body_limit: usize,
    /// The largest request body of the operations that take batches, in bytes.
    pub batch_limit: usize,
    /// How deep a JSON body may nest.
    pub json_depth: usize,
    /// How many requests may be worked on at once; more are answered 503 with `Retry-After`.
    pub max_requests: usize,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins that browsers may call from, such as `https://app.example.org`. None: CORS is off.
    pub allowed_origins: Vec<String>,
    /// Whether clients reach this server by TLS: then browsers are told to insist on it (RFC 6797).
    pub behind_tls: bool,
    /// Whether `/metrics` is served beside the API; else only by [`crate::metrics_router`] on a listener of its own.
    pub metrics_beside_api: bool,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(30),
            body_limit: 64 * 1024,
            batch_limit: 16 * 1024 * 1024,
            json_depth: 32,
            max_requests: 2048,
            trusted_proxies: Vec::new(),
            allowed_origins: Vec::new(),
            behind_tls: false,
            metrics_beside_api: true,
        }
    }
}
