//! No way back in by an invitation of one's own.

use crate::{App, audit::Event};
use keystead_domain::{Caller, OrganizationId, Result, organizations::Member};
use keystead_store::UnitOfWork;
use serde_json::json;

/// Withdraws the pending invitations that `member` has made or was sent, and gives the event of each. `because` is the
/// event that it comes with, such as `member.suspended`.
pub(super) async fn withdraw_invitations(
    app: &App,
    caller: &Caller,
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    member: &Member,
    because: &'static str,
) -> Result<Vec<Event>> {
    let withdrawn = unit.invitations().revoke_of(organization, member.user.id, &member.user.email, app.now()).await?;
    let event =
        |id| Event::new(caller, "invitation.revoked", "invitations").resource(id).data(json!({ "because": because }));
    Ok(withdrawn.into_iter().map(event).collect())
}
