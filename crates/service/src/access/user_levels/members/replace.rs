//! Changes which user levels a member has.

use super::{
    super::{guard_levels, lock},
    ensure_member,
};
use crate::{
    App,
    access::{MOST_USER_LEVELS, hold, scope_in},
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, UserId, UserLevelId,
    access::{Action, UserLevel},
};
use serde_json::json;
use std::collections::BTreeSet;

/// The user levels that a member is to have.
#[derive(Clone, Debug)]
pub struct SetLevelsOfMember {
    /// Where.
    pub organization: OrganizationId,
    /// Who.
    pub user: UserId,
    /// All of them.
    pub levels: Vec<UserLevelId>,
}

/// Replaces the user levels of a member, also one's own: why that is so stands in [`user_levels`](super::super). Returns
/// those that the member has then, in order of their names.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound` when the person is no member, or there is no such level; `Invalid` on
/// `user_levels`.
pub async fn set_levels_of_member(app: &App, caller: &Caller, input: SetLevelsOfMember) -> Result<Vec<UserLevel>> {
    let SetLevelsOfMember { organization, user, levels } = input;
    let held = hold(guard_levels(caller, Action::Update, organization))?;
    if levels.len() > MOST_USER_LEVELS {
        return Err(Error::invalid("user_levels", format!("must be at most {MOST_USER_LEVELS}")));
    }
    let wanted: BTreeSet<UserLevelId> = levels.into_iter().collect();
    let wanted: Vec<UserLevelId> = wanted.into_iter().collect();
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    ensure_member(&*unit, organization, user).await?;
    held.release()?;
    let before = unit.level_assignments().levels_of(organization, user).await?;
    let mut after = unit.user_levels().find_many(organization, &wanted).await?;
    if after.len() != wanted.len() {
        return Err(Error::not_found("user level"));
    }
    after.sort_by(|one, other| one.name.cmp(&other.name));
    let (added, removed) = (beside(&after, &before), beside(&before, &after));
    if added.is_empty() && removed.is_empty() {
        return Ok(after);
    }
    unit.level_assignments().replace_for_user(organization, user, &wanted, app.now()).await?;
    let event = Event::new(caller, "member.user_levels_changed", "members")
        .resource(user)
        .subject(user)
        .data(json!({ "added": added, "removed": removed }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}

/// The names of those in `some` that are not in `others`.
fn beside<'a>(some: &'a [UserLevel], others: &[UserLevel]) -> Vec<&'a str> {
    some.iter().filter(|one| !others.iter().any(|other| other.id == one.id)).map(|one| one.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::{level, level_id, locked, manager, plain_member};
    use super::*;
    use crate::testing::{TestApp, Trail, organization, user};
    use keystead_domain::ErrorKind;
    use keystead_store::mocks::MockUnitOfWork;

    /// Gives the person 8, who has the levels 1 and 2 of three, these.
    async fn set(whom: u128, levels: Vec<u128>) -> (Result<Vec<UserLevel>>, Trail) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        locked(&mut unit);
        unit.memberships.expect_find().returning(|_, id| Ok((id == user(8)).then(|| plain_member(8))));
        unit.access.level_assignments.expect_levels_of().returning(|_, _| Ok(vec![level(1), level(2)]));
        unit.access
            .user_levels
            .expect_find_many()
            .returning(|_, ids| Ok((1..=3).map(level).filter(|level| ids.contains(&level.id)).collect()));
        unit.access.level_assignments.expect_replace_for_user().times(0..=1).returning(|_, _, _, _| Ok(()));
        trail.record(&mut unit);
        test.unit(unit);
        let levels = levels.into_iter().map(level_id).collect();
        let input = SetLevelsOfMember { organization: organization(1), user: user(whom), levels };
        (set_levels_of_member(&test.build(), &manager(), input).await, trail)
    }

    #[tokio::test]
    async fn the_trail_tells_what_was_given_and_taken() {
        let (done, trail) = set(8, vec![3, 2, 2]).await;
        assert_eq!(done.unwrap(), [level(2), level(3)]);
        let event = trail.only();
        assert_eq!(event.event_type, "member.user_levels_changed");
        assert_eq!(event.event_data, json!({ "added": ["Level 3"], "removed": ["Level 1"] }));
    }

    #[tokio::test]
    async fn the_same_again_leaves_no_trace() {
        let (done, trail) = set(8, vec![2, 1]).await;
        assert_eq!((done.unwrap().len(), trail.events()), (2, vec![]));
    }

    #[tokio::test]
    async fn strangers_and_unknown_levels_are_not_found() {
        for (whom, levels) in [(9, vec![1]), (9, vec![]), (8, vec![1, 4])] {
            let (done, trail) = set(whom, levels).await;
            assert_eq!((done.unwrap_err().kind, trail.events()), (ErrorKind::NotFound, vec![]));
        }
        let many = (0..=MOST_USER_LEVELS as u128).collect();
        let (test, caller) = (TestApp::new().build(), manager());
        let levels: Vec<u128> = many;
        let levels = levels.into_iter().map(level_id).collect();
        let input = SetLevelsOfMember { organization: organization(1), user: user(8), levels };
        assert_eq!(set_levels_of_member(&test, &caller, input).await.unwrap_err().fields[0].field, "user_levels");
    }
}
