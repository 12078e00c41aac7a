//! Replaces all rules.

use super::{
    KIND,
    check::NewRule,
    room::{MOST_RULES, ensure_batch},
    write::{Replaced, Sent},
};
use crate::{
    App,
    access::{
        policy::{guarding::guard_policy, refused::Place, told::told_rules, turn::turn},
        scope_in,
    },
    audit::{self, Event},
};
use keystead_domain::{Caller, OrganizationId, Result, access::Action};
use serde_json::json;

/// All rules that an organization is to have.
#[derive(Clone, Debug)]
pub struct ReplaceRules {
    /// Whose they are.
    pub organization: OrganizationId,
    /// They; none removes all.
    pub rules: Vec<NewRule>,
}

/// What was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplacedRules {
    /// How many rules there were.
    pub removed: usize,
    /// How many there are.
    pub added: usize,
}

/// Puts these rules in the place of all that the organization has, all or nothing, if they fit the model in force.
///
/// # Errors
/// As [`create_rules`](super::create_rules). Who replaces must be permitted to create and to delete.
pub async fn replace_rules(app: &App, caller: &Caller, input: ReplaceRules) -> Result<ReplacedRules> {
    let ReplaceRules { organization, rules } = input;
    guard_replacing(caller, organization)?;
    ensure_batch(rules.len(), MOST_RULES)?;
    let rules = rules.into_iter().enumerate().map(|(index, rule)| (Place::Index(index), rule));
    let sent = Sent::new(app, caller, organization, rules)?;
    put(app, caller, organization, sent).await
}

pub(super) fn guard_replacing(caller: &Caller, organization: OrganizationId) -> Result<()> {
    guard_policy(caller, Action::Create, KIND, organization)?;
    guard_policy(caller, Action::Delete, KIND, organization)
}

/// Writes what was checked already.
pub(super) async fn put(app: &App, caller: &Caller, organization: OrganizationId, sent: Sent) -> Result<ReplacedRules> {
    let _turn = turn().await?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let Replaced { removed, first, new } = sent.replace_all(&*unit, organization).await?;
    let removed = usize::try_from(removed).unwrap_or(usize::MAX);
    let replaced = ReplacedRules { removed, added: new.len() };
    let event = Event::new(caller, "policy_rules.replaced", KIND)
        .data(json!({ "removed": replaced.removed, "added": replaced.added }))
        .before_after(told_rules(&first), told_rules(&new));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::policy::rules::fixtures::{rule, with_rules},
        testing::{TestApp, Trail, administrator, organization},
    };

    #[tokio::test]
    async fn what_was_there_does_not_stand_against_what_comes() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = with_rules(vec![rule(1, "g", &["y", "x", "*"]), rule(2, "p", &["no", "longer", "fits"])]);
        unit.access.rules.expect_replace_all().once().returning(|_, rules| {
            assert_eq!(rules.len(), 1);
            Ok(())
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let values = ["x", "y", "*"].map(str::to_owned).to_vec();
        let new = NewRule {
            ptype: "g".to_owned(),
            values,
            priority: None,
            not_before: None,
            expires_at: None,
            is_active: true,
        };
        let input = ReplaceRules { organization: organization(1), rules: vec![new] };
        let replaced = replace_rules(&test.build(), &administrator(organization(1), 7), input).await.unwrap();
        assert_eq!((replaced, journal.commits()), (ReplacedRules { removed: 2, added: 1 }, 1));
        assert_eq!(trail.only().event_type, "policy_rules.replaced");
    }
}
