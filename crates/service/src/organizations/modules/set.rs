//! Gives an organization a module.

use super::{ensure_there, guard_modules};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event, changes},
};
use keystead_domain::{
    Caller, Error, ModuleId, OrganizationId, Result,
    access::{Action, OrganizationModule},
};

/// Which module an organization is to have.
#[derive(Clone, Debug)]
pub struct SetOrganizationModule {
    /// Which organization.
    pub organization: OrganizationId,
    /// Which module.
    pub module: ModuleId,
    /// Whether it counts now.
    pub is_active: bool,
}

/// Gives an organization a module, or says whether one that it has counts. To say it again changes nothing.
///
/// # Errors
/// `Unauthenticated`; `Forbidden` for the organization's own people; `NotFound` when there is no such organization for the
/// caller, or no such module; `Conflict` with code `organization_archived`, or when somebody else gives it meanwhile.
pub async fn set_organization_module(
    app: &App,
    caller: &Caller,
    input: SetOrganizationModule,
) -> Result<OrganizationModule> {
    let SetOrganizationModule { organization, module, is_active } = input;
    guard_modules(caller, Action::Update, organization)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    ensure_there(&*unit, organization).await?;
    let key = unit.modules().find(module).await?.ok_or_else(|| Error::not_found("module"))?.key;
    let now = app.now();
    let (event, after) = match unit.organization_modules().find_by_module(organization, module).await? {
        Some(before) if before.is_active == is_active => return Ok(before),
        Some(before) => {
            let changed = OrganizationModule { is_active, updated_at: now, ..before.clone() };
            let after = unit.organization_modules().update(organization, &changed).await?;
            let event = Event::new(caller, "organization.module_changed", "organization_modules");
            (event.changed(changes(&before, &after)?), after)
        }
        None => {
            let (id, version) = (app.ids.next(), 1);
            let new = OrganizationModule {
                id,
                organization_id: organization,
                module_id: module,
                is_active,
                created_at: now,
                updated_at: now,
                version,
            };
            unit.organization_modules().insert(organization, std::slice::from_ref(&new)).await?;
            let event = Event::new(caller, "organization.module_added", "organization_modules");
            (event.changed(changes(&(), &new)?), new)
        }
    };
    let event = event.resource(after.id).data(serde_json::json!({ "module": key }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        organizations::new_organization,
        testing::{TestApp, Trail, administrator, member, now, organization},
    };
    use keystead_domain::{
        ErrorKind, PLATFORM, Scope,
        access::Module,
        organizations::{Organization, OrganizationKind, OrganizationStatus},
    };
    use keystead_store::mocks::{MockUnitOfWork, Step};
    use uuid::Uuid;

    fn input(is_active: bool) -> SetOrganizationModule {
        SetOrganizationModule { organization: organization(1), module: module().id, is_active }
    }

    fn module() -> Module {
        let (id, key, name) = (ModuleId::from_uuid(Uuid::from_u128(5)), "sales".to_owned(), "Sales".to_owned());
        let (created_at, updated_at, description, icon) = (now(), now(), None, None);
        Module { id, key, name, description, icon, order_index: 0, is_active: true, created_at, updated_at, version: 1 }
    }

    /// A unit of work where organization 1 is in `status` and has the module when `has` says whether it counts.
    fn unit(status: OrganizationStatus, has: Option<bool>, trail: &Trail) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        let of = new_organization(&TestApp::new().build(), "Engines".to_owned(), OrganizationKind::Shared);
        unit.organizations.expect_find().returning(move |_, id| Ok(Some(Organization { id, status, ..of.clone() })));
        unit.access.modules.expect_find().returning(|id| Ok((id == module().id).then(module)));
        unit.access.organization_modules.expect_find_by_module().returning(move |organization_id, module_id| {
            let id = Uuid::from_u128(6).into();
            let (created_at, updated_at) = (now(), now());
            let row = |is_active| OrganizationModule {
                id,
                organization_id,
                module_id,
                is_active,
                created_at,
                updated_at,
                version: 1,
            };
            Ok(has.map(row))
        });
        trail.record(&mut unit);
        unit
    }

    async fn set(has: Option<bool>, is_active: bool) -> (OrganizationModule, Vec<String>, Vec<Step>) {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = unit(OrganizationStatus::Active, has, &trail);
        unit.access.organization_modules.expect_insert().returning(|of, new| {
            assert_eq!((of, new.len()), (organization(1), 1));
            Ok(())
        });
        unit.access
            .organization_modules
            .expect_update()
            .returning(|_, changed| Ok(OrganizationModule { version: 2, ..changed.clone() }));
        let journal = test.unit(unit).journal();
        let done = set_organization_module(&test.build(), &administrator(PLATFORM, 7), input(is_active)).await.unwrap();
        let events = trail.events().into_iter().map(|event| {
            assert_eq!((event.organization_id, &event.event_data["module"]), (organization(1), &"sales".into()));
            event.event_type
        });
        (done, events.collect(), journal.steps())
    }

    #[tokio::test]
    async fn the_platform_gives_an_organization_a_module_once() {
        let (made, events, steps) = set(None, true).await;
        assert_eq!((made.version, made.organization_id), (1, organization(1)));
        assert_eq!(events, ["organization.module_added"]);
        let scope = Scope::person(organization(1), crate::testing::user(7));
        assert_eq!(steps, [Step::Begin(scope), Step::Commit]);
        let (changed, events, _) = set(Some(true), false).await;
        assert_eq!((changed.version, changed.is_active), (2, false));
        assert_eq!(events, ["organization.module_changed"]);
        let (_, events, steps) = set(Some(true), true).await;
        assert!(events.is_empty() && !steps.contains(&Step::Commit));
    }

    #[tokio::test]
    async fn what_is_not_there_or_archived_is_refused() {
        let platform = administrator(PLATFORM, 7);
        let (test, trail) = (TestApp::new(), Trail::default());
        test.unit(unit(OrganizationStatus::Archived, None, &trail));
        let error = set_organization_module(&test.build(), &platform, input(true)).await.unwrap_err();
        assert_eq!(error.code, "organization_archived");
        let test = TestApp::new();
        test.unit(unit(OrganizationStatus::Active, None, &trail));
        let other = SetOrganizationModule { module: ModuleId::from_uuid(Uuid::from_u128(9)), ..input(true) };
        let error = set_organization_module(&test.build(), &platform, other).await.unwrap_err();
        assert_eq!((error.kind, trail.events().len()), (ErrorKind::NotFound, 0));
    }

    #[tokio::test]
    async fn its_own_people_and_strangers_do_not() {
        let app = TestApp::new().build();
        for (caller, kind) in [
            (administrator(organization(1), 7), ErrorKind::Forbidden),
            (member(1, 7), ErrorKind::Forbidden),
            (administrator(organization(2), 7), ErrorKind::NotFound),
        ] {
            let error = set_organization_module(&app, &caller, input(true)).await.unwrap_err();
            assert_eq!(error.kind, kind);
        }
    }
}
