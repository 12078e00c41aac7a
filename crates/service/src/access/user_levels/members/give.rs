//! Gives a user level to a member.

use super::{
    super::{guard_found_level, level, lock},
    ensure_member,
};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event},
};
use keystead_domain::{
    Caller, OrganizationId, Result, UserId, UserLevelId,
    access::{Action, LevelAssignment},
};
use serde_json::json;

/// Gives a user level to a member of the organization, also to oneself: why that is so stands in
/// [`user_levels`](super::super). To give it again changes nothing.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound` when there is no such level, or the person is no member.
pub async fn give_user_level(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    id: UserLevelId,
    user: UserId,
) -> Result<LevelAssignment> {
    let held = guard_found_level(caller, Action::Update, organization, id)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let level = level(&*unit, organization, id).await?;
    held.release()?;
    ensure_member(&*unit, organization, user).await?;
    if let Some(there) = unit.level_assignments().find(organization, user, id).await? {
        return Ok(there);
    }
    let given =
        LevelAssignment { organization_id: organization, user_id: user, user_level_id: id, created_at: app.now() };
    unit.level_assignments().insert(organization, &[given]).await?;
    let event = Event::new(caller, "user_level.given", "user_levels")
        .resource(id)
        .subject(user)
        .data(json!({ "name": level.name }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(given)
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::{level, level_id, locked, manager, plain_member};
    use super::*;
    use crate::testing::{TestApp, Trail, administrator, member, now, organization, user};
    use keystead_domain::ErrorKind;
    use keystead_store::mocks::MockUnitOfWork;

    /// Gives the level to `whom`, where 7 and 8 are members. Returns also the events and how many commits there were.
    async fn give(by: &Caller, whom: u128, has_it: bool) -> (Result<LevelAssignment>, Trail, usize) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        locked(&mut unit);
        unit.access.user_levels.expect_find().returning(|_, _| Ok(Some(level(1))));
        unit.memberships
            .expect_find()
            .returning(|_, id| Ok([7, 8].into_iter().find(|number| user(*number) == id).map(plain_member)));
        unit.access.level_assignments.expect_find().returning(move |organization_id, user_id, user_level_id| {
            let there = LevelAssignment { organization_id, user_id, user_level_id, created_at: now() };
            Ok(has_it.then_some(there))
        });
        unit.access.level_assignments.expect_insert().returning(|_, _| Ok(1));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let given = give_user_level(&test.build(), by, organization(1), level_id(1), user(whom)).await;
        (given, trail, journal.commits())
    }

    #[tokio::test]
    async fn a_manager_gives_a_level_to_members_and_to_himself_and_the_trail_tells() {
        for whom in [8, 7] {
            let (given, trail, commits) = give(&manager(), whom, false).await;
            assert_eq!((given.unwrap().user_id, commits), (user(whom), 1));
            let event = trail.only();
            assert_eq!((event.event_type.as_str(), event.subject_user_id), ("user_level.given", Some(user(whom))));
            assert_eq!(event.user_id, Some(user(7)));
        }
    }

    #[tokio::test]
    async fn to_give_it_again_changes_nothing() {
        let (given, trail, commits) = give(&manager(), 8, true).await;
        assert!(given.is_ok());
        assert_eq!((trail.events(), commits), (vec![], 0));
    }

    #[tokio::test]
    async fn strangers_get_none_and_plain_members_give_none() {
        for (by, whom, kind) in [
            (manager(), 9, ErrorKind::NotFound),
            (member(1, 8), 8, ErrorKind::Forbidden),
            (administrator(organization(2), 7), 8, ErrorKind::NotFound),
        ] {
            let (given, trail, commits) = give(&by, whom, false).await;
            assert_eq!((given.unwrap_err().kind, trail.events(), commits), (kind, vec![], 0));
        }
    }
}
