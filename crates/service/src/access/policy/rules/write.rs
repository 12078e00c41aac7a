//! Adding rules, whoever sends them and however they are written.

use super::{
    check::{NewRule, checked},
    room::ensure_room,
};
use crate::{
    App,
    access::policy::{
        author,
        fitting::{lock, mistakes, model_in_force, own_rules},
        refused::{MOST_NAMED, Place, several, unfit},
    },
};
use keystead_domain::{Caller, OrganizationId, Result, RuleId, access::PolicyRule};
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

    /// Writes them beside the organization's other rules, or in the place of all of them, if they fit the model that is in
    /// force and each other. Gives back those that were there before and those that are new.
    ///
    /// # Errors
    /// `Invalid` with code `rules_refused`; `Conflict` with code `too_many_rules`.
    pub(super) async fn write(
        self,
        unit: &dyn UnitOfWork,
        organization: OrganizationId,
        replacing: bool,
    ) -> Result<(Vec<PolicyRule>, Vec<PolicyRule>)> {
        lock(unit, organization).await?;
        let model = model_in_force(unit, organization).await?;
        let before = own_rules(unit, organization).await?;
        let places: HashMap<_, _> = self.0.iter().map(|(place, rule)| (rule.id, *place)).collect();
        let new: Vec<PolicyRule> = self.0.into_iter().map(|(_, rule)| rule).collect();
        let kept = if replacing { Vec::new() } else { before.clone() };
        ensure_room(&kept, &new)?;
        let wrong = mistakes(model, kept, new.clone()).await?;
        if !wrong.is_empty() {
            return Err(unfit(&wrong, &places));
        }
        if replacing {
            unit.rules().replace_all(organization, &new).await?;
        } else {
            unit.rules().insert(organization, &new).await?;
        }
        Ok((before, new))
    }
}
