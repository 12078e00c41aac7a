//! The seed `system`: what every installation needs before anyone can use it.

mod administrator;
mod roles;
mod schedules;

pub use administrator::FirstAdministrator;
pub use schedules::{DELETE_EXPIRED_ROWS, ENSURE_PARTITIONS, ROTATE_SIGNING_KEYS};

use crate::{
    App,
    audit::{self, Event},
};
use administrator::{Candidate, wanted};
use keystead_domain::{Caller, PLATFORM, RequestContext, Result, Scope, accounts::Password};
use serde_json::json;

/// What the operator gives to the first start.
#[derive(Clone, Debug, Default)]
pub struct Bootstrap {
    /// The first administrator's password; none lets the program make one. Either must be changed at the first sign-in.
    pub administrator_password: Option<Password>,
}

/// What the seed made.
#[derive(Clone, Debug, Default)]
pub struct Bootstrapped {
    /// The first administrator, when this call made it.
    pub administrator: Option<FirstAdministrator>,
    /// The built-in roles that were made or brought up to date.
    pub roles_changed: Vec<&'static str>,
}

/// Applies the seed `system`: built-in roles with their permissions, the first administrator, the schedules. What is
/// there already stays; what this version of the program defines otherwise is brought up to date. The server does so at
/// every start; several nodes may at once.
///
/// The platform organization and its keys are made by [`App::start`].
///
/// # Errors
/// When the store fails; `Conflict` when somebody else has the username `admin`, which cannot happen before the first
/// start.
pub async fn bootstrap(app: &App, input: Bootstrap) -> Result<Bootstrapped> {
    let context =
        RequestContext { correlation_id: "seed-system".to_owned(), source: "seed", ..RequestContext::default() };
    let caller = Caller::operator(context);
    let environment = app.settings.environment.as_str();
    // Hashing takes its time, so it is done before the lock is taken.
    let unit = app.store.read(Scope::organization(PLATFORM)).await?;
    let is_wanted = wanted(&*unit, environment).await?;
    // A store in memory has one connection: it must be back before the next transaction opens.
    drop(unit);
    let candidate = if is_wanted { Some(Candidate::prepare(app, input.administrator_password).await?) } else { None };

    let mut unit = app.store.begin(Scope::organization(PLATFORM)).await?;
    unit.seeds().lock().await?;
    let now = app.now();
    unit.seeds().note("system", environment, now).await?;
    let roles_changed = roles::ensure(app, &*unit).await?;
    schedules::ensure(app, &*unit).await?;
    let mut events = Vec::new();
    if !roles_changed.is_empty() {
        events.push(
            Event::new(&caller, "seed.applied", "roles").data(json!({ "seed": "system", "roles": roles_changed })),
        );
    }
    let administrator = match candidate {
        Some(candidate) => candidate.insert(app, &caller, &mut *unit, environment, &mut events).await?,
        None => None,
    };
    if !events.is_empty() {
        audit::append(&*unit, app, PLATFORM, events).await?;
    }
    unit.commit().await?;
    Ok(Bootstrapped { administrator, roles_changed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, grant, now};
    use keystead_domain::{
        Page, RoleId,
        access::{BUILT_IN_ROLES, Permission, Role},
    };
    use keystead_store::mocks::MockUnitOfWork;
    use secrecy::ExposeSecret;

    fn first_read(noted: bool) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.seeds.expect_applied().returning(move || {
            let row = ("first_administrator".to_owned(), "production".to_owned(), now());
            Ok(if noted { vec![row] } else { vec![] })
        });
        unit.memberships.expect_count_administrators().returning(|_| Ok(0));
        unit
    }

    fn permissions_of(role: RoleId) -> Vec<(RoleId, Permission)> {
        let role = BUILT_IN_ROLES.iter().find(|built_in| built_in.id == role).unwrap();
        grant(role).permissions.iter().map(|permission| (role.id, permission.clone())).collect()
    }

    fn role(id: RoleId) -> Role {
        let role = BUILT_IN_ROLES.iter().find(|built_in| built_in.id == id).unwrap();
        Role {
            id,
            organization_id: PLATFORM,
            name: role.name.to_owned(),
            description: Some(role.description.to_owned()),
            is_builtin: true,
            created_at: now(),
            updated_at: now(),
            version: 1,
        }
    }

    /// A unit of work over a store that is empty, or where everything is there already.
    fn seeding(is_empty: bool, is_first: bool) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.seeds.expect_lock().once().returning(|| Ok(()));
        unit.seeds.expect_note().returning(move |_, _, _| Ok(is_first));
        unit.memberships.expect_count_administrators().returning(|_| Ok(0));
        unit.permissions.expect_list().returning(move |_, _| {
            let all = BUILT_IN_ROLES.iter().flat_map(|role| permissions_of(role.id)).map(|(_, permission)| permission);
            Ok(Page { items: if is_empty { vec![] } else { all.collect() }, next: None })
        });
        unit.permissions.expect_insert().times(usize::from(is_empty)).returning(|_, rows| Ok(rows.len() as u64));
        unit.roles.expect_find().times(3).returning(move |_, id| Ok((!is_empty).then(|| role(id))));
        unit.roles.expect_insert().times(if is_empty { 3 } else { 0 }).returning(|_| Ok(()));
        unit.roles
            .expect_permissions()
            .times(3)
            .returning(move |_, roles| Ok(if is_empty { vec![] } else { permissions_of(roles[0]) }));
        let writes = if is_empty { 3 } else { 0 };
        unit.roles.expect_replace_permissions().times(writes).returning(|_, role, ids, _| {
            assert_eq!(ids.len(), permissions_of(role).len());
            Ok(())
        });
        unit.roles.expect_raise_version().times(usize::from(is_empty)).returning(|_| Ok(1));
        unit.jobs.expect_ensure_schedule().times(3).returning(|_| Ok(true));
        unit
    }

    #[tokio::test]
    async fn the_first_start_makes_everything_and_shows_the_password_once() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = seeding(true, true);
        unit.users.expect_insert().once().returning(|new| {
            assert!(new.user.must_change_password && new.user.username.as_str() == "admin");
            Ok(())
        });
        unit.memberships.expect_insert().once().returning(|_| Ok(()));
        unit.roles.expect_replace_held().once().returning(|organization, _, _| {
            assert_eq!(organization, PLATFORM);
            Ok(())
        });
        trail.record(&mut unit);
        test.unit(first_read(false)).unit(unit);
        let made = bootstrap(&test.build(), Bootstrap::default()).await.unwrap();
        assert_eq!(made.roles_changed, ["admin", "manager", "user"]);
        let password = made.administrator.unwrap().password.unwrap();
        assert!(password.expose_secret().len() >= 20);
        let types: Vec<_> = trail.events().into_iter().map(|event| event.event_type).collect();
        assert_eq!(types, ["seed.applied", "user.created"]);
    }

    #[tokio::test]
    async fn another_start_changes_nothing() {
        let test = TestApp::new();
        let journal = test.unit(first_read(true)).unit(seeding(false, false)).journal();
        let made = bootstrap(&test.build(), Bootstrap::default()).await.unwrap();
        assert!(made.administrator.is_none() && made.roles_changed.is_empty());
        assert_eq!(journal.commits(), 1);
    }

    #[tokio::test]
    async fn of_two_nodes_only_one_makes_the_administrator() {
        let test = TestApp::new();
        // The other node was faster: its rows are there when this one gets the lock.
        test.unit(first_read(false)).unit(seeding(false, false));
        let password = Password::chosen("given by the operator".to_owned()).unwrap();
        let input = Bootstrap { administrator_password: Some(password) };
        assert!(bootstrap(&test.build(), input).await.unwrap().administrator.is_none());
    }
}
