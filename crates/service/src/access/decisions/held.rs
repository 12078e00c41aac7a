//! The rules of an organization whose access version a transaction holds, without reading them.

use super::{Decisions, MOST_CHANGES};
use keystead_access::policy::{Change, Policy, Rule};
use keystead_domain::{
    Error, OrganizationId, PLATFORM, Result, RuleId,
    access::{AccessTable, HeldVersion, Touched, Wanted},
};
use keystead_store::UnitOfWork;
use std::{collections::HashSet, sync::Arc};

impl Decisions {
    /// The organization's own active rules, compiled: exactly those that `unit` sees until it ends or changes them. None where
    /// they must be read: `unit` does not hold the organization's access version, or this node does not know the rules, or not
    /// what has become of them since.
    ///
    /// The model that they were compiled with is not looked at: whoever takes them compares its text.
    ///
    /// What the node keeps is of one version of the organization, and every write of a rule raises that. `unit` holds the row
    /// of the version, so it is the only one that can write, and all that others have written has a smaller version and is
    /// seen. What was kept for a smaller version still is brought up by the feed, from which all decisions are; what `unit`
    /// itself has written, it knows.
    ///
    /// # Errors
    /// Only when the store fails.
    pub(crate) async fn rules_held(
        &self,
        unit: &dyn UnitOfWork,
        organization: OrganizationId,
    ) -> Result<Option<Arc<Policy>>> {
        let Some(HeldVersion { before, changed }) = unit.access_changes().held(organization) else { return Ok(None) };
        let Some((known, policy)) = self.known_rules(organization).filter(|(known, _)| *known <= before) else {
            return Ok(None);
        };
        let mut changes = changed;
        if known < before {
            match unit.access_changes().between(organization, known, before, MOST_CHANGES).await? {
                Some(others) => changes.extend(others),
                None => return Ok(None),
            }
        }
        let touched = Touched::by(&changes);
        if touched.is_everything() {
            return Ok(None);
        }
        match touched.wanted(AccessTable::CasbinRules) {
            Wanted::Nothing => Ok(Some(policy)),
            Wanted::All => Ok(None),
            Wanted::Keys(keys) => {
                let ids: Vec<RuleId> = keys.iter().copied().map(RuleId::from_uuid).collect();
                let changes = rules_now(unit, organization, &ids).await?;
                let working = tokio::task::spawn_blocking(move || policy.with(&changes).ok().map(Arc::new));
                working.await.map_err(|error| Error::internal(error.to_string()))
            }
        }
    }

    /// The organization's own active rules as this node knows them, with the version of the organization that they are of.
    fn known_rules(&self, organization: OrganizationId) -> Option<(i64, Arc<Policy>)> {
        if organization == PLATFORM {
            // Its rules are not in its snapshot, but in the part that all snapshots share.
            let part = self.platform.load_full()?;
            return Some((part.version(), Arc::clone(part.compiled.policy())));
        }
        let snapshot = self.snapshots.get(organization).filter(|snapshot| !snapshot.is_unfit())?;
        Some((snapshot.version().organization, Arc::clone(snapshot.policy())))
    }
}

/// What has become of these rules.
async fn rules_now(unit: &dyn UnitOfWork, organization: OrganizationId, ids: &[RuleId]) -> Result<Vec<Change>> {
    let mut rows = unit.rules().find_many(organization, ids).await?;
    rows.retain(|rule| rule.organization_id == organization && rule.is_active);
    let there: HashSet<RuleId> = rows.iter().map(|rule| rule.id).collect();
    let gone = ids.iter().filter(|id| !there.contains(id)).map(|id| Change::Remove(*id));
    Ok(gone.chain(rows.iter().map(|rule| Change::Put(Rule::from(rule)))).collect())
}
