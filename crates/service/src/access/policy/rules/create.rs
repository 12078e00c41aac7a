//! Adds rules.

use super::{
    KIND,
    check::NewRule,
    room::{MOST_RULES_AT_ONCE, ensure_batch},
    write::Sent,
};
use crate::{
    App,
    access::{
        policy::{guarding::guard_policy, refused::Place, told::told_rules, turn::turn},
        scope_in,
    },
    audit::{self, Event},
    idempotency::{OnceKey, Start, once},
};
use keystead_domain::{Caller, OrganizationId, Result, RuleId, access::Action};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Rules that are to be added.
#[derive(Clone, Debug)]
pub struct CreateRules {
    /// Whose they become.
    pub organization: OrganizationId,
    /// They, at most [`MOST_RULES_AT_ONCE`].
    pub rules: Vec<NewRule>,
}

/// What was added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedRules {
    /// The rules' identifiers, in the order in which they were sent.
    pub ids: Vec<RuleId>,
}

/// Adds rules, all or none, if they fit the model in force and the rules that are there.
///
/// # Errors
/// As [`guard`](crate::access::guard); `Invalid` with code `rules_refused`, naming each rule by its place in the list;
/// `TooLarge` with code `batch_too_large`; `Conflict` with code `too_many_rules`; as [`once`].
pub async fn create_rules(
    app: &App,
    caller: &Caller,
    input: CreateRules,
    key: Option<OnceKey>,
) -> Result<CreatedRules> {
    let CreateRules { organization, rules } = input;
    guard_policy(caller, Action::Create, KIND, organization)?;
    ensure_batch(rules.len(), MOST_RULES_AT_ONCE)?;
    let rules = rules.into_iter().enumerate().map(|(index, rule)| (Place::Index(index), rule));
    let sent = Sent::new(app, caller, organization, rules)?;
    add(app, caller, organization, sent, key).await
}

/// Writes what was checked already.
pub(super) async fn add(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    sent: Sent,
    key: Option<OnceKey>,
) -> Result<CreatedRules> {
    let _turn = turn().await?;
    let work = match once(app, caller, scope_in(organization, caller), key).await? {
        Start::First(work) => work,
        Start::Repeated(created) => return Ok(created),
    };
    let new = sent.add(app, &*work, organization).await?;
    let event = Event::new(caller, "policy_rules.created", KIND)
        .data(json!({ "count": new.len() }))
        .before_after(json!({}), told_rules(&new));
    audit::append(&*work, app, organization, vec![event]).await?;
    work.finish(CreatedRules { ids: new.iter().map(|rule| rule.id).collect() }).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::policy::rules::fixtures::{rule, with_rules},
        testing::{TestApp, Trail, administrator, organization},
    };
    use keystead_domain::access::PolicyRule;

    fn new(ptype: &str, values: &[&str]) -> NewRule {
        NewRule {
            ptype: ptype.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            priority: None,
            not_before: None,
            expires_at: None,
            is_active: true,
        }
    }

    async fn create(kept: Vec<PolicyRule>, rules: Vec<NewRule>) -> (Result<CreatedRules>, usize, Trail) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), with_rules(kept));
        unit.access.rules.expect_insert().returning(|_, _| Ok(()));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let input = CreateRules { organization: organization(1), rules };
        let outcome = create_rules(&test.build(), &administrator(organization(1), 7), input, None).await;
        (outcome, journal.commits(), trail)
    }

    #[tokio::test]
    async fn rules_that_fit_are_added_with_one_event() {
        let rules = vec![new("p", &["editor", "*", "document:*", "read"]), new("g", &["alice", "editor", "*"])];
        let (outcome, commits, trail) = create(vec![], rules).await;
        assert_eq!((outcome.unwrap().ids.len(), commits), (2, 1));
        let event = trail.only();
        assert_eq!((&*event.event_type, &event.event_data["count"]), ("policy_rules.created", &json!(2)));
    }

    #[tokio::test]
    async fn one_that_does_not_fit_keeps_all_out() {
        let good = new("p", &["a", "*", "x", "read"]);
        for (bad, field, message) in [
            (new("p", &["a", "*"]), "rules[1]", "`p` takes 4 to 6 values, not 2"),
            (new("p", &["a", "*", "x", "read", "allow", "what()"]), "rules[1].values[5]", "column 1: unknown function"),
            (new("g", &["x", "y", "*"]), "rules[1]", "cyclic roles: x → y → x"),
        ] {
            let (outcome, commits, trail) = create(vec![rule(1, "g", &["y", "x", "*"])], vec![good.clone(), bad]).await;
            let error = outcome.unwrap_err();
            assert_eq!((error.code, &*error.fields[0].field), ("rules_refused", field), "{error}");
            assert!(error.fields[0].message.starts_with(message), "{error}");
            assert_eq!((commits, trail.events().len()), (0, 0));
        }
        // What no model could read is refused before anything is looked at.
        let rules = vec![good, new("", &["x"])];
        let input = CreateRules { organization: organization(1), rules };
        let refused = create_rules(&TestApp::new().build(), &administrator(organization(1), 7), input, None).await;
        assert_eq!(refused.unwrap_err().fields[0].field, "rules[1].ptype");
    }

    #[tokio::test]
    async fn no_more_are_taken_than_there_is_room_for() {
        let many = vec![new("p", &["a", "*", "x", "read"]); MOST_RULES_AT_ONCE + 1];
        let app = TestApp::new().build();
        let input = CreateRules { organization: organization(1), rules: many };
        let error = create_rules(&app, &administrator(organization(1), 7), input, None).await.unwrap_err();
        assert_eq!(error.code, "batch_too_large");
    }
}
