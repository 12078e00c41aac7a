//! Gives an organization a model of its own, or another one.

use super::{KIND, ModelInForce, ModelOf, inheritors::begin_with_model};
use crate::{
    App,
    access::{
        policy::{
            author,
            fitting::{ensure_kept_rules_fit, own_rules},
            guarding::guard_policy,
            refused::malformed,
            turn::turn,
        },
        scope_in,
    },
    audit::{self, Event, changes},
};
use keystead_access::policy::Model;
use keystead_domain::{
    Caller, Error, OrganizationId, Result,
    access::{Action, PolicyModel},
};
use std::sync::Arc;

/// The model that an organization's rules are to be read by.
#[derive(Clone, Debug)]
pub struct PutModel {
    /// Whose it is.
    pub organization: OrganizationId,
    /// The version that the change is made for; 0 where there is none yet.
    pub version: i64,
    /// The whole model, up to 64 KiB.
    pub text: String,
}

/// Gives the organization this model, if its active rules fit it. What the platform writes is also read by the
/// organizations that have none of their own, so their rules must fit it, too.
///
/// # Errors
/// As [`guard`](crate::access::guard); `Invalid` with code `malformed_model`, naming line and column, or
/// `rules_do_not_fit`, naming the rules; `PreconditionFailed`; `Busy` with code `access_changed`.
pub async fn put_model(app: &App, caller: &Caller, input: PutModel) -> Result<ModelInForce> {
    let PutModel { organization, version, text } = input;
    guard_policy(caller, Action::Update, KIND, organization)?;
    let model = Arc::new(Model::parse(&text).map_err(|error| malformed(&error))?);
    let _turn = turn().await?;
    let unit = begin_with_model(app, &model, organization, scope_in(organization, caller)).await?;
    let before = unit.policy_models().find(organization).await?;
    if before.as_ref().map_or(0, |row| row.version) != version {
        return Err(Error::stale());
    }
    ensure_kept_rules_fit(model, own_rules(&*unit, organization).await?).await?;
    let now = app.now();
    let (after, changed) = if let Some(before) = before {
        let next = PolicyModel { text, updated_by: author(caller), updated_at: now, ..before.clone() };
        let after = unit.policy_models().update(organization, &next).await?;
        let changed = changes(&before, &after)?;
        (after, changed)
    } else {
        let new = PolicyModel {
            id: app.ids.next(),
            organization_id: organization,
            text,
            created_by: author(caller),
            updated_by: author(caller),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        unit.policy_models().insert(organization, &new).await?;
        let changed = changes(&(), &new)?;
        (new, changed)
    };
    let event = Event::new(caller, "policy_model.updated", KIND).resource(after.id).changed(changed);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    let PolicyModel { text, version, updated_at, updated_by, .. } = after;
    Ok(ModelInForce { of: ModelOf::Own, text, version, updated_at: Some(updated_at), updated_by })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::policy::rules::fixtures::{locked, rule},
        testing::{TestApp, Trail, administrator, organization},
    };
    use keystead_access::policy::DEFAULT_MODEL;
    use keystead_domain::{PLATFORM, access::PolicyRule};

    const SHORT: &str = "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act\n\
        [policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\nm = r.sub == p.sub && r.obj == p.obj\n";

    fn input(text: &str) -> PutModel {
        PutModel { organization: organization(1), version: 0, text: text.to_owned() }
    }

    async fn put(rules: Vec<PolicyRule>, text: &str) -> (Result<ModelInForce>, usize, Trail) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), locked());
        unit.access.policy_models.expect_find().returning(|_| Ok(None));
        unit.access.policy_models.expect_insert().returning(|_, _| Ok(()));
        unit.access.rules.expect_all().return_once(|_| Ok(rules));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let outcome = put_model(&test.build(), &administrator(organization(1), 7), input(text)).await;
        (outcome, journal.commits(), trail)
    }

    #[tokio::test]
    async fn a_model_that_the_rules_fit_is_kept() {
        let (outcome, commits, trail) = put(vec![rule(1, "p", &["a", "b", "c"])], SHORT).await;
        let model = outcome.unwrap();
        assert_eq!((model.of, model.version, commits), (ModelOf::Own, 1, 1));
        assert_eq!(trail.only().event_type, "policy_model.updated");
    }

    #[tokio::test]
    async fn a_model_that_a_rule_does_not_fit_is_not() {
        let (outcome, commits, trail) = put(vec![rule(1, "p", &["a", "b", "c"])], DEFAULT_MODEL).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.code, commits, trail.events().len()), ("rules_do_not_fit", 0, 0));
        assert!(error.fields[0].message.contains("(p, a, b, c)"), "{error}");
    }

    #[tokio::test]
    async fn rules_of_the_platform_and_resting_ones_do_not_stand_in_the_way() {
        let platforms = PolicyRule { organization_id: PLATFORM, ..rule(1, "p", &["a", "*", "c", "d"]) };
        let resting = PolicyRule { is_active: false, ..rule(2, "p", &["a", "*", "c", "d"]) };
        assert!(put(vec![platforms, resting], SHORT).await.0.is_ok());
    }

    #[tokio::test]
    async fn what_is_no_model_is_refused_with_its_place() {
        let text = SHORT.replace("r.obj == p.obj", "system(r.obj)");
        let app = TestApp::new().build();
        let error = put_model(&app, &administrator(organization(1), 7), input(&text)).await.unwrap_err();
        assert_eq!(error.code, "malformed_model");
        assert!(error.fields[0].message.starts_with("line 8, column 23: unknown function `system`"), "{error}");
    }

    #[tokio::test]
    async fn a_model_that_has_changed_is_not_overwritten() {
        let (test, mut unit) = (TestApp::new(), locked());
        unit.access.policy_models.expect_find().returning(|_| Ok(None));
        let journal = test.unit(unit).journal();
        let input = PutModel { version: 3, ..input(SHORT) };
        let error = put_model(&test.build(), &administrator(organization(1), 7), input).await.unwrap_err();
        assert_eq!((error.code, journal.commits()), ("stale", 0));
    }
}
