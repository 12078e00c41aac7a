//! Invitations.

use super::{
    Harness,
    ground::{DAY, Ground, Two},
};
use keystead_domain::{
    ErrorKind, InvitationId, PLATFORM, PageRequest, Scope,
    access::USER,
    accounts::Email,
    organizations::{Invitation, InvitationStatus},
};

fn sample(ground: &Ground, two: &Two, email: &str) -> Invitation {
    let now = ground.now();
    Invitation {
        id: ground.id(),
        organization_id: two.one,
        email: Email::new(email).unwrap(),
        role_id: USER.id,
        role_organization_id: PLATFORM,
        status: InvitationStatus::Pending,
        invited_by: two.ada,
        expires_at: now.plus_seconds(7 * DAY),
        answered_at: None,
        accepted_by: None,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

async fn add(ground: &Ground, invitation: &Invitation, token: &[u8]) {
    let home = Scope::organization(invitation.organization_id);
    change!(ground, home, |unit| unit.invitations().insert(invitation, token));
}

async fn find(ground: &Ground, two: &Two, id: InvitationId) -> Option<Invitation> {
    ask!(ground, two.home(), |unit| unit.invitations().find(two.one, id))
}

pub async fn an_invitation_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let own_role = ground.role(two.one, "writer").await;
    let answered = Invitation {
        role_id: own_role,
        role_organization_id: two.one,
        status: InvitationStatus::Accepted,
        answered_at: Some(ground.now()),
        accepted_by: Some(two.eve),
        version: 3,
        ..sample(&ground, &two, "Zoë@beispiel.example")
    };
    for (number, invitation) in [answered, sample(&ground, &two, "New@example.org")].into_iter().enumerate() {
        let token = [u8::try_from(number).unwrap(); 32];
        add(&ground, &invitation, &token).await;
        assert_eq!(find(&ground, &two, invitation.id).await.as_ref(), Some(&invitation));
        // Whoever holds the token sees it, from wherever.
        for scope in [two.home(), Scope::person(two.other, two.eve), Scope::NONE] {
            let found = ask!(ground, scope, |unit| unit.invitations().find_by_token(&token));
            assert_eq!(found.as_ref(), Some(&invitation));
        }
    }
    assert_eq!(ask!(ground, two.home(), |unit| unit.invitations().find_by_token(&[9; 32])), None);
    assert_eq!(find(&ground, &two, ground.id()).await, None);
    // One person can be invited twice, but no token stands for two.
    add(&ground, &sample(&ground, &two, "new@example.org"), &[3; 32]).await;
    let again = sample(&ground, &two, "third@example.org");
    refused!(ground, two.home(), |unit| unit.invitations().insert(&again, &[3; 32]));
}

pub async fn invitations_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let mut all = Vec::new();
    for number in 0..8_u8 {
        let status = if number % 4 == 3 { InvitationStatus::Revoked } else { InvitationStatus::Pending };
        let invitation = Invitation { status, ..sample(&ground, &two, &format!("person{number}@example.org")) };
        add(&ground, &invitation, &[number; 32]).await;
        all.push(invitation);
    }
    let pending: Vec<_> = all.iter().filter(|one| one.status == InvitationStatus::Pending).cloned().collect();
    let cases = [(None, all), (Some(InvitationStatus::Pending), pending), (Some(InvitationStatus::Declined), vec![])];
    for (status, expected) in cases {
        let found = pages!(ground, two.home(), 3, |unit, page| unit.invitations().list(two.one, status, page));
        assert_eq!(found, expected);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.invitations().list(two.one, None, page));
}

pub async fn an_answer_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = sample(&ground, &two, "eve@example.org");
    add(&ground, &before, &[1; 32]).await;
    let now = ground.now();
    let answer = Invitation {
        status: InvitationStatus::Accepted,
        answered_at: Some(now),
        accepted_by: Some(two.eve),
        updated_at: now,
        ..before.clone()
    };
    let after = change!(ground, two.home(), |unit| unit.invitations().update(two.one, &answer));
    assert_eq!(after, Invitation { version: 2, ..answer.clone() });
    assert_eq!(find(&ground, &two, before.id).await, Some(after));
    let error = refused!(ground, two.home(), |unit| unit.invitations().update(two.one, &answer));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
}

pub async fn what_a_person_made_or_was_sent_is_withdrawn(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let by_eve = |email: &str| Invitation { invited_by: two.eve, ..sample(&ground, &two, email) };
    let (made, sent) = (sample(&ground, &two, "new@example.org"), by_eve("Ada@Example.org"));
    let answered = Invitation { status: InvitationStatus::Accepted, ..sample(&ground, &two, "old@example.org") };
    let others = by_eve("other@example.org");
    for (number, invitation) in [&made, &sent, &answered, &others].into_iter().enumerate() {
        add(&ground, invitation, &[u8::try_from(number).unwrap(); 32]).await;
    }
    let (address, now) = (Email::new("ada@example.org").unwrap(), ground.now());
    let mut withdrawn =
        change!(ground, two.home(), |unit| unit.invitations().revoke_of(two.one, two.ada, &address, now));
    withdrawn.sort_unstable();
    assert_eq!(withdrawn, [made.id, sent.id]);
    let revoked = Invitation { status: InvitationStatus::Revoked, updated_at: now, version: 2, ..made };
    assert_eq!(find(&ground, &two, revoked.id).await, Some(revoked));
    for untouched in [answered, others] {
        assert_eq!(find(&ground, &two, untouched.id).await, Some(untouched));
    }
    let again = change!(ground, two.home(), |unit| unit.invitations().revoke_of(two.one, two.ada, &address, now));
    assert_eq!(again, []);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = sample(&ground, &two, "new@example.org");
    add(&ground, &before, &[1; 32]).await;
    let changed = Invitation { status: InvitationStatus::Revoked, ..before.clone() };
    let page = PageRequest::first(200);
    for (scope, organization) in two.strangers_and_platform() {
        let found = ask!(ground, scope, |unit| unit.invitations().find(organization, before.id));
        assert_eq!(found, None, "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.invitations().list(organization, None, &page));
        assert_eq!(list.items, [], "{scope:?}");
        let error = refused!(ground, scope, |unit| unit.invitations().update(organization, &changed));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        let new = sample(&ground, &two, "mallory@example.org");
        let error = refused!(ground, scope, |unit| unit.invitations().insert(&new, &[2; 32]));
        assert_eq!(error.kind, ErrorKind::Internal, "{scope:?}");
        let now = ground.now();
        let revoked =
            change!(ground, scope, |unit| unit.invitations().revoke_of(organization, two.ada, &before.email, now));
        assert_eq!(revoked, [], "{scope:?}");
    }
    assert_eq!(find(&ground, &two, before.id).await, Some(before));
}
