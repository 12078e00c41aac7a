//! Whether whoever has invited still could.

use crate::{
    App,
    access::{Resource, SnapshotRights, may, may_give, roles::permitted_by},
};
use keystead_domain::{
    Caller, CallerKind, RequestContext, Result, RoleId,
    access::Action,
    accounts::UserStatus,
    organizations::{Invitation, MembershipStatus},
};
use keystead_store::UnitOfWork;
use std::sync::Arc;

/// Whether the inviter still works in the organization, and may invite and give the role that is offered: else who was
/// suspended, removed or demoted would still let people in, himself too. The transaction works in the organization.
pub(super) async fn still_invites(app: &App, unit: &dyn UnitOfWork, invitation: &Invitation) -> Result<bool> {
    let organization = invitation.organization_id;
    let Some(inviter) = unit.memberships().find(organization, invitation.invited_by).await? else { return Ok(false) };
    if inviter.membership.status != MembershipStatus::Active || inviter.user.status != UserStatus::Active {
        return Ok(false);
    }
    let held: Vec<RoleId> = inviter.roles.iter().map(|(id, _)| *id).collect();
    let versions = unit.access_changes().versions(organization).await?;
    let snapshot = app.decisions.within(unit, organization, versions).await?;
    let context = RequestContext::default();
    let inviter = Caller {
        kind: CallerKind::User,
        user_id: Some(invitation.invited_by),
        service_account_id: None,
        api_key_id: None,
        organization_id: organization,
        session_id: None,
        grants: unit.roles().grants(organization, &held).await?.into(),
        versions,
        rights: Some(Arc::new(SnapshotRights::new(snapshot, app.now(), &context))),
        context,
    };
    let offered = permitted_by(unit, organization, &[invitation.role_id]).await?;
    let invites = may(&inviter, Action::Create, &Resource::all("invitations", organization));
    Ok(invites && may_give(&inviter, &offered).is_ok())
}
