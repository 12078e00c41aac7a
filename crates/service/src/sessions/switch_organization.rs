//! Working in another organization.

use super::{
    AccessToken,
    access_token::{Holder, issue_access_token},
    signed_in,
};
use crate::{
    App,
    audit::{self, Event},
    keys::current_signing_key,
};
use keystead_domain::{
    Caller, Error, ErrorKind, OrganizationId, Result, Scope,
    organizations::{MembershipStatus, Organization, OrganizationStatus},
};
use serde_json::json;

/// What changes with the organization.
#[derive(Clone, Debug)]
pub struct Switched {
    /// A new access token, for the other organization. The refresh token stays.
    pub access_token: AccessToken,
    /// The other organization.
    pub organization: Organization,
    /// The names of the roles held there.
    pub roles: Vec<String>,
}

/// Moves the caller's session to another organization of which the person is a member. That membership is the whole
/// condition.
///
/// # Errors
/// `Unauthenticated`; `NotFound` when the person is no member or the organization is archived; `Forbidden` with code
/// `membership_suspended`.
pub async fn switch_organization(app: &App, caller: &Caller, target: OrganizationId) -> Result<Switched> {
    let me = signed_in(caller)?;
    let session = caller.session_id.ok_or_else(Error::unauthenticated)?;
    let signing_key = current_signing_key(app).await?;
    let not_found = || Error::not_found("organization");
    let unit = app.store.begin(Scope::person(target, me)).await?;
    let member = unit.memberships().find(target, me).await?.ok_or_else(not_found)?;
    let organization = unit.organizations().find(target, target).await?;
    let organization = organization.filter(|found| found.status == OrganizationStatus::Active);
    let organization = organization.ok_or_else(not_found)?;
    if member.membership.status == MembershipStatus::Suspended {
        return Err(Error::new(
            ErrorKind::Forbidden,
            "membership_suspended",
            "Your membership is suspended: ask an administrator of the organization.",
        ));
    }
    let session_ends = unit.sessions().find(me, session).await?.ok_or_else(Error::unauthenticated)?.expires_at;
    unit.sessions().set_organization(me, session, target).await?;
    let event = Event::new(caller, "session.organization_switched", "sessions")
        .resource(session)
        .subject(me)
        .data(json!({ "from": caller.organization_id, "to": target }));
    audit::append(&*unit, app, target, vec![event]).await?;
    unit.commit().await?;
    let roles: Vec<String> = member.roles.into_iter().map(|(_, name)| name).collect();
    let holder = Holder { user: me, session, organization: target, roles: roles.clone(), session_ends };
    Ok(Switched { access_token: issue_access_token(app, &signing_key, holder)?, organization, roles })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, account, member, now, organization, session, user};
    use keystead_domain::{
        Json, MembershipId, SessionId, UserId,
        access::USER,
        organizations::{Isolation, Member, Membership, OrganizationKind},
        sessions::Session,
    };
    use keystead_store::mocks::{MockUnitOfWork, Step};
    use uuid::Uuid;

    fn unit(membership: Option<MembershipStatus>, status: OrganizationStatus) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.memberships.expect_find().returning(move |organization, person| {
            Ok(membership.map(|status| Member {
                membership: Membership {
                    id: MembershipId::from_uuid(Uuid::from_u128(1)),
                    organization_id: organization,
                    user_id: person,
                    status,
                    created_at: now(),
                    updated_at: now(),
                    version: 1,
                },
                user: account(7),
                roles: vec![(USER.id, "user".to_owned())],
            }))
        });
        unit.organizations.expect_find().returning(move |_, id| {
            Ok(Some(Organization {
                id,
                name: "Two".to_owned(),
                kind: OrganizationKind::Shared,
                isolation: Isolation::Shared,
                status,
                metadata: Json::Null,
                created_at: now(),
                updated_at: now(),
                version: 1,
            }))
        });
        unit
    }

    /// A session that ends in a minute.
    fn ending(user_id: UserId, id: SessionId) -> Session {
        Session {
            id,
            user_id,
            organization_id: organization(1),
            profile_id: None,
            client_ip: None,
            user_agent: None,
            device_info: Json::Null,
            security_context: Json::Null,
            created_at: now(),
            last_activity_at: now(),
            idle_expires_at: now().plus_seconds(60),
            expires_at: now().plus_seconds(60),
            revoked_at: None,
            revoked_reason: None,
        }
    }

    #[tokio::test]
    async fn a_member_moves_the_session() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = unit(Some(MembershipStatus::Active), OrganizationStatus::Active);
        unit.sessions.expect_find().once().returning(|person, found| Ok(Some(ending(person, found))));
        unit.sessions.expect_set_organization().once().returning(|person, moved, to| {
            assert_eq!((person, moved, to), (user(7), session(7), organization(2)));
            Ok(())
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let switched = switch_organization(&test.build(), &member(1, 7), organization(2)).await.unwrap();
        assert_eq!((switched.organization.id, switched.roles), (organization(2), vec!["user".to_owned()]));
        assert_eq!(switched.access_token.expires_in, 60, "no token outlives its session");
        assert_eq!(journal.steps(), [Step::Begin(Scope::person(organization(2), user(7))), Step::Commit]);
        assert_eq!(trail.only().organization_id, organization(2));
    }

    #[tokio::test]
    async fn others_find_no_such_organization() {
        for (membership, status, code) in [
            (None, OrganizationStatus::Active, "not_found"),
            (Some(MembershipStatus::Active), OrganizationStatus::Archived, "not_found"),
            (Some(MembershipStatus::Suspended), OrganizationStatus::Active, "membership_suspended"),
        ] {
            let test = TestApp::new();
            let journal = test.unit(unit(membership, status)).journal();
            let error = switch_organization(&test.build(), &member(1, 7), organization(2)).await.unwrap_err();
            assert_eq!((error.code, journal.commits()), (code, 0));
        }
    }
}
