//! Accepts an invitation.

use super::{addressed::addressed, inviter::still_invites};
use crate::{
    App,
    audit::{self, Event},
    organizations::members::join,
};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, RoleId,
    organizations::{Invitation, InvitationStatus, Membership},
};
use secrecy::SecretString;
use serde_json::json;

/// What became of an accepted invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The new membership.
    pub membership: Membership,
    /// The role that is held there.
    pub role_id: RoleId,
    /// The organization that the role belongs to.
    pub role_organization_id: OrganizationId,
}

/// Makes the caller a member of the inviting organization, with the role that was offered. Whoever has invited must still
/// be able to: an invitation gives nothing that its maker could not give now.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in; `NotFound` when the token stands for no open invitation for the caller;
/// `Conflict` with code `already_member`.
pub async fn accept_invitation(app: &App, caller: &Caller, token: &SecretString) -> Result<Accepted> {
    let addressed = addressed(app, caller, token).await?;
    let (unit, invitation, user) = (&*addressed.unit, &addressed.invitation, addressed.user);
    let (organization, now) = (invitation.organization_id, app.now());
    if !still_invites(app, unit, invitation).await? {
        return Err(Error::not_found("invitation"));
    }
    let role = (invitation.role_id, invitation.role_organization_id);
    let joined = join(app, unit, organization, user, &[role]).await?;
    let membership = match unit.memberships().find(organization, user).await? {
        Some(member) => member.membership,
        None => joined,
    };
    let answered = Invitation {
        status: InvitationStatus::Accepted,
        answered_at: Some(now),
        accepted_by: Some(user),
        updated_at: now,
        ..invitation.clone()
    };
    addressed.answer(answered).await?;
    let event = Event::new(caller, "invitation.accepted", "invitations")
        .resource(invitation.id)
        .subject(user)
        .data(json!({ "role_id": invitation.role_id }));
    audit::append(unit, app, organization, vec![event]).await?;
    let accepted =
        Accepted { membership, role_id: invitation.role_id, role_organization_id: invitation.role_organization_id };
    addressed.unit.commit().await?;
    Ok(accepted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        App,
        organizations::{invitations::TOKEN_PREFIX, new_organization},
        testing::{TestApp, Trail, account, anonymous, deciding, grant, member, now, organization, user},
    };
    use keystead_crypto::tokens::OpaqueToken;
    use keystead_domain::{
        ErrorKind, InvitationId, MembershipId, PLATFORM, Scope, SystemRandom, Timestamp,
        access::{ADMIN, BUILT_IN_ROLES, BuiltInRole, MANAGER, USER},
        accounts::{Email, User, UserStatus},
        organizations::{Member, MembershipStatus, Organization, OrganizationKind, OrganizationStatus},
    };
    use keystead_store::{
        AccessVersions,
        mocks::{Journal, MockUnitOfWork, Step},
    };
    use uuid::Uuid;

    /// The person 8 is invited into organization 2.
    struct Case {
        invitation: Invitation,
        verified: Option<Timestamp>,
        archived: bool,
        verification: bool,
        /// The person 7, who has invited; none is no member any more.
        inviter: Option<(MembershipStatus, UserStatus, BuiltInRole)>,
    }

    fn case() -> Case {
        let invitation = Invitation {
            id: InvitationId::from_uuid(Uuid::from_u128(5)),
            organization_id: organization(2),
            email: Email::new("PERSON-8@example.org").unwrap(),
            role_id: USER.id,
            role_organization_id: PLATFORM,
            status: InvitationStatus::Pending,
            invited_by: user(7),
            expires_at: now().plus_seconds(1),
            answered_at: None,
            accepted_by: None,
            created_at: now(),
            updated_at: now(),
            version: 1,
        };
        let inviter = Some((MembershipStatus::Active, UserStatus::Active, MANAGER));
        Case { invitation, verified: None, archived: false, verification: false, inviter }
    }

    fn prepare(case: Case) -> (App, Trail, Journal, SecretString) {
        let (mut test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        test.settings.address_verification = case.verification;
        let token = OpaqueToken::issue(TOKEN_PREFIX, &SystemRandom);
        let (text, hash) = (token.to_text(), token.hash());
        let home = new_organization(&TestApp::new().build(), "Looms".to_owned(), OrganizationKind::Shared);
        let status = if case.archived { OrganizationStatus::Archived } else { OrganizationStatus::Active };
        unit.invitations
            .expect_find_by_token()
            .returning(move |asked| Ok((asked == hash).then(|| case.invitation.clone())));
        unit.users.expect_find_own().returning(move |id| {
            assert_eq!(id, user(8));
            Ok(Some(User { email_verified_at: case.verified, ..account(8) }))
        });
        unit.organizations.expect_find().returning(move |_, _| Ok(Some(Organization { status, ..home.clone() })));
        unit.memberships.expect_insert().returning(|_| Ok(()));
        let inviter = case.inviter;
        unit.memberships.expect_find().returning(move |organization_id, user_id| {
            let Some((status, account_status, role)) = inviter.filter(|_| user_id == user(7)) else { return Ok(None) };
            let (id, now) = (MembershipId::from_uuid(Uuid::from_u128(7)), now());
            let membership =
                Membership { id, organization_id, user_id, status, created_at: now, updated_at: now, version: 1 };
            let user = User { status: account_status, ..account(7) };
            Ok(Some(Member { membership, user, roles: vec![(role.id, role.name.to_owned())] }))
        });
        let versions = AccessVersions::default();
        unit.access.access_changes.expect_versions().returning(move |_| Ok(versions));
        if let Some((status, _, role)) = inviter {
            let active = if status == MembershipStatus::Active { vec![grant(&role)] } else { vec![] };
            deciding(&mut unit, organization(2), &[(user(7), active)]);
        }
        let of = |role: &BuiltInRole| grant(role);
        unit.roles
            .expect_grants()
            .returning(move |_, ids| Ok(BUILT_IN_ROLES.iter().filter(|role| ids.contains(&role.id)).map(of).collect()));
        unit.roles.expect_permissions().returning(move |_, ids| {
            let asked = BUILT_IN_ROLES.iter().filter(|role| ids.contains(&role.id));
            let permitted = |role| of(role).permissions.iter().map(|one| (role.id, one.clone())).collect::<Vec<_>>();
            Ok(asked.flat_map(permitted).collect())
        });
        unit.roles.expect_replace_held().returning(|_, _, held| {
            assert_eq!((held.len(), held[0].role_id), (1, USER.id));
            Ok(())
        });
        unit.invitations.expect_update().returning(|_, answered| {
            assert_eq!((answered.status, answered.accepted_by), (InvitationStatus::Accepted, Some(user(8))));
            Ok(answered.clone())
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        (test.build(), trail, journal, text)
    }

    async fn refused(case: Case) -> ErrorKind {
        let (app, _, journal, token) = prepare(case);
        let error = accept_invitation(&app, &member(1, 8), &token).await.unwrap_err();
        assert_eq!((journal.commits(), error.message.as_str()), (0, "There is no such invitation."));
        error.kind
    }

    #[tokio::test]
    async fn the_invited_person_joins_in_the_inviting_organization() {
        let (app, trail, journal, token) = prepare(case());
        let accepted = accept_invitation(&app, &member(1, 8), &token).await.unwrap();
        assert_eq!(accepted.membership.organization_id, organization(2));
        assert_eq!(trail.only().organization_id, organization(2));
        let (home, there) = (Scope::person(organization(1), user(8)), Scope::person(organization(2), user(8)));
        assert_eq!(journal.steps(), [Step::Begin(home), Step::Enter(there), Step::Commit]);
    }

    #[tokio::test]
    async fn whatever_is_wrong_with_it_there_is_no_such_invitation() {
        let open = case().invitation;
        let over = Invitation { expires_at: now(), ..open.clone() };
        let revoked = Invitation { status: InvitationStatus::Revoked, ..open.clone() };
        let foreign = Invitation { email: Email::new("person-9@example.org").unwrap(), ..open };
        for invitation in [over, revoked, foreign] {
            assert_eq!(refused(Case { invitation, ..case() }).await, ErrorKind::NotFound);
        }
        assert_eq!(refused(Case { archived: true, ..case() }).await, ErrorKind::NotFound);
        assert_eq!(refused(Case { verification: true, ..case() }).await, ErrorKind::NotFound);
    }

    #[tokio::test]
    async fn an_invitation_is_worth_what_its_maker_could_give_now() {
        use MembershipStatus::{Active, Suspended};
        for inviter in [
            None,
            Some((Suspended, UserStatus::Active, MANAGER)),
            Some((Active, UserStatus::Disabled, MANAGER)),
            Some((Active, UserStatus::Active, USER)),
        ] {
            assert_eq!(refused(Case { inviter, ..case() }).await, ErrorKind::NotFound);
        }
        let invitation = Invitation { role_id: ADMIN.id, ..case().invitation };
        assert_eq!(refused(Case { invitation, ..case() }).await, ErrorKind::NotFound);
    }

    #[tokio::test]
    async fn a_verified_address_joins_where_addresses_are_verified() {
        let (app, _, _, token) = prepare(Case { verification: true, verified: Some(now()), ..case() });
        assert!(accept_invitation(&app, &member(1, 8), &token).await.is_ok());
    }

    #[tokio::test]
    async fn nobody_joins_without_signing_in_or_with_nonsense() {
        let (app, _, journal, token) = prepare(case());
        let error = accept_invitation(&app, &anonymous(), &token).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unauthenticated);
        let nonsense = SecretString::from("ksi_nonsense");
        let error = accept_invitation(&app, &member(1, 8), &nonsense).await.unwrap_err();
        assert_eq!((error.kind, journal.steps().len()), (ErrorKind::NotFound, 0));
    }
}
