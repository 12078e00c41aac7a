//! Puts a member of the organization into a team.

use super::{guard_found_team, team};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, TeamId, UserId, access::Action, organizations::TeamMember,
};
use serde_json::json;

/// Puts a member of the organization into a team. To put somebody in again changes nothing.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound` when there is no such team, or the person is no member of the organization.
pub async fn add_team_member(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    id: TeamId,
    user: UserId,
) -> Result<TeamMember> {
    let held = guard_found_team(caller, Action::Update, organization, id)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let team = team(&*unit, organization, id).await?;
    held.release()?;
    let person = unit.memberships().find(organization, user).await?.ok_or_else(|| Error::not_found("member"))?;
    let member = TeamMember {
        organization_id: organization,
        team_id: id,
        user_id: user,
        username: person.user.username.as_str().to_owned(),
        created_at: app.now(),
    };
    if unit.teams().add_member(organization, &member).await? {
        let event = Event::new(caller, "team.member_added", "teams")
            .resource(id)
            .subject(user)
            .data(json!({ "team": team.name }));
        audit::append(&*unit, app, organization, vec![event]).await?;
        unit.commit().await?;
    }
    Ok(member)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, account, administrator, now, organization, user};
    use keystead_domain::{
        ErrorKind, MembershipId,
        organizations::{Member, Membership, MembershipStatus, Team},
    };
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    fn grace() -> Member {
        let membership = Membership {
            id: MembershipId::from_uuid(Uuid::from_u128(8)),
            organization_id: organization(1),
            user_id: user(8),
            status: MembershipStatus::Active,
            created_at: now(),
            updated_at: now(),
            version: 1,
        };
        Member { membership, user: account(8), roles: Vec::new() }
    }

    /// Puts the person 8 into a team. Returns also how many events and commits there were.
    async fn add(is_member: bool, is_new: bool) -> (Result<TeamMember>, usize, usize) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        unit.teams.expect_find().returning(|organization_id, id| {
            let (created_at, updated_at) = (now(), now());
            Ok(Some(Team {
                id,
                organization_id,
                name: "Blue".to_owned(),
                description: None,
                created_at,
                updated_at,
                version: 1,
            }))
        });
        unit.memberships.expect_find().returning(move |_, _| Ok(is_member.then(grace)));
        unit.teams.expect_add_member().returning(move |_, _| Ok(is_new));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let (caller, team) = (administrator(organization(1), 7), TeamId::from_uuid(Uuid::from_u128(5)));
        let added = add_team_member(&test.build(), &caller, organization(1), team, user(8)).await;
        (added, trail.events().len(), journal.commits())
    }

    #[tokio::test]
    async fn a_member_of_the_organization_is_put_in_once() {
        let (added, events, commits) = add(true, true).await;
        assert_eq!((added.unwrap().username.as_str(), events, commits), ("person-8", 1, 1));
        let (again, events, commits) = add(true, false).await;
        assert!(again.is_ok());
        assert_eq!((events, commits), (0, 0));
    }

    #[tokio::test]
    async fn others_are_not() {
        let (added, events, commits) = add(false, true).await;
        assert_eq!((added.unwrap_err().kind, events, commits), (ErrorKind::NotFound, 0, 0));
    }
}
