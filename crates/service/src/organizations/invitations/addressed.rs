//! Finding the invitation that a token stands for, for the person that it is for.

use super::TOKEN_PREFIX;
use crate::{
    App,
    access::{Resource, guard, scope_in},
    sessions::signed_in,
};
use keystead_crypto::tokens::OpaqueToken;
use keystead_domain::{
    Caller, Error, ErrorKind, Result, UserId,
    access::Action,
    accounts::User,
    organizations::{Invitation, OrganizationStatus},
};
use keystead_store::UnitOfWork;
use secrecy::{ExposeSecret, SecretString};

/// An open invitation for the caller, in a transaction that works in the inviting organization.
pub(super) struct Addressed {
    pub(super) unit: Box<dyn UnitOfWork>,
    pub(super) invitation: Invitation,
    /// The caller, whose address was invited.
    pub(super) user: UserId,
}

/// Finds the open invitation that `token` stands for, if it is for the caller. Whatever else it is, the answer is the same.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in; `NotFound`.
pub(super) async fn addressed(app: &App, caller: &Caller, token: &SecretString) -> Result<Addressed> {
    let user = signed_in(caller)?;
    guard(caller, Action::Update, &Resource::personal("invitations", None, user))?;
    let none = || Error::not_found("invitation");
    let token = OpaqueToken::parse(TOKEN_PREFIX, token.expose_secret()).map_err(|_| none())?;
    let mut unit = app.store.begin(caller.scope()).await?;
    let found = unit.invitations().find_by_token(&token.hash()).await?;
    let account = unit.users().find_own(user).await?;
    let (Some(invitation), Some(account)) = (found, account) else { return Err(none()) };
    if !invitation.is_open(app.now()) || !is_for(app, &invitation, &account) {
        return Err(none());
    }
    let organization = invitation.organization_id;
    unit.enter(scope_in(organization, caller)).await?;
    let inviting = unit.organizations().find(organization, organization).await?;
    if inviting.is_none_or(|organization| organization.status != OrganizationStatus::Active) {
        return Err(none());
    }
    Ok(Addressed { unit, invitation, user })
}

/// Whether `account` has the invited address. Where addresses are verified, an unverified one may be another's.
fn is_for(app: &App, invitation: &Invitation, account: &User) -> bool {
    let verified = !app.settings.address_verification || account.email_verified_at.is_some();
    verified && account.email.key() == invitation.email.key()
}

impl Addressed {
    /// Writes the answer.
    ///
    /// # Errors
    /// `NotFound` when it was answered or withdrawn meanwhile.
    pub(super) async fn answer(&self, answered: Invitation) -> Result<Invitation> {
        let after = self.unit.invitations().update(answered.organization_id, &answered).await;
        after.map_err(
            |error| if error.is(ErrorKind::PreconditionFailed) { Error::not_found("invitation") } else { error },
        )
    }
}
