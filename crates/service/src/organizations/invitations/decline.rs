//! Declines an invitation.

use super::addressed::addressed;
use crate::{
    App,
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Result,
    organizations::{Invitation, InvitationStatus},
};
use secrecy::SecretString;

/// Says no to an invitation. The token is worth nothing then.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in; `NotFound` when the token stands for no open invitation for the caller.
pub async fn decline_invitation(app: &App, caller: &Caller, token: &SecretString) -> Result<Invitation> {
    let addressed = addressed(app, caller, token).await?;
    let now = app.now();
    let declined = Invitation {
        status: InvitationStatus::Declined,
        answered_at: Some(now),
        updated_at: now,
        ..addressed.invitation.clone()
    };
    let after = addressed.answer(declined).await?;
    let event = Event::new(caller, "invitation.declined", "invitations").resource(after.id).subject(addressed.user);
    audit::append(&*addressed.unit, app, after.organization_id, vec![event]).await?;
    addressed.unit.commit().await?;
    Ok(after)
}
