//! What decides for a caller: the engine, over the snapshot of the organization that the caller works in.

use crate::{App, audit::DecisionLog};
use keystead_access::{
    Context, Decision, Denial, Holder, Reason, Subject, decide,
    policy::{Attribute, Properties},
    snapshot::Snapshot,
};
use keystead_domain::{
    Caller, OrganizationId, RequestContext, Rights, Timestamp,
    access::{Action, Resource},
};
use std::{fmt, sync::Arc};

/// The snapshot as it was when the request came in, and what rules may ask about the request.
pub(crate) struct SnapshotRights {
    snapshot: Arc<Snapshot>,
    at: Timestamp,
    circumstances: Circumstances,
    /// Where the guard's decisions are recorded, if the operator wants that.
    log: Option<Arc<DecisionLog>>,
}

impl SnapshotRights {
    /// What decides at `at` for the request of `context`.
    pub(crate) fn new(snapshot: Arc<Snapshot>, at: Timestamp, context: &RequestContext) -> Self {
        let client_ip = context.client_ip.map(|address| address.to_string());
        Self { snapshot, at, circumstances: Circumstances { client_ip, source: context.source }, log: None }
    }
    /// The same for somebody who calls: what the guard decides is recorded as the operator wants it.
    pub(crate) fn recorded(self, app: &App) -> Self {
        Self { log: app.decision_log.wanted(), ..self }
    }

    fn decision(&self, caller: &Caller, action: &str, resource: &Resource<'_>) -> Decision {
        let context = Context::at(self.at).with(&self.circumstances);
        let asked = |holder| self.snapshot.decide_own(holder, action, resource, &context);
        let version = self.snapshot.version();
        match (caller.user_id, caller.service_account_id) {
            (Some(user), None) => asked(Holder::User(user)),
            (None, Some(account)) => {
                let by_key = Decision { version, ..permitted(caller, action, resource, &context) };
                if !by_key.allowed {
                    return by_key;
                }
                let by_rules = asked(Holder::ServiceAccount(account));
                if denies(&by_rules) { by_rules } else { by_key }
            }
            _ => Decision { allowed: false, reason: Reason::Denied(Denial::NoPermission), version },
        }
    }
}

impl Rights for SnapshotRights {
    fn allow(&self, caller: &Caller, action: &str, resource: &Resource<'_>) -> bool {
        self.decision(caller, action, resource).allowed
    }

    fn decide(&self, caller: &Caller, action: Action, resource: &Resource<'_>) -> bool {
        let decision = self.decision(caller, action.as_str(), resource);
        // With labels that are known when this is compiled, a counter is found without making its key anew.
        if decision.allowed {
            metrics::counter!("keystead_decisions_total", "by" => "guard", "outcome" => "allowed").increment(1);
        } else {
            metrics::counter!("keystead_decisions_total", "by" => "guard", "outcome" => "denied").increment(1);
        }
        if let Some(log) = &self.log {
            log.guarded(caller, self.at, action, resource, decision.into());
        }
        decision.allowed
    }

    fn note_elsewhere(&self, caller: &Caller, organization: OrganizationId) {
        metrics::counter!("keystead_decisions_total", "by" => "guard", "outcome" => "denied").increment(1);
        if let Some(log) = &self.log {
            log.elsewhere(caller, self.at, organization);
        }
    }

    fn are_shut(&self) -> bool {
        self.snapshot.is_unfit()
    }
}

/// What the key that a service account calls with permits. It holds no roles: its key stands in their place.
fn permitted(caller: &Caller, action: &str, resource: &Resource<'_>, context: &Context<'_>) -> Decision {
    let subject = Subject { user_id: None, organization_id: caller.organization_id, grants: &caller.grants };
    decide(&subject, action, resource, context)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{decisions::by_rows, guard},
        testing::{context, deciding_rows, now, organization, service_account},
    };
    use keystead_domain::access::{Action, ActiveRule};
    use uuid::Uuid;

    /// Whether a service account whose key permits to read teams may, where `rule` is the only one.
    fn may_read(is_active: bool, rule: Option<[&str; 5]>) -> bool {
        let caller = service_account(1, &["teams:read:organization"]);
        let account = caller.service_account_id.unwrap();
        let mut rows = deciding_rows(organization(1), &[]);
        let mut robot = crate::service_accounts::keys::fixtures::robot();
        robot.is_active = is_active;
        rows.organization.service_accounts = vec![robot];
        rows.policy.rules = rule.into_iter().map(|values| active_rule(values, account.as_uuid())).collect();
        let rights = SnapshotRights::new(by_rows(&rows), now(), &context());
        let caller = Caller { rights: Some(Arc::new(rights)), ..caller };
        guard(&caller, Action::Read, &Resource::all("teams", organization(1))).is_ok()
    }

    fn active_rule(values: [&str; 5], account: Uuid) -> ActiveRule {
        let mut all: [Option<String>; keystead_domain::access::RULE_VALUES] = Default::default();
        for (place, value) in all.iter_mut().zip(values) {
            *place = Some(value.replace("{id}", &account.to_string()));
        }
        ActiveRule {
            id: Uuid::from_u128(1).into(),
            ptype: "p".to_owned(),
            values: all,
            priority: None,
            not_before: None,
            expires_at: None,
        }
    }

    #[test]
    fn where_the_rules_do_not_fit_their_model_only_those_are_mended() {
        let administrator = crate::testing::administrator(organization(1), 7);
        let mut rows = deciding_rows(organization(1), &[(crate::testing::user(7), administrator.grants.to_vec())]);
        let mut rights = |values: &[&str]| {
            let mut all: [&str; 5] = ["*"; 5];
            all.iter_mut().zip(values).for_each(|(place, value)| *place = value);
            let mut rule = active_rule(all, Uuid::from_u128(1));
            rule.values.iter_mut().skip(values.len()).for_each(|value| *value = None);
            rows.policy.rules = vec![rule];
            let rights = SnapshotRights::new(by_rows(&rows), now(), &context());
            Caller { rights: Some(Arc::new(rights)), ..administrator.clone() }
        };
        let (fits, does_not) = (rights(&["a", "*", "x", "read"]), rights(&["a", "x"]));
        for kind in ["policy_rules", "policy_models"] {
            assert!(guard(&does_not, Action::Update, &Resource::all(kind, organization(1))).is_ok(), "{kind}");
        }
        for kind in ["teams", "users", "policy_entities"] {
            let resource = Resource::all(kind, organization(1));
            assert!(guard(&fits, Action::Read, &resource).is_ok(), "{kind}");
            let error = guard(&does_not, Action::Read, &resource).unwrap_err();
            assert_eq!(
                (error.kind, error.code),
                (keystead_domain::ErrorKind::Forbidden, "policy_unreadable"),
                "{kind}"
            );
        }
        let elsewhere = guard(&does_not, Action::Read, &Resource::all("teams", organization(2))).unwrap_err();
        assert_eq!(elsewhere.kind, keystead_domain::ErrorKind::NotFound);
    }

    #[test]
    fn a_rule_denies_what_a_key_permits_and_a_disabled_account_does_nothing() {
        assert!(may_read(true, None));
        let domain = organization(1).to_string();
        let rule = |subject, effect| [subject, domain.as_str(), "*", "*", effect];
        assert!(may_read(true, Some(rule("service_account:{id}", "allow"))));
        assert!(!may_read(true, Some(rule("service_account:{id}", "deny"))));
        assert!(may_read(true, Some(rule("service_account:other", "deny"))));
        assert!(!may_read(false, None));
    }
}
