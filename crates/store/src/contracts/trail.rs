//! Where people have been.

use super::{Harness, ground::Ground};
use keystead_domain::{ErrorKind, OrganizationId, Scope, Timestamp, UserId, ViewId, navigation::TrailEntry};

fn visit(ground: &Ground, organization_id: OrganizationId, user_id: UserId, view_id: ViewId) -> TrailEntry {
    TrailEntry { id: ground.id(), organization_id, user_id, view_id, visited_at: ground.now() }
}

async fn recent(ground: &Ground, organization: OrganizationId, user: UserId, limit: u16) -> Vec<TrailEntry> {
    let scope = Scope::person(organization, user);
    ask!(ground, scope, |unit| unit.trail().recent(organization, user, limit))
}

pub async fn visits_are_found_newest_first(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (a, b) = (ground.view("a").await, ground.view("b").await);
    let versions = ground.versions(two.one).await;
    let mut visits: Vec<_> = [a, b, a, a].into_iter().map(|view| visit(&ground, two.one, two.ada, view)).collect();
    // Of the same moment it is the one with the greater identifier.
    visits[3].visited_at = visits[2].visited_at;
    change!(ground, two.home(), |unit| unit.trail().record(two.one, two.ada, &visits));
    change!(ground, two.home(), |unit| unit.trail().record(two.one, two.ada, &[]));
    // Where somebody has been decides nothing.
    assert_eq!(ground.versions(two.one).await, versions);
    let found = ask!(ground, two.home(), |unit| unit.trail().find(two.one, two.ada, visits[1].id));
    assert_eq!(found.as_ref(), Some(&visits[1]));
    visits.reverse();
    assert_eq!(recent(&ground, two.one, two.ada, 10).await, visits);
    assert_eq!(recent(&ground, two.one, two.ada, 2).await, visits[..2]);
    assert_eq!(recent(&ground, two.one, two.ada, 0).await, []);
}

pub async fn the_oldest_are_forgotten(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let view = ground.view("view").await;
    // Another place and another person of the same place keep theirs.
    ground.join(two.other, two.ada).await;
    let bob = ground.member(two.one, "bob").await;
    let others = [(two.other, two.ada), (two.one, bob)];
    for (organization, user) in others {
        let own = [visit(&ground, organization, user, view)];
        let scope = Scope::person(organization, user);
        change!(ground, scope, |unit| unit.trail().record(organization, user, &own));
    }
    let most = usize::from(TrailEntry::MOST);
    let mut visits: Vec<_> = (0..most + 5).map(|_| visit(&ground, two.one, two.ada, view)).collect();
    change!(ground, two.home(), |unit| unit.trail().record(two.one, two.ada, &visits));
    let last = visit(&ground, two.one, two.ada, view);
    change!(ground, two.home(), |unit| unit.trail().record(two.one, two.ada, std::slice::from_ref(&last)));
    visits.push(last);
    visits.reverse();
    visits.truncate(most);
    assert_eq!(recent(&ground, two.one, two.ada, u16::MAX).await, visits);
    for (organization, user) in others {
        assert_eq!(recent(&ground, organization, user, 10).await.len(), 1);
    }
}

pub async fn visits_are_forgotten_on_demand(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let view = ground.view("view").await;
    let visits: Vec<_> = (0..4).map(|_| visit(&ground, two.one, two.ada, view)).collect();
    change!(ground, two.home(), |unit| unit.trail().record(two.one, two.ada, &visits));
    let before: Option<Timestamp> = Some(visits[2].visited_at);
    assert_eq!(change!(ground, two.home(), |unit| unit.trail().delete(two.one, two.ada, before)), 2);
    assert_eq!(recent(&ground, two.one, two.ada, 10).await, [visits[3].clone(), visits[2].clone()]);
    assert_eq!(change!(ground, two.home(), |unit| unit.trail().delete(two.one, two.ada, None)), 2);
    assert_eq!(recent(&ground, two.one, two.ada, 10).await, []);
}

pub async fn visits_go_with_what_they_are_about(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (view, gone) = (ground.view("view").await, ground.view("gone").await);
    let visits = [visit(&ground, two.one, two.ada, view), visit(&ground, two.one, two.ada, gone)];
    change!(ground, two.home(), |unit| unit.trail().record(two.one, two.ada, &visits));
    change!(ground, super::samples::PLATFORM_SCOPE, |unit| unit.views().delete(gone, 1));
    assert_eq!(recent(&ground, two.one, two.ada, 10).await, visits[..1]);
    let nowhere = [visit(&ground, two.one, two.ada, gone)];
    let error = refused!(ground, two.home(), |unit| unit.trail().record(two.one, two.ada, &nowhere));
    assert_eq!(error.kind, ErrorKind::NotFound);
    change!(ground, two.home(), |unit| unit.memberships().delete(two.one, two.ada));
    assert_eq!(recent(&ground, two.one, two.ada, 10).await, []);
}

pub async fn not_from_another_person(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let view = ground.view("view").await;
    let bob = ground.member(two.one, "bob").await;
    let visits = [visit(&ground, two.one, two.ada, view)];
    change!(ground, two.home(), |unit| unit.trail().record(two.one, two.ada, &visits));
    let mut scopes = two.strangers_and_platform();
    // Not even a colleague, nor the organization without the person.
    scopes.extend([(Scope::person(two.one, bob), two.one), (Scope::organization(two.one), two.one)]);
    for (scope, organization) in scopes {
        let found = ask!(ground, scope, |unit| unit.trail().find(organization, two.ada, visits[0].id));
        assert_eq!(found, None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.trail().recent(organization, two.ada, 10));
        assert_eq!(found, [], "{scope:?}");
        let gone = change!(ground, scope, |unit| unit.trail().delete(organization, two.ada, None));
        assert_eq!(gone, 0, "{scope:?}");
        let new = [visit(&ground, two.one, two.ada, view)];
        for (place, user) in [(two.one, two.ada), (two.one, bob), (two.other, two.ada)] {
            refused!(ground, scope, |unit| unit.trail().record(place, user, &new));
        }
    }
    assert_eq!(recent(&ground, two.one, two.ada, 10).await, visits);
}
