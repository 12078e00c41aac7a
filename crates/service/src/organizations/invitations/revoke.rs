//! Withdraws an invitation.

use crate::{
    App,
    access::{Resource, guard, guard_here, scope_in},
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, InvitationId, OrganizationId, Result,
    access::Action,
    organizations::{Invitation, InvitationStatus},
};

/// Which invitation to withdraw.
#[derive(Clone, Debug)]
pub struct RevokeInvitation {
    /// Into which organization.
    pub organization: OrganizationId,
    /// Which.
    pub invitation: InvitationId,
    /// The version that was read; none to withdraw it whatever it has become.
    pub version: Option<i64>,
}

/// Withdraws an invitation that nobody has answered.
///
/// # Errors
/// As [`guard`]; `NotFound`; `Conflict` with code `invitation_answered`; `PreconditionFailed`.
pub async fn revoke_invitation(app: &App, caller: &Caller, input: RevokeInvitation) -> Result<Invitation> {
    let RevokeInvitation { organization, invitation: id, version } = input;
    guard_here(caller, organization)?;
    guard(caller, Action::Delete, &Resource::one("invitations", id.as_uuid(), organization))?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let before = unit.invitations().find(organization, id).await?.ok_or_else(|| Error::not_found("invitation"))?;
    if before.status != InvitationStatus::Pending {
        return Err(Error::conflict("invitation_answered", format!("The invitation is {} already.", before.status)));
    }
    let changed = Invitation {
        status: InvitationStatus::Revoked,
        version: version.unwrap_or(before.version),
        updated_at: app.now(),
        ..before
    };
    let after = unit.invitations().update(organization, &changed).await?;
    let event = Event::new(caller, "invitation.revoked", "invitations").resource(id);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, administrator, now, organization, user};
    use keystead_domain::{PLATFORM, access::USER, accounts::Email};
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    async fn revoke(status: InvitationStatus) -> (Result<Invitation>, usize) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        unit.invitations.expect_find().returning(move |organization_id, id| {
            Ok(Some(Invitation {
                id,
                organization_id,
                email: Email::new("grace@example.org")?,
                role_id: USER.id,
                role_organization_id: PLATFORM,
                status,
                invited_by: user(7),
                expires_at: now(),
                answered_at: None,
                accepted_by: None,
                created_at: now(),
                updated_at: now(),
                version: 4,
            }))
        });
        unit.invitations.expect_update().returning(|_, changed| {
            assert_eq!(changed.version, 4);
            Ok(changed.clone())
        });
        trail.record(&mut unit);
        test.unit(unit);
        let id = InvitationId::from_uuid(Uuid::from_u128(5));
        let input = RevokeInvitation { organization: organization(1), invitation: id, version: None };
        let revoked = revoke_invitation(&test.build(), &administrator(organization(1), 7), input).await;
        (revoked, trail.events().len())
    }

    #[tokio::test]
    async fn only_what_is_open_is_withdrawn() {
        let (revoked, events) = revoke(InvitationStatus::Pending).await;
        assert_eq!((revoked.unwrap().status, events), (InvitationStatus::Revoked, 1));
        for status in [InvitationStatus::Accepted, InvitationStatus::Declined, InvitationStatus::Revoked] {
            let (revoked, events) = revoke(status).await;
            assert_eq!((revoked.unwrap_err().code, events), ("invitation_answered", 0));
        }
    }
}
