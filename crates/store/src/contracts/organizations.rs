//! Organizations.

use super::{
    Harness,
    ground::{Ground, intricate_json, own},
};
use keystead_domain::{
    ErrorKind, OrganizationId, PLATFORM, PageRequest, Scope,
    organizations::{Isolation, Organization, OrganizationKind, OrganizationStatus},
};

const PLATFORM_SCOPE: Scope = Scope::organization(PLATFORM);

async fn find(ground: &Ground, id: OrganizationId) -> Option<Organization> {
    ask!(ground, Scope::organization(id), |unit| unit.organizations().find(id, id))
}

pub async fn an_organization_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let full = Organization {
        name: "Čeština & Söhne 😀 '\"%_".to_owned(),
        kind: OrganizationKind::Personal,
        isolation: Isolation::Schema,
        status: OrganizationStatus::Archived,
        metadata: intricate_json(),
        version: 9,
        ..ground.sample_organization("")
    };
    for organization in [full, ground.sample_organization("plain")] {
        ground.add_organization(&organization).await;
        assert_eq!(find(&ground, organization.id).await.as_ref(), Some(&organization));
        let id = organization.id;
        let found = ask!(ground, PLATFORM_SCOPE, |unit| unit.organizations().find(PLATFORM, id));
        assert_eq!(found, Some(organization));
    }
    assert_eq!(find(&ground, ground.id()).await, None);
    // Two may have one name.
    ground.organization("plain").await;
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let before = ground.sample_organization("Before");
    ground.add_organization(&before).await;
    let home = Scope::organization(before.id);
    let changed = Organization {
        name: "After".to_owned(),
        status: OrganizationStatus::Archived,
        metadata: intricate_json(),
        updated_at: ground.now(),
        ..before.clone()
    };
    let after = change!(ground, home, |unit| unit.organizations().update(before.id, &changed));
    assert_eq!(after, Organization { version: 2, ..changed.clone() });
    assert_eq!(find(&ground, before.id).await, Some(after));
    let error = refused!(ground, home, |unit| unit.organizations().update(before.id, &changed));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
}

pub async fn a_person_sees_the_organizations_of_their_memberships(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let ada = ground.user("ada").await;
    let mut places = Vec::new();
    for number in 0..5 {
        places.push(ground.organization(&format!("Place {number}")).await);
    }
    ground.organization("Not hers").await;
    // Joined in another order than made.
    let mut memberships = Vec::new();
    for place in places.iter().rev() {
        memberships.push(ground.join(*place, ada).await);
    }
    memberships.reverse();
    for (limit, scope) in [(2, own(ada)), (5, Scope::person(places[0], ada)), (1, own(ada))] {
        let found = pages!(ground, scope, limit, |unit, page| unit.organizations().list_of_user(ada, page));
        assert_eq!(found.iter().map(|(organization, _)| organization.id).collect::<Vec<_>>(), places);
        assert_eq!(found.into_iter().map(|(_, membership)| membership).collect::<Vec<_>>(), memberships);
    }
    bad_cursors!(ground, own(ada), |unit, page| unit.organizations().list_of_user(ada, page));
}

pub async fn the_platform_sees_every_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let mut open = vec![PLATFORM];
    let mut archived = Vec::new();
    for number in 0..6 {
        let status = if number % 3 == 2 { OrganizationStatus::Archived } else { OrganizationStatus::Active };
        let organization = Organization { status, ..ground.sample_organization(&format!("Place {number}")) };
        ground.add_organization(&organization).await;
        if status == OrganizationStatus::Active { open.push(organization.id) } else { archived.push(organization.id) }
    }
    let mut all: Vec<_> = open.iter().chain(&archived).copied().collect();
    all.sort_unstable();
    let cases = [(None, all), (Some(OrganizationStatus::Active), open), (Some(OrganizationStatus::Archived), archived)];
    for (status, expected) in cases {
        let found =
            pages!(ground, PLATFORM_SCOPE, 2, |unit, page| unit.organizations().list_all(PLATFORM, status, page));
        assert_eq!(found.into_iter().map(|one| one.id).collect::<Vec<_>>(), expected);
    }
    bad_cursors!(ground, PLATFORM_SCOPE, |unit, page| unit.organizations().list_all(PLATFORM, None, page));
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = find(&ground, two.one).await.unwrap();
    let changed = Organization { name: "Taken over".to_owned(), ..before.clone() };
    let page = PageRequest::first(200);
    for (scope, organization) in two.strangers() {
        let found = ask!(ground, scope, |unit| unit.organizations().find(organization, two.one));
        assert_eq!(found, None, "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.organizations().list_of_user(two.ada, &page));
        assert_eq!(list.items, [], "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.organizations().list_all(organization, None, &page));
        assert!(!list.items.iter().any(|one| one.id == two.one), "{scope:?}");
        let error = refused!(ground, scope, |unit| unit.organizations().update(organization, &changed));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        let new = ground.sample_organization("New");
        let error = refused!(ground, scope, |unit| unit.organizations().insert(&new));
        assert_eq!(error.kind, ErrorKind::Internal, "{scope:?}");
    }
    // The platform sees it, but writes it only in its own name.
    let error = refused!(ground, PLATFORM_SCOPE, |unit| unit.organizations().update(PLATFORM, &changed));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    // A member sees itself in the list of all, and nobody else.
    let list = ask!(ground, two.home(), |unit| unit.organizations().list_all(two.one, None, &page));
    assert_eq!(list.items, []);
    assert_eq!(find(&ground, two.one).await, Some(before));
}
