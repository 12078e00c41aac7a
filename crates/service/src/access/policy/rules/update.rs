//! Changes a rule.

use super::{
    KIND,
    check::{check_times, checked_values},
    own_rule,
    room::ensure_room,
};
use crate::{
    App,
    access::{
        policy::{
            author,
            fitting::lock,
            guarding::guard_found,
            kept::Kept,
            refused::{Place, unfit},
            turn::turn,
        },
        scope_in,
    },
    audit::{self, Event, changes},
};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, RuleId, Timestamp,
    access::{Action, PolicyRule},
};
use std::{collections::HashMap, slice};

/// What is to change about a rule. What is absent stays; none inside takes it away.
#[derive(Clone, Debug)]
pub struct UpdateRule {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which.
    pub rule: RuleId,
    /// The version that the change is made for.
    pub version: i64,
    /// Other values, all of them.
    pub values: Option<Vec<String>>,
    /// Another priority.
    pub priority: Option<Option<i32>>,
    /// Another beginning.
    pub not_before: Option<Option<Timestamp>>,
    /// Another end.
    pub expires_at: Option<Option<Timestamp>>,
    /// Whether it counts.
    pub is_active: Option<bool>,
}

/// Changes a rule, if it fits the model in force and the other rules then.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Invalid` on what does not fit; `PreconditionFailed`.
pub async fn update_rule(app: &App, caller: &Caller, input: UpdateRule) -> Result<PolicyRule> {
    let (organization, id) = (input.organization, input.rule);
    let held = guard_found(caller, Action::Update, KIND, organization, id.as_uuid())?;
    let _turn = turn().await?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let before = own_rule(&*unit, organization, id).await?;
    held.release()?;
    let changed = PolicyRule { updated_by: author(caller), updated_at: app.now(), ..applied(&before, input)? };
    let kept = Kept::of(app, &*unit, organization).await?;
    ensure_room(kept.totals(), slice::from_ref(&before), slice::from_ref(&changed))?;
    let wrong = kept.mistakes(vec![changed.clone()]).await?;
    if !wrong.is_empty() {
        return Err(unfit(&wrong, &HashMap::from([(id, Place::Alone)])));
    }
    let after = unit.rules().update(organization, &changed).await?;
    let event = Event::new(caller, "policy_rule.updated", KIND).resource(id).changed(changes(&before, &after)?);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}

fn applied(before: &PolicyRule, input: UpdateRule) -> Result<PolicyRule> {
    let mut rule = PolicyRule { version: input.version, ..before.clone() };
    if let Some(values) = input.values {
        rule.values = checked_values(values).map_err(|(part, message)| Error::invalid(part, message))?;
    }
    rule.priority = input.priority.unwrap_or(rule.priority);
    rule.not_before = input.not_before.unwrap_or(rule.not_before);
    rule.expires_at = input.expires_at.unwrap_or(rule.expires_at);
    rule.is_active = input.is_active.unwrap_or(rule.is_active);
    check_times(rule.not_before, rule.expires_at).map_err(|message| Error::invalid("expires_at", message))?;
    Ok(rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::policy::rules::fixtures::{rule, with_rules},
        testing::{TestApp, Trail, administrator, organization},
    };

    fn input() -> UpdateRule {
        UpdateRule {
            organization: organization(1),
            rule: rule(2, "g", &[]).id,
            version: 1,
            values: None,
            priority: None,
            not_before: None,
            expires_at: None,
            is_active: None,
        }
    }

    async fn update(input: UpdateRule) -> (Result<PolicyRule>, usize, Trail) {
        let resting = PolicyRule { is_active: false, ..rule(2, "g", &["b", "a", "*"]) };
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = with_rules(vec![rule(1, "g", &["a", "b", "*"]), resting.clone()]);
        unit.access.rules.expect_find().returning(move |_, _| Ok(Some(resting.clone())));
        unit.access.rules.expect_update().returning(|_, rule| Ok(PolicyRule { version: 2, ..rule.clone() }));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let outcome = update_rule(&test.build(), &administrator(organization(1), 7), input).await;
        (outcome, journal.commits(), trail)
    }

    #[tokio::test]
    async fn a_rule_that_would_not_fit_once_it_counts_stays_at_rest() {
        let (outcome, commits, trail) = update(UpdateRule { is_active: Some(true), ..input() }).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.code, &*error.fields[0].field), ("rules_refused", "rule"));
        assert!(error.message.contains("cyclic roles"), "{error}");
        assert_eq!((commits, trail.events().len()), (0, 0));
    }

    #[tokio::test]
    async fn a_rule_is_changed() {
        let values = Some(vec!["b".to_owned(), "c".to_owned(), "*".to_owned()]);
        let (outcome, commits, trail) = update(UpdateRule { values, is_active: Some(true), ..input() }).await;
        let after = outcome.unwrap();
        assert_eq!((after.values[1].as_deref(), after.is_active, commits), (Some("c"), true, 1));
        assert_eq!(trail.only().event_type, "policy_rule.updated");
        let (outcome, ..) = update(UpdateRule { values: Some(vec![]), ..input() }).await;
        assert_eq!(outcome.unwrap_err().fields[0].field, "values");
    }
}
