//! Reads rules from Casbin's CSV.

use super::{
    KIND,
    create::{CreatedRules, add},
    csv,
    replace::{ReplacedRules, guard_replacing, put},
    room::{MOST_RULES, ensure_batch},
    write::Sent,
};
use crate::{App, access::policy::guarding::guard_policy, idempotency::OnceKey};
use keystead_domain::{Caller, OrganizationId, Result, access::Action};

/// Rules as a text.
#[derive(Clone, Debug)]
pub struct ImportRules {
    /// Whose they become.
    pub organization: OrganizationId,
    /// One rule a line.
    pub text: String,
}

/// Adds the rules, as [`create_rules`](super::create_rules) does; mistakes are named by their lines.
///
/// # Errors
/// As [`create_rules`](super::create_rules); `Invalid` with code `malformed_csv`.
pub async fn import_rules(
    app: &App,
    caller: &Caller,
    input: ImportRules,
    key: Option<OnceKey>,
) -> Result<CreatedRules> {
    guard_policy(caller, Action::Create, KIND, input.organization)?;
    let sent = read(app, caller, &input, super::MOST_RULES_AT_ONCE)?;
    add(app, caller, input.organization, sent, key).await
}

/// Puts the rules in the place of all, as [`replace_rules`](super::replace_rules) does; mistakes are named by their lines.
///
/// # Errors
/// As [`replace_rules`](super::replace_rules); `Invalid` with code `malformed_csv`.
pub async fn reimport_rules(app: &App, caller: &Caller, input: ImportRules) -> Result<ReplacedRules> {
    guard_replacing(caller, input.organization)?;
    let sent = read(app, caller, &input, MOST_RULES)?;
    put(app, caller, input.organization, sent).await
}

fn read(app: &App, caller: &Caller, input: &ImportRules, most: usize) -> Result<Sent> {
    let rules = csv::read(&input.text)?;
    ensure_batch(rules.len(), most)?;
    Sent::new(app, caller, input.organization, rules)
}
