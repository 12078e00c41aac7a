//! Removes several rules.

use super::{
    KIND,
    check::check_filter,
    room::{MOST_RULES_AT_ONCE, ensure_batch},
};
use crate::{
    App,
    access::{
        policy::{fitting::lock, guarding::guard_policy, told::told_rules},
        scope_in,
    },
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, OrganizationId, PageRequest, Result, RuleId,
    access::{Action, PolicyRule, RuleFilter},
};
use keystead_store::UnitOfWork;
use serde_json::json;
use std::collections::BTreeSet;

/// Which rules are meant.
#[derive(Clone, Debug)]
pub enum WhichRules {
    /// These, at most [`MOST_RULES_AT_ONCE`].
    Ids(Vec<RuleId>),
    /// All that meet it. It names at least one condition.
    Matching(RuleFilter),
}

/// Rules that are to be removed.
#[derive(Clone, Debug)]
pub struct DeleteRules {
    /// Whose they are.
    pub organization: OrganizationId,
    /// Which.
    pub which: WhichRules,
}

/// Removes several rules, all or none, and says how many there were.
///
/// # Errors
/// As [`guard`](crate::access::guard); `Invalid` on a filter without conditions, or with longer ones than rules have; `NotFound` when one of them is not there;
/// `TooLarge` with code `batch_too_large`.
pub async fn delete_rules(app: &App, caller: &Caller, input: DeleteRules) -> Result<u64> {
    let DeleteRules { organization, which } = input;
    guard_policy(caller, Action::Delete, KIND, organization)?;
    match &which {
        WhichRules::Ids(ids) => ensure_batch(ids.len(), MOST_RULES_AT_ONCE)?,
        WhichRules::Matching(filter) if *filter == RuleFilter::default() => {
            return Err(Error::invalid("filter", "must name at least one condition; PUT with no rules removes all"));
        }
        WhichRules::Matching(filter) => check_filter(filter)?,
    }
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let (removed, first) = match which {
        WhichRules::Ids(ids) => by_ids(&*unit, organization, ids).await?,
        WhichRules::Matching(filter) => {
            let first = unit.rules().list(organization, &filter, &PageRequest::first(PageRequest::DEFAULT)).await?;
            (unit.rules().delete_matching(organization, &filter).await?, first.items)
        }
    };
    if removed == 0 {
        return Ok(0);
    }
    let event = Event::new(caller, "policy_rules.deleted", KIND)
        .data(json!({ "count": removed }))
        .before_after(told_rules(&first), json!({}));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(removed)
}

async fn by_ids(
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    ids: Vec<RuleId>,
) -> Result<(u64, Vec<PolicyRule>)> {
    let ids: Vec<RuleId> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let mut found = unit.rules().find_many(organization, &ids).await?;
    found.retain(|rule| rule.organization_id == organization);
    if found.len() != ids.len() {
        let missing = ids.iter().find(|id| !found.iter().any(|rule| rule.id == **id));
        return Err(Error::not_found(&missing.map_or_else(|| "rule".to_owned(), |id| format!("rule: {id}"))));
    }
    Ok((unit.rules().delete_many(organization, &ids).await?, found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::policy::rules::fixtures::{locked, rule},
        testing::{TestApp, Trail, administrator, organization},
    };
    use keystead_domain::{ErrorKind, PLATFORM, Page};

    async fn delete(which: WhichRules, prepare: impl FnOnce(&mut keystead_store::mocks::MockUnitOfWork)) -> Deleted {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), locked());
        prepare(&mut unit);
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let input = DeleteRules { organization: organization(1), which };
        let outcome = delete_rules(&test.build(), &administrator(organization(1), 7), input).await;
        Deleted { outcome, commits: journal.commits(), events: trail.events().len() }
    }

    struct Deleted {
        outcome: Result<u64>,
        commits: usize,
        events: usize,
    }

    #[tokio::test]
    async fn one_that_is_not_there_keeps_all() {
        let (mine, other) = (rule(1, "p", &["a"]), PolicyRule { organization_id: PLATFORM, ..rule(2, "p", &["b"]) });
        let ids = vec![mine.id, other.id, mine.id];
        let deleted = delete(WhichRules::Ids(ids), |unit| {
            unit.access.rules.expect_find_many().returning(move |_, ids| {
                assert_eq!(ids.len(), 2, "each once");
                Ok(vec![mine.clone(), other.clone()])
            });
        });
        let deleted = deleted.await;
        assert_eq!(deleted.outcome.unwrap_err().kind, ErrorKind::NotFound);
        assert_eq!((deleted.commits, deleted.events), (0, 0));
    }

    #[tokio::test]
    async fn a_filter_takes_what_meets_it_and_must_say_something() {
        let filter = RuleFilter { ptype: Some("g".to_owned()), ..RuleFilter::default() };
        let deleted = delete(WhichRules::Matching(filter), |unit| {
            let items = vec![rule(1, "g", &["a", "b", "*"])];
            unit.access.rules.expect_list().return_once(|_, _, _| Ok(Page { items, next: None }));
            unit.access.rules.expect_delete_matching().once().returning(|_, _| Ok(3));
        });
        let deleted = deleted.await;
        assert_eq!((deleted.outcome.unwrap(), deleted.commits, deleted.events), (3, 1, 1));
        let app = TestApp::new().build();
        let which = WhichRules::Matching(RuleFilter::default());
        let input = DeleteRules { organization: organization(1), which };
        let refused = delete_rules(&app, &administrator(organization(1), 7), input).await.unwrap_err();
        assert_eq!(refused.fields[0].field, "filter");
    }
}
