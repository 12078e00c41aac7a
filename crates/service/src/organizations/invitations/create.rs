//! Invites somebody.

use super::TOKEN_PREFIX;
use crate::{
    App,
    access::{
        Resource, guard, guard_here, may_give,
        roles::{named_roles, permitted_by},
        scope_in,
    },
    audit::{self, Event},
    idempotency::{OnceKey, Start, once},
    sessions::for_people_only,
};
use keystead_crypto::tokens::OpaqueToken;
use keystead_domain::{
    Caller, Error, OrganizationId, Result,
    access::{Action, USER},
    accounts::Email,
    organizations::{Invitation, InvitationStatus},
};
use secrecy::SecretString;
use serde_json::json;

/// Whom to invite, and as what.
#[derive(Clone, Debug)]
pub struct CreateInvitation {
    /// Into which organization.
    pub organization: OrganizationId,
    /// The address of the person.
    pub email: String,
    /// The role that the person gets, by name or identifier; `user` when nothing is said.
    pub role: Option<String>,
}

/// An invitation and its token.
#[derive(Clone, Debug)]
pub struct CreatedInvitation {
    /// The invitation.
    pub invitation: Invitation,
    /// What the invited person needs. It is shown this once.
    pub token: SecretString,
}

/// Invites somebody into the organization, with a role that permits nothing the caller lacks.
///
/// # Errors
/// As [`guard`]; `Forbidden` with code `for_people_only`; `Invalid` on `email` or `role`; `Forbidden` with code
/// `grants_too_much`; as [`once`]. A repetition with the same key is a `Conflict` with code `already_answered`, since the
/// token is not kept.
pub async fn create_invitation(
    app: &App,
    caller: &Caller,
    input: CreateInvitation,
    key: Option<OnceKey>,
) -> Result<CreatedInvitation> {
    let organization = input.organization;
    guard_here(caller, organization)?;
    guard(caller, Action::Create, &Resource::all("invitations", organization))?;
    // An invitation says which person invites, so the operator adds members instead.
    let invited_by = caller.user_id.ok_or_else(for_people_only)?;
    let email = Email::new(&input.email)?;
    let role = input.role.unwrap_or_else(|| USER.name.to_owned());
    let roles = named_roles(app, caller, organization, "role", &[role]).await;
    let work = match once(app, caller, scope_in(organization, caller), key).await? {
        Start::First(work) => work,
        Start::Repeated(()) => return Err(Error::internal("an answer with a token was kept")),
    };
    // A repetition is told that it is one, although the role may be gone by now.
    let roles = roles?;
    let role = roles.first().ok_or_else(|| Error::invalid("role", "is no role here"))?;
    may_give(caller, &permitted_by(&*work, organization, &[role.id]).await?)?;
    let now = app.now();
    let invitation = Invitation {
        id: app.ids.next(),
        organization_id: organization,
        email,
        role_id: role.id,
        role_organization_id: role.organization_id,
        status: InvitationStatus::Pending,
        invited_by,
        expires_at: now.plus_seconds(app.settings.invitation_seconds),
        answered_at: None,
        accepted_by: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let token = OpaqueToken::issue(TOKEN_PREFIX, &*app.random);
    work.invitations().insert(&invitation, &token.hash()).await?;
    // The address is in the invitation, which ends; the audit trail does not.
    let event = Event::new(caller, "invitation.created", "invitations")
        .resource(invitation.id)
        .data(json!({ "role": role.name, "expires_at": invitation.expires_at }));
    audit::append(&*work, app, organization, vec![event]).await?;
    work.finish_secret(CreatedInvitation { invitation, token: token.to_text() }).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::roles::fixtures::built_in,
        testing::{TestApp, Trail, caller, grant, member, organization, user},
    };
    use keystead_domain::{
        ErrorKind,
        access::{ADMIN, BUILT_IN_ROLES, MANAGER},
    };
    use keystead_store::mocks::MockUnitOfWork;
    use secrecy::ExposeSecret;
    use std::sync::{Arc, Mutex};

    /// A unit of work that finds the built-in roles.
    fn finding() -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.roles.expect_find_many().returning(|_, ids| {
            Ok(BUILT_IN_ROLES.iter().filter(|role| ids.contains(&role.id)).map(built_in).collect())
        });
        unit
    }

    /// A unit of work that knows what the built-in roles permit and notes the hash of the token.
    fn unit(trail: &Trail, hash: &Arc<Mutex<Vec<u8>>>) -> MockUnitOfWork {
        let (mut unit, hash) = (MockUnitOfWork::new(), Arc::clone(hash));
        unit.roles.expect_permissions().returning(|_, ids| {
            let asked = BUILT_IN_ROLES.iter().filter(|role| ids.contains(&role.id));
            Ok(asked
                .flat_map(|role| grant(role).permissions.iter().map(|p| (role.id, p.clone())).collect::<Vec<_>>())
                .collect())
        });
        unit.invitations.expect_insert().returning(move |_, token_hash| {
            *hash.lock().unwrap() = token_hash.to_vec();
            Ok(())
        });
        trail.record(&mut unit);
        unit
    }

    fn input(role: &str) -> CreateInvitation {
        let (email, role) = ("Grace@Example.org".to_owned(), Some(role.to_owned()));
        CreateInvitation { organization: organization(1), email, role }
    }

    #[tokio::test]
    async fn a_manager_invites_and_gets_the_token_once() {
        let (test, trail, hash) = (TestApp::new(), Trail::default(), Arc::default());
        test.unit(finding()).unit(unit(&trail, &hash));
        let manager = caller(organization(1), 7, &[MANAGER]);
        let made = create_invitation(&test.build(), &manager, input("user"), None).await.unwrap();
        let token = OpaqueToken::parse(TOKEN_PREFIX, made.token.expose_secret()).unwrap();
        assert_eq!(*hash.lock().unwrap(), token.hash());
        assert_eq!(made.invitation.invited_by, user(7));
        let event = trail.only();
        assert_eq!((event.event_type.as_str(), &event.event_data["role"]), ("invitation.created", &json!("user")));
        assert!(!event.event_data.to_string().to_lowercase().contains("grace"));
    }

    #[tokio::test]
    async fn nobody_invites_a_stronger_one() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let journal = test.unit(finding()).unit(unit(&trail, &Arc::default())).journal();
        let manager = caller(organization(1), 7, &[MANAGER]);
        let error = create_invitation(&test.build(), &manager, input(ADMIN.name), None).await.unwrap_err();
        assert_eq!((error.code, journal.commits()), ("grants_too_much", 0));
    }

    #[tokio::test]
    async fn a_plain_member_does_not_invite() {
        let error = create_invitation(&TestApp::new().build(), &member(1, 7), input("user"), None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Forbidden);
    }
}
