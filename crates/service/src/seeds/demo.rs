//! The seed `demo`: an organization with people, teams and roles to try things with.

use super::apply::{Person, Place, Seeded, apply, guard_seed, is_new, permission, role, team};
use crate::{App, organizations::new_organization, passwords::generate_password};
use keystead_domain::{
    Caller, PLATFORM, Result,
    access::{ADMIN, MANAGER, USER},
    organizations::OrganizationKind,
};

/// The name under which it is noted.
const SEED: &str = "demo";

/// Makes the organization "Demo" with the people `demo-admin`, `demo-manager` and `demo-user`, two teams, a product's
/// permission and a role that has it. The passwords are random and shown once. Applied before, it does nothing.
///
/// # Errors
/// As [`guard`](crate::access::guard): only the operator may; `Forbidden` with code `not_in_production`; `Conflict` when
/// one of the names is taken.
pub async fn seed_demo(app: &App, caller: &Caller) -> Result<Seeded> {
    guard_seed(app, caller)?;
    if !is_new(app, SEED).await? {
        return Ok(Seeded::default());
    }
    let mut people = Vec::new();
    for name in ["demo-admin", "demo-manager", "demo-user"] {
        people.push(Person::prepare(app, name, generate_password(&*app.random)).await?);
    }
    let [admin, manager, user] = [0, 1, 2].map(|number: usize| people.get(number).map(Person::id));
    let organization = new_organization(app, "Demo".to_owned(), OrganizationKind::Shared);
    let id = organization.id;
    let reports = permission(app, id, "reports:read:organization", "See the reports of the product.")?;
    let analyst = role(app, id, "analyst", "Reads the product's reports.");
    let analysts = vec![(analyst.id, id)];
    let held = [
        (admin, vec![(ADMIN.id, PLATFORM)]),
        (manager, [vec![(MANAGER.id, PLATFORM)], analysts].concat()),
        (user, vec![(USER.id, PLATFORM)]),
    ];
    let place = Place {
        members: held.into_iter().filter_map(|(person, roles)| person.map(|person| (person, roles))).collect(),
        teams: vec![
            (team(app, id, "Support", "Answers questions."), [manager, user].into_iter().flatten().collect()),
            (team(app, id, "Research", "Asks questions."), admin.into_iter().collect()),
        ],
        roles: vec![(analyst, vec![reports.id])],
        permissions: vec![reports],
        organization,
    };
    apply(app, caller, SEED, people, vec![place]).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Environment,
        testing::{TestApp, Trail, caller, context, now},
    };
    use keystead_domain::{ErrorKind, access::MANAGER};
    use keystead_store::mocks::MockUnitOfWork;
    use secrecy::ExposeSecret;

    fn asked(applied: bool) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        let row = (SEED.to_owned(), "development".to_owned(), now());
        unit.seeds.expect_applied().returning(move || Ok(if applied { vec![row.clone()] } else { Vec::new() }));
        unit
    }

    fn writing(trail: &Trail) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.seeds.expect_lock().once().returning(|| Ok(()));
        unit.seeds.expect_note().returning(|_, _, _| Ok(true));
        unit.organizations.expect_insert().times(4).returning(|_| Ok(()));
        unit.users.expect_insert().times(3).returning(|_| Ok(()));
        unit.memberships.expect_insert().times(6).returning(|_| Ok(()));
        unit.roles.expect_replace_held().times(6).returning(|_, _, _| Ok(()));
        unit.permissions.expect_insert().once().returning(|_, _| Ok(1));
        unit.roles.expect_insert().once().returning(|_| Ok(()));
        unit.roles.expect_replace_permissions().once().returning(|_, _, _, _| Ok(()));
        unit.roles.expect_raise_version().once().returning(|_| Ok(1));
        unit.teams.expect_insert().times(2).returning(|_| Ok(()));
        unit.teams.expect_add_member().times(3).returning(|_, _| Ok(true));
        trail.record(&mut unit);
        unit
    }

    fn test(environment: Environment) -> TestApp {
        let mut test = TestApp::new();
        test.settings.environment = environment;
        test
    }

    #[tokio::test]
    async fn it_is_applied_once_and_shows_the_passwords() {
        let (test, trail, operator) = (test(Environment::Development), Trail::default(), Caller::operator(context()));
        let journal = test.unit(asked(false)).unit(writing(&trail)).unit(asked(true)).journal();
        let app = test.build();
        let people = seed_demo(&app, &operator).await.unwrap().people;
        let names: Vec<_> = people.iter().map(|person| person.username.as_str()).collect();
        assert_eq!(names, ["demo-admin", "demo-manager", "demo-user"]);
        assert_ne!(people[0].password.expose_secret(), people[1].password.expose_secret());
        assert_eq!(trail.only().event_type, "seed.applied");
        assert!(seed_demo(&app, &operator).await.unwrap().people.is_empty());
        assert_eq!(journal.commits(), 1);
    }

    #[tokio::test]
    async fn not_in_production_and_not_by_everybody() {
        let app = test(Environment::Production).build();
        let error = seed_demo(&app, &Caller::operator(context())).await.unwrap_err();
        assert_eq!(error.code, "not_in_production");
        let app = test(Environment::Development).build();
        let error = seed_demo(&app, &caller(PLATFORM, 7, &[MANAGER])).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
}
