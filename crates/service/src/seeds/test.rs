//! The seed `test`: fixed rows for the tests of products.

use super::apply::{Person, Place, Seeded, apply, guard_seed, is_new, team};
use crate::{App, organizations::new_organization};
use keystead_domain::{
    Caller, OrganizationId, PLATFORM, Result, RoleId, TeamId, UserId,
    access::{ADMIN, MANAGER, USER},
    organizations::OrganizationKind,
};
use secrecy::SecretString;
use uuid::Uuid;

/// The name under which it is noted.
const SEED: &str = "test";

/// The password of every person of the seed `test`. It is public.
pub const TEST_PASSWORD: &str = "keystead-test-password";

/// The organization "Test" of the seed `test`.
pub const TEST_ORGANIZATION: OrganizationId = OrganizationId::from_uuid(fixed(1));
/// The organization "Other" of the seed `test`: nobody of "Test" belongs to it.
pub const OTHER_ORGANIZATION: OrganizationId = OrganizationId::from_uuid(fixed(2));

/// Username, number of the account's identifier, number of the personal organization's, where, and as what.
const PEOPLE: [(&str, u128, u128, OrganizationId, RoleId); 4] = [
    ("test-admin", 0x11, 0x21, TEST_ORGANIZATION, ADMIN.id),
    ("test-manager", 0x12, 0x22, TEST_ORGANIZATION, MANAGER.id),
    ("test-user", 0x13, 0x23, TEST_ORGANIZATION, USER.id),
    ("test-other", 0x14, 0x24, OTHER_ORGANIZATION, ADMIN.id),
];

/// A UUIDv7 of the epoch that no clock makes.
const fn fixed(number: u128) -> Uuid {
    Uuid::from_u128(0x0000_0000_0000_7002_8000_0000_0000_0000 + number)
}

/// Makes the organizations "Test" and "Other" with the people `test-admin`, `test-manager`, `test-user` and `test-other`,
/// and the team "Team", all with fixed identifiers and one public password. Applied before, it does nothing.
///
/// # Errors
/// As [`guard`](crate::access::guard): only the operator may; `Forbidden` with code `not_in_production`; `Conflict` when
/// one of the names is taken.
pub async fn seed_test(app: &App, caller: &Caller) -> Result<Seeded> {
    guard_seed(app, caller)?;
    if !is_new(app, SEED).await? {
        return Ok(Seeded::default());
    }
    let mut people = Vec::new();
    let mut places = vec![place(app, TEST_ORGANIZATION, "Test"), place(app, OTHER_ORGANIZATION, "Other")];
    for (name, id, personal, organization, role) in PEOPLE {
        let mut person = Person::prepare(app, name, SecretString::from(TEST_PASSWORD)).await?;
        person.new.user.id = UserId::from_uuid(fixed(id));
        person.new.organization.id = OrganizationId::from_uuid(fixed(personal));
        for place in places.iter_mut().filter(|place| place.organization.id == organization) {
            place.members.push((person.id(), vec![(role, PLATFORM)]));
        }
        people.push(person);
    }
    for place in places.iter_mut().filter(|place| place.organization.id == TEST_ORGANIZATION) {
        let mut team = team(app, TEST_ORGANIZATION, "Team", "Everybody.");
        team.id = TeamId::from_uuid(fixed(0x31));
        place.teams.push((team, place.members.iter().map(|(user, _)| *user).collect()));
    }
    apply(app, caller, SEED, people, places).await
}

fn place(app: &App, id: OrganizationId, name: &str) -> Place {
    let mut organization = new_organization(app, name.to_owned(), OrganizationKind::Shared);
    organization.id = id;
    Place { organization, members: Vec::new(), permissions: Vec::new(), roles: Vec::new(), teams: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Environment,
        testing::{TestApp, Trail, context},
    };
    use keystead_store::mocks::MockUnitOfWork;
    use std::sync::{Arc, Mutex};

    #[tokio::test]
    async fn every_identifier_is_fixed() {
        let (mut test, trail) = (TestApp::new(), Trail::default());
        test.settings.environment = Environment::Test;
        let (mut asked, mut unit) = (MockUnitOfWork::new(), MockUnitOfWork::new());
        asked.seeds.expect_applied().returning(|| Ok(Vec::new()));
        let ids = Arc::new(Mutex::new(Vec::<Uuid>::new()));
        let note = |ids: &Arc<Mutex<Vec<Uuid>>>| {
            let ids = Arc::clone(ids);
            move |id: Uuid| -> Result<()> {
                ids.lock().unwrap().push(id);
                Ok(())
            }
        };
        let (users, organizations, teams) = (note(&ids), note(&ids), note(&ids));
        unit.seeds.expect_lock().returning(|| Ok(()));
        unit.seeds.expect_note().returning(|_, _, _| Ok(true));
        unit.users.expect_insert().returning(move |new| users(new.user.id.as_uuid()));
        unit.organizations.expect_insert().returning(move |new| organizations(new.id.as_uuid()));
        unit.teams.expect_insert().returning(move |new| teams(new.id.as_uuid()));
        unit.teams.expect_add_member().times(3).returning(|_, _| Ok(true));
        unit.memberships.expect_insert().times(8).returning(|_| Ok(()));
        unit.roles.expect_replace_held().times(8).returning(|_, _, _| Ok(()));
        trail.record(&mut unit);
        test.unit(asked).unit(unit);
        let seeded = seed_test(&test.build(), &Caller::operator(context())).await.unwrap();
        assert_eq!(seeded.people.len(), 4);
        let ids = ids.lock().unwrap();
        assert_eq!(ids.len(), 11);
        for id in ids.iter() {
            assert!((0x01..0x40).any(|number| fixed(number) == *id), "{id}");
            assert_eq!((id.get_version_num(), ids.iter().filter(|other| *other == id).count()), (7, 1));
        }
    }
}
