//! What decides for a caller: the engine, over the snapshot of the organization that the caller works in.

use keystead_access::{
    Context, Decision, Denial, Holder, Reason, Subject, decide,
    policy::{Attribute, Properties},
    snapshot::Snapshot,
};
use keystead_domain::{Caller, RequestContext, Rights, Timestamp, access::Resource};
use std::{fmt, sync::Arc};

/// The snapshot as it was when the request came in, and what rules may ask about the request.
pub(crate) struct SnapshotRights {
    snapshot: Arc<Snapshot>,
    at: Timestamp,
    circumstances: Circumstances,
}

impl SnapshotRights {
    /// What decides at `at` for the request of `context`.
    pub(crate) fn new(snapshot: Arc<Snapshot>, at: Timestamp, context: &RequestContext) -> Self {
        let client_ip = context.client_ip.map(|address| address.to_string());
        Self { snapshot, at, circumstances: Circumstances { client_ip, source: context.source } }
    }
}

impl Rights for SnapshotRights {
    fn allow(&self, caller: &Caller, action: &str, resource: &Resource<'_>) -> bool {
        let context = Context::at(self.at).with(&self.circumstances);
        let asked = |holder| self.snapshot.decide_own(holder, action, resource, &context);
        let allowed = match (caller.user_id, caller.service_account_id) {
            (Some(user), None) => asked(Holder::User(user)).allowed,
            (None, Some(account)) => {
                permits(caller, action, resource, &context) && !denies(&asked(Holder::ServiceAccount(account)))
            }
            _ => false,
        };
        let outcome = if allowed { "allowed" } else { "denied" };
        metrics::counter!("keystead_decisions_total", "by" => "guard", "outcome" => outcome).increment(1);
        allowed
    }
}

/// Whether the key that a service account calls with permits it. It holds no roles: its key stands in their place.
fn permits(caller: &Caller, action: &str, resource: &Resource<'_>, context: &Context<'_>) -> bool {
    let subject = Subject { user_id: None, organization_id: caller.organization_id, grants: &caller.grants };
    decide(&subject, action, resource, context).allowed
}

/// Whether something speaks against it, and not only nothing for it: a rule, or that the service account does not count now.
fn denies(decision: &Decision) -> bool {
    let nothing_for_it = matches!(
        decision.reason,
        Reason::Denied(Denial::NoPermission | Denial::OutOfScope { .. } | Denial::LevelOutOfScope { .. })
    );
    !decision.allowed && !nothing_for_it
}

impl fmt::Debug for SnapshotRights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnapshotRights").field("version", &self.snapshot.version()).finish_non_exhaustive()
    }
}

/// What rules may ask about a request to Keystead itself: `r.ctx.client_ip` and `r.ctx.source`.
struct Circumstances {
    client_ip: Option<String>,
    source: &'static str,
}

impl Properties for Circumstances {
    fn get(&self, name: &str) -> Option<Attribute<'_>> {
        match name {
            "client_ip" => self.client_ip.as_deref().map(Attribute::Text),
            "source" => Some(Attribute::Text(self.source)),
            _ => None,
        }
    }
}
