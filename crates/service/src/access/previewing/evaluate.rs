//! Answers questions as they would be answered after changes.

use super::{
    PreviewChanges,
    preview::{both, check},
};
use crate::{
    App,
    access::{Resource, evaluation::Evaluator, guard, policy::turn},
};
use keystead_domain::{Caller, Result, access::Action};

/// An evaluator that answers as if the changes were saved, in the organization that the caller works in. Only the changes of
/// `input` count here, and not what it asks about. Nothing is saved.
///
/// # Errors
/// As [`preview`](super::preview), without `too_much`.
pub async fn evaluator_after(app: &App, caller: &Caller, input: PreviewChanges) -> Result<Evaluator> {
    guard(caller, Action::Read, &Resource::all("access", caller.organization_id))?;
    check(&input)?;
    let (_, after) = turn::holding(both(app, caller, &input.changes)).await?;
    Ok(Evaluator::on(after, app.now()))
}
