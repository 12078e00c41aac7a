//! Adding rules, whoever sends them and however they are written.

use super::{
    check::{NewRule, checked},
    room::ensure_room,
};
use crate::{
    App,
    access::policy::{
        author,
        fitting::{lock, mistakes, model_in_force},
        kept::Kept,
        refused::{MOST_NAMED, Place, several, unfit},
    },
};
use keystead_access::policy::RuleError;
use keystead_domain::{
    Caller, OrganizationId, PageRequest, Result, RuleId,
    access::{PolicyRule, RuleFilter, RuleTotals},
};
use keystead_store::UnitOfWork;
use std::collections::HashMap;

/// New rules with the places where they stand in what was sent.
pub(super) struct Sent(Vec<(Place, PolicyRule)>);

impl Sent {
    /// Checks each rule by itself.
    ///
    /// # Errors
    /// `Invalid` with code `rules_refused`, naming the first places.
    pub(super) fn new(
        app: &App,
        caller: &Caller,
        organization: OrganizationId,
        rules: impl IntoIterator<Item = (Place, NewRule)>,
    ) -> Result<Self> {
        let rules: Vec<_> = rules.into_iter().collect();
        // Where neither has a priority, the rule with the smaller identifier comes first. Those that are made within the
        // same millisecond are in no order by themselves.
        let mut ids: Vec<RuleId> = rules.iter().map(|_| app.ids.next()).collect();
        ids.sort_unstable();
        let (now, mut rows, mut wrong) = (app.now(), Vec::new(), Vec::new());
        for ((place, rule), id) in rules.into_iter().zip(ids) {
            match checked(rule, place, id, organization, now, author(caller)) {
                Ok(row) => rows.push((place, row)),
                Err(error) => wrong.push(error),
            }
            if wrong.len() == MOST_NAMED {
                break;
            }
        }
        if wrong.is_empty() { Ok(Self(rows)) } else { Err(several("rules_refused", wrong)) }
    }

    /// Writes them beside the organization's other rules, if they fit the model that is in force, those and each other. Gives
    /// them back.
    ///
    /// # Errors
    /// `Invalid` with code `rules_refused`; `Conflict` with code `too_many_rules`.
    pub(super) async fn add(
        self,
        app: &App,
        unit: &dyn UnitOfWork,
        organization: OrganizationId,
    ) -> Result<Vec<PolicyRule>> {
        lock(unit, organization).await?;
        let (places, new) = self.apart();
        let kept = Kept::of(app, unit, organization).await?;
        ensure_room(kept.totals(), &[], &new)?;
        ensure_fit(&kept.mistakes(new.clone()).await?, &places)?;
        unit.rules().insert(organization, &new).await?;
        Ok(new)
    }

    /// Writes them in the place of all that the organization has, if they fit the model that is in force and each other.
    ///
    /// # Errors
    /// As [`Sent::add`].
    pub(super) async fn replace_all(self, unit: &dyn UnitOfWork, organization: OrganizationId) -> Result<Replaced> {
        lock(unit, organization).await?;
        let (places, new) = self.apart();
        let model = model_in_force(unit, organization).await?;
        ensure_room(RuleTotals::default(), &[], &new)?;
        ensure_fit(&mistakes(model, Vec::new(), new.clone()).await?, &places)?;
        let removed = unit.rules().count(organization).await?;
        let (any, page) = (RuleFilter::default(), PageRequest::first(PageRequest::MAX));
        let first = unit.rules().list(organization, &any, &page).await?.items;
        unit.rules().replace_all(organization, &new).await?;
        Ok(Replaced { removed, first, new })
    }

    fn apart(self) -> (HashMap<RuleId, Place>, Vec<PolicyRule>) {
        let places = self.0.iter().map(|(place, rule)| (rule.id, *place)).collect();
        (places, self.0.into_iter().map(|(_, rule)| rule).collect())
    }
}

/// What has taken the place of what.
pub(super) struct Replaced {
    /// How many there were.
    pub(super) removed: u64,
    /// The first of them: more than an event has room for.
    pub(super) first: Vec<PolicyRule>,
    /// Those that there are.
    pub(super) new: Vec<PolicyRule>,
}

fn ensure_fit(wrong: &[RuleError], places: &HashMap<RuleId, Place>) -> Result<()> {
    if wrong.is_empty() { Ok(()) } else { Err(unfit(wrong, places)) }
}
