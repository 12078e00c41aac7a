//! Memberships.

use super::{
    Harness,
    ground::{Ground, of_platform},
};
use keystead_domain::{
    ErrorKind, OrganizationId, PLATFORM, PageRequest, Scope, UserId,
    access::{ADMIN, USER},
    accounts::{User, UserStatus},
    organizations::{Member, Membership, MembershipStatus, TeamMember},
};
use std::time::Duration;

async fn find(ground: &Ground, organization: OrganizationId, user: UserId) -> Option<Member> {
    ask!(ground, Scope::organization(organization), |unit| unit.memberships().find(organization, user))
}

pub async fn a_member_is_found_with_person_and_roles(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let place = ground.organization("One").await;
    let user = ground.sample_user("ada");
    ground.add_user(&user).await;
    let membership =
        Membership { status: MembershipStatus::Suspended, version: 4, ..ground.sample_membership(place, user.id) };
    change!(ground, Scope::organization(place), |unit| unit.memberships().insert(&membership));
    assert_eq!(
        find(&ground, place, user.id).await,
        Some(Member { membership: membership.clone(), user: user.clone(), roles: Vec::new() })
    );
    // Built-in roles and own ones, by name.
    let (zoo, able) = (ground.role(place, "zoo").await, ground.role(place, "able").await);
    ground.give(place, user.id, &[zoo, USER.id, able]).await;
    let roles = vec![(able, "able".to_owned()), (USER.id, "user".to_owned()), (zoo, "zoo".to_owned())];
    assert_eq!(find(&ground, place, user.id).await, Some(Member { membership, user, roles }));
    assert_eq!(find(&ground, place, ground.id()).await, None);
}

pub async fn a_second_membership_is_a_conflict(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let place = ground.organization("One").await;
    let ada = ground.member(place, "ada").await;
    let again = ground.sample_membership(place, ada);
    let error = refused!(ground, Scope::organization(place), |unit| unit.memberships().insert(&again));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "already_member"));
}

pub async fn members_are_listed_in_pages_with_their_roles(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let place = ground.organization("One").await;
    let elsewhere = ground.organization("Other").await;
    let writer = ground.role(place, "writer").await;
    let mut expected = Vec::new();
    for number in 0..7 {
        let user = ground.sample_user(&format!("person-{number}"));
        ground.add_user(&user).await;
        let membership = ground.join(place, user.id).await;
        // What is held elsewhere does not count here.
        ground.join(elsewhere, user.id).await;
        ground.give(elsewhere, user.id, &[ADMIN.id]).await;
        let roles = match number % 3 {
            0 => vec![],
            1 => vec![(USER.id, "user".to_owned())],
            _ => vec![(USER.id, "user".to_owned()), (writer, "writer".to_owned())],
        };
        ground.give(place, user.id, &roles.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await;
        expected.push(Member { membership, user, roles });
    }
    let scope = Scope::organization(place);
    for limit in [2, 7, 200] {
        let found = pages!(ground, scope, limit, |unit, page| unit.memberships().list(place, page));
        assert_eq!(found, expected);
    }
    bad_cursors!(ground, scope, |unit, page| unit.memberships().list(place, page));
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let place = ground.organization("One").await;
    let ada = ground.user("ada").await;
    let before = ground.join(place, ada).await;
    let scope = Scope::organization(place);
    let changed = Membership { status: MembershipStatus::Suspended, updated_at: ground.now(), ..before };
    let after = change!(ground, scope, |unit| unit.memberships().update(place, &changed));
    assert_eq!(after, Membership { version: 2, ..changed.clone() });
    assert_eq!(find(&ground, place, ada).await.unwrap().membership, after);
    let error = refused!(ground, scope, |unit| unit.memberships().update(place, &changed));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
}

pub async fn what_hangs_on_a_membership_goes_with_it(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    ground.give(two.one, two.ada, &[ADMIN.id]).await;
    let team = ground.sample_team(two.one, "Team");
    let scope = Scope::organization(two.one);
    change!(ground, scope, |unit| unit.teams().insert(&team));
    let member = TeamMember {
        organization_id: two.one,
        team_id: team.id,
        user_id: two.ada,
        username: String::new(),
        created_at: ground.now(),
    };
    change!(ground, scope, |unit| unit.teams().add_member(two.one, &member));
    assert!(change!(ground, scope, |unit| unit.memberships().delete(two.one, two.ada)));
    assert!(!change!(ground, scope, |unit| unit.memberships().delete(two.one, two.ada)));
    assert_eq!(find(&ground, two.one, two.ada).await, None);
    assert_eq!(ground.held(two.home(), "ada").await, [""; 0]);
    let page = PageRequest::first(10);
    assert_eq!(ask!(ground, scope, |unit| unit.teams().members(two.one, team.id, &page)).items, []);
    // The person stays, and so do the team and the role.
    ground.find_user(two.ada).await;
    assert!(ask!(ground, scope, |unit| unit.teams().find(two.one, team.id)).is_some());
    ground.join(two.one, two.ada).await;
    assert_eq!(find(&ground, two.one, two.ada).await.unwrap().roles, []);
}

async fn administrators(ground: &Ground, organization: OrganizationId) -> u64 {
    change!(ground, Scope::organization(organization), |unit| unit.memberships().count_administrators(organization))
}

pub async fn active_administrators_are_counted(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    assert_eq!(administrators(&ground, two.one).await, 0);
    // A role of the same name is not the role.
    let namesake = ground.role(two.one, "admin").await;
    ground.give(two.one, two.ada, &[namesake]).await;
    ground.give(two.other, two.eve, &[ADMIN.id]).await;
    assert_eq!(administrators(&ground, two.one).await, 0);
    ground.give(two.one, two.ada, &[ADMIN.id, USER.id]).await;
    let bob = ground.user("bob").await;
    let membership = ground.join(two.one, bob).await;
    ground.give(two.one, bob, &[ADMIN.id]).await;
    assert_eq!(administrators(&ground, two.one).await, 2);
    let suspended = Membership { status: MembershipStatus::Suspended, ..membership };
    change!(ground, Scope::organization(two.one), |unit| unit.memberships().update(two.one, &suspended));
    assert_eq!(administrators(&ground, two.one).await, 1);
    let disabled = User { status: UserStatus::Disabled, ..ground.find_user(two.ada).await };
    change!(ground, of_platform(two.ada), |unit| unit.users().update(PLATFORM, &disabled));
    assert_eq!(administrators(&ground, two.one).await, 0);
}

pub async fn two_administrators_cannot_remove_each_other_at_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    for round in 0..3 {
        let place = ground.organization("One").await;
        let mut people = Vec::new();
        for number in 0..2 {
            let person = ground.member(place, &format!("person-{round}-{number}")).await;
            ground.give(place, person, &[ADMIN.id]).await;
            people.push(person);
        }
        let removals: Vec<_> = people
            .into_iter()
            .enumerate()
            .map(|(number, person)| {
                let store = ground.store.clone();
                tokio::spawn(async move {
                    let unit = store.begin(Scope::organization(place)).await.unwrap();
                    if unit.memberships().count_administrators(place).await.unwrap() < 2 {
                        return false;
                    }
                    tokio::time::sleep(Duration::from_millis(30)).await;
                    if (number + round) % 2 == 0 {
                        unit.roles().replace_held(place, person, &[]).await.unwrap();
                    } else {
                        assert!(unit.memberships().delete(place, person).await.unwrap());
                    }
                    unit.commit().await.unwrap();
                    true
                })
            })
            .collect();
        let mut removed = 0;
        for removal in removals {
            removed += u32::from(removal.await.unwrap());
        }
        assert_eq!(removed, 1);
        assert_eq!(administrators(&ground, place).await, 1);
    }
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    ground.give(two.one, two.ada, &[ADMIN.id]).await;
    let before = find(&ground, two.one, two.ada).await.unwrap();
    let changed = Membership { status: MembershipStatus::Suspended, ..before.membership.clone() };
    let page = PageRequest::first(200);
    for (scope, organization) in two.strangers() {
        let found = ask!(ground, scope, |unit| unit.memberships().find(organization, two.ada));
        assert_eq!(found, None, "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.memberships().list(organization, &page));
        assert!(!list.items.iter().any(|member| member.user.id == two.ada), "{scope:?}");
        let error = refused!(ground, scope, |unit| unit.memberships().update(organization, &changed));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        assert!(!change!(ground, scope, |unit| unit.memberships().delete(organization, two.ada)), "{scope:?}");
        if organization == two.one {
            assert_eq!(change!(ground, scope, |unit| unit.memberships().count_administrators(two.one)), 0);
        }
        let own_place = ground.sample_membership(two.one, two.eve);
        let error = refused!(ground, scope, |unit| unit.memberships().insert(&own_place));
        assert_eq!(error.kind, ErrorKind::Internal, "{scope:?}");
    }
    assert_eq!(find(&ground, two.one, two.ada).await, Some(before));
}
