//! Lists rules.

use super::{KIND, check::check_filter};
use crate::{
    App,
    access::{policy::guarding::guard_policy, scope_in},
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, OrganizationId, Result,
    access::{Action, PolicyRule, RuleFilter},
};

/// Which rules are wanted.
#[derive(Clone, Debug)]
pub struct ListRules {
    /// Of which organization.
    pub organization: OrganizationId,
    /// Only those that meet it.
    pub filter: RuleFilter,
    /// Which page.
    pub page: PageInput,
}

/// The organization's own rules, in order of their making.
///
/// # Errors
/// As [`guard`](crate::access::guard); `Invalid` on `cursor` or the filter.
pub async fn list_rules(app: &App, caller: &Caller, input: ListRules) -> Result<PageOutput<PolicyRule>> {
    let ListRules { organization, filter, page } = input;
    guard_policy(caller, Action::Read, KIND, organization)?;
    check_filter(&filter)?;
    let seen_through = (organization, &filter.ptype, &filter.values, filter.is_active);
    let paging = Paging::open(app, caller, "GET /access/rules", &seen_through, &page)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    paging.close(app, unit.rules().list(organization, &filter, paging.request()).await?)
}
