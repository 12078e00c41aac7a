//! Teams and their members.

use super::{
    Harness,
    ground::{Ground, Two},
};
use keystead_domain::{
    ErrorKind, OrganizationId, PageRequest, Scope, TeamId, UserId,
    organizations::{Team, TeamMember},
};

async fn add(ground: &Ground, team: &Team) {
    change!(ground, Scope::organization(team.organization_id), |unit| unit.teams().insert(team));
}

async fn team(ground: &Ground, organization: OrganizationId, name: &str) -> TeamId {
    let team = ground.sample_team(organization, name);
    add(ground, &team).await;
    team.id
}

async fn find(ground: &Ground, two: &Two, id: TeamId) -> Option<Team> {
    ask!(ground, two.home(), |unit| unit.teams().find(two.one, id))
}

fn place(ground: &Ground, two: &Two, team_id: TeamId, user_id: UserId, username: &str) -> TeamMember {
    TeamMember { organization_id: two.one, team_id, user_id, username: username.to_owned(), created_at: ground.now() }
}

pub async fn a_team_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let full = Team {
        description: Some("Was & wann? 日本 😀\n'%_".to_owned()),
        version: 5,
        ..ground.sample_team(two.one, "Ünïcode 😀")
    };
    for team in [full, ground.sample_team(two.one, "plain")] {
        add(&ground, &team).await;
        assert_eq!(find(&ground, &two, team.id).await, Some(team));
    }
    assert_eq!(find(&ground, &two, ground.id()).await, None);
}

pub async fn a_taken_name_is_a_conflict(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    team(&ground, two.one, "Team").await;
    let again = ground.sample_team(two.one, "Team");
    let error = refused!(ground, two.home(), |unit| unit.teams().insert(&again));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "team_name_taken"));
    let other = ground.sample_team(two.one, "team");
    add(&ground, &other).await;
    let renamed = Team { name: "Team".to_owned(), ..other };
    let error = refused!(ground, two.home(), |unit| unit.teams().update(two.one, &renamed));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "team_name_taken"));
    // Another organization's names are its own.
    team(&ground, two.other, "Team").await;
}

pub async fn teams_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let mut all = Vec::new();
    for number in (0..7).rev() {
        let team = ground.sample_team(two.one, &format!("Team {number}"));
        add(&ground, &team).await;
        all.push(team);
    }
    team(&ground, two.other, "Elsewhere").await;
    for limit in [1, 3, 7] {
        assert_eq!(pages!(ground, two.home(), limit, |unit, page| unit.teams().list(two.one, page)), all);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.teams().list(two.one, page));
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.sample_team(two.one, "Before");
    add(&ground, &before).await;
    let changed = Team {
        name: "After".to_owned(),
        description: Some("why".to_owned()),
        updated_at: ground.now(),
        ..before.clone()
    };
    let after = change!(ground, two.home(), |unit| unit.teams().update(two.one, &changed));
    assert_eq!(after, Team { version: 2, ..changed.clone() });
    assert_eq!(find(&ground, &two, before.id).await, Some(after));
    let error = refused!(ground, two.home(), |unit| unit.teams().update(two.one, &changed));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    let error = refused!(ground, two.home(), |unit| unit.teams().delete(two.one, before.id, 1));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
}

pub async fn members_are_added_listed_and_removed(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let id = team(&ground, two.one, "Team").await;
    let other = team(&ground, two.one, "Another").await;
    let mut expected = vec![place(&ground, &two, id, two.ada, "ada")];
    for number in 0..5 {
        let name = format!("Person-{number}");
        let user = ground.member(two.one, &name).await;
        expected.push(place(&ground, &two, id, user, &name));
    }
    for member in expected.iter().rev() {
        assert!(change!(ground, two.home(), |unit| unit.teams().add_member(two.one, member)));
        assert!(!change!(ground, two.home(), |unit| unit.teams().add_member(two.one, member)));
    }
    for limit in [2, 6] {
        let found = pages!(ground, two.home(), limit, |unit, page| unit.teams().members(two.one, id, page));
        assert_eq!(found, expected);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.teams().members(two.one, id, page));
    let page = PageRequest::first(10);
    assert_eq!(ask!(ground, two.home(), |unit| unit.teams().members(two.one, other, &page)).items, []);

    assert!(change!(ground, two.home(), |unit| unit.teams().remove_member(two.one, id, two.ada)));
    assert!(!change!(ground, two.home(), |unit| unit.teams().remove_member(two.one, id, two.ada)));
    expected.remove(0);
    assert_eq!(ask!(ground, two.home(), |unit| unit.teams().members(two.one, id, &page)).items, expected);

    change!(ground, two.home(), |unit| unit.teams().delete(two.one, id, 1));
    assert_eq!(find(&ground, &two, id).await, None);
    assert_eq!(ask!(ground, two.home(), |unit| unit.teams().members(two.one, id, &page)).items, []);
}

pub async fn only_members_of_the_organization_join_its_teams(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let id = team(&ground, two.one, "Team").await;
    let foreign = team(&ground, two.other, "Team").await;
    let cases = [
        place(&ground, &two, id, two.eve, "eve"),
        place(&ground, &two, id, ground.id(), "nobody"),
        place(&ground, &two, ground.id(), two.ada, "ada"),
        place(&ground, &two, foreign, two.ada, "ada"),
    ];
    for member in cases {
        let error = refused!(ground, two.home(), |unit| unit.teams().add_member(two.one, &member));
        assert_eq!(error.kind, ErrorKind::NotFound, "{member:?}");
    }
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.sample_team(two.one, "Team");
    add(&ground, &before).await;
    let member = place(&ground, &two, before.id, two.ada, "ada");
    change!(ground, two.home(), |unit| unit.teams().add_member(two.one, &member));
    let page = PageRequest::first(200);
    for (scope, organization) in two.strangers_and_platform() {
        assert_eq!(ask!(ground, scope, |unit| unit.teams().find(organization, before.id)), None, "{scope:?}");
        assert_eq!(ask!(ground, scope, |unit| unit.teams().list(organization, &page)).items, [], "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.teams().members(organization, before.id, &page));
        assert_eq!(list.items, [], "{scope:?}");
        // Neither the own name nor the other's moves or changes it.
        for organization_id in [two.one, organization] {
            let changed = Team { organization_id, name: "Taken over".to_owned(), ..before.clone() };
            let error = refused!(ground, scope, |unit| unit.teams().update(organization, &changed));
            assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        }
        let error = refused!(ground, scope, |unit| unit.teams().delete(organization, before.id, 1));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        let removed = change!(ground, scope, |unit| unit.teams().remove_member(organization, before.id, two.ada));
        assert!(!removed, "{scope:?}");
        let own_place = TeamMember { organization_id: organization, user_id: two.eve, ..member.clone() };
        refused!(ground, scope, |unit| unit.teams().add_member(organization, &own_place));
        let new = ground.sample_team(two.one, "New");
        let error = refused!(ground, scope, |unit| unit.teams().insert(&new));
        assert_eq!(error.kind, ErrorKind::Internal, "{scope:?}");
    }
    // Nor does its own organization give it away.
    let given = Team { organization_id: two.other, ..before.clone() };
    change!(ground, two.home(), |unit| unit.teams().update(two.one, &given));
    assert_eq!(find(&ground, &two, before.id).await, Some(Team { version: 2, ..before }));
    let list = ask!(ground, two.home(), |unit| unit.teams().members(two.one, member.team_id, &page));
    assert_eq!(list.items, [member]);
}
