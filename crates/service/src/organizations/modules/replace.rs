//! Replaces the modules that an organization has.

use super::{all, ensure_there, guard_modules};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event, changes},
};
use keystead_domain::{
    Caller, Error, ModuleId, OrganizationId, Result,
    access::{Action, OrganizationModule},
};
use keystead_store::UnitOfWork;
use std::collections::{HashMap, HashSet};

/// At most so many modules has an organization.
const MOST: usize = 1_000;

/// A module that an organization is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedModule {
    /// Which.
    pub module: ModuleId,
    /// Whether it counts now.
    pub is_active: bool,
}

/// Makes `wanted` all the modules that an organization has, all or none. Those that it has and keeps stay the same rows.
///
/// # Errors
/// `Unauthenticated`; `Forbidden` for the organization's own people; `NotFound` when there is no such organization for the
/// caller; `Invalid` on `modules`, naming those that are not there; `Conflict` with code `organization_archived`, or when
/// somebody else changes them meanwhile.
pub async fn replace_organization_modules(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    wanted: Vec<WantedModule>,
) -> Result<Vec<OrganizationModule>> {
    guard_modules(caller, Action::Update, organization)?;
    guard_modules(caller, Action::Delete, organization)?;
    let wanted = checked(wanted)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    ensure_there(&*unit, organization).await?;
    refuse_unknown(&*unit, &wanted).await?;
    let has = all(&*unit, organization).await?;
    let events = write(&*unit, app, caller, organization, wanted, has).await?;
    let after = all(&*unit, organization).await?;
    if !events.is_empty() {
        audit::append(&*unit, app, organization, events).await?;
        unit.commit().await?;
    }
    Ok(after)
}

/// Few enough, each once.
fn checked(wanted: Vec<WantedModule>) -> Result<HashMap<ModuleId, bool>> {
    if wanted.len() > MOST {
        return Err(Error::invalid("modules", format!("must be at most {MOST}")));
    }
    let mut each = HashMap::with_capacity(wanted.len());
    for (place, WantedModule { module, is_active }) in wanted.into_iter().enumerate() {
        if each.insert(module, is_active).is_some() {
            return Err(Error::invalid(format!("modules[{place}].module_id"), format!("{module} stands there twice")));
        }
    }
    Ok(each)
}

async fn refuse_unknown(unit: &dyn UnitOfWork, wanted: &HashMap<ModuleId, bool>) -> Result<()> {
    let ids: Vec<ModuleId> = wanted.keys().copied().collect();
    let known = if ids.is_empty() { Vec::new() } else { unit.modules().find_many(&ids).await? };
    let known: HashSet<ModuleId> = known.into_iter().map(|module| module.id).collect();
    let mut missing: Vec<String> = ids.iter().filter(|id| !known.contains(id)).map(ToString::to_string).collect();
    if missing.is_empty() {
        return Ok(());
    }
    missing.sort_unstable();
    Err(Error::invalid("modules", format!("there is no module {}", crate::catalogue::some_of(&missing))))
}

/// Adds, changes and removes what differs, and tells of each.
async fn write(
    unit: &dyn UnitOfWork,
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    mut wanted: HashMap<ModuleId, bool>,
    has: Vec<OrganizationModule>,
) -> Result<Vec<Event>> {
    let (now, mut events) = (app.now(), Vec::new());
    let event = |what, row: &OrganizationModule| Event::new(caller, what, "organization_modules").resource(row.id);
    for before in has {
        match wanted.remove(&before.module_id) {
            Some(is_active) if is_active == before.is_active => {}
            Some(is_active) => {
                let changed = OrganizationModule { is_active, updated_at: now, ..before.clone() };
                let after = unit.organization_modules().update(organization, &changed).await?;
                events.push(event("organization.module_changed", &after).changed(changes(&before, &after)?));
            }
            None => {
                unit.organization_modules().delete(organization, before.id, before.version).await?;
                events.push(event("organization.module_removed", &before).changed(changes(&before, &())?));
            }
        }
    }
    let mut new: Vec<(ModuleId, bool)> = wanted.into_iter().collect();
    new.sort_unstable();
    let new: Vec<OrganizationModule> = new
        .into_iter()
        .map(|(module_id, is_active)| OrganizationModule {
            id: app.ids.next(),
            organization_id: organization,
            module_id,
            is_active,
            created_at: now,
            updated_at: now,
            version: 1,
        })
        .collect();
    if !new.is_empty() {
        unit.organization_modules().insert(organization, &new).await?;
    }
    for row in &new {
        events.push(event("organization.module_added", row).changed(changes(&(), row)?));
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        organizations::new_organization,
        testing::{TestApp, Trail, administrator, now, organization},
    };
    use keystead_domain::{ErrorKind, PLATFORM, Page, access::Module, organizations::OrganizationKind};
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    fn id(number: u128) -> ModuleId {
        ModuleId::from_uuid(Uuid::from_u128(number))
    }

    fn wanted(modules: &[(u128, bool)]) -> Vec<WantedModule> {
        modules.iter().map(|(number, is_active)| WantedModule { module: id(*number), is_active: *is_active }).collect()
    }

    fn module(id: ModuleId) -> Module {
        let (key, name, description, icon) = (id.to_string(), "Module".to_owned(), None, None);
        let (created_at, updated_at) = (now(), now());
        Module { id, key, name, description, icon, order_index: 0, is_active: true, created_at, updated_at, version: 1 }
    }

    /// A unit of work where there are the modules 1 to 5, and the organization has 1, 2 and 3.
    fn unit(trail: &Trail) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        let of = new_organization(&TestApp::new().build(), "Engines".to_owned(), OrganizationKind::Shared);
        unit.organizations.expect_find().returning(move |_, _| Ok(Some(of.clone())));
        unit.access
            .modules
            .expect_find_many()
            .returning(|ids| Ok((1..=5).map(id).filter(|known| ids.contains(known)).map(module).collect()));
        unit.access.organization_modules.expect_list().returning(|organization_id, _| {
            let (is_active, created_at, updated_at, version) = (true, now(), now(), 1);
            let row = |number| OrganizationModule {
                id: Uuid::from_u128(100 + number).into(),
                organization_id,
                module_id: id(number),
                is_active,
                created_at,
                updated_at,
                version,
            };
            Ok(Page { items: (1..=3).map(row).collect(), next: None })
        });
        trail.record(&mut unit);
        unit
    }

    #[tokio::test]
    async fn only_what_differs_is_written() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = unit(&trail);
        unit.access.organization_modules.expect_update().once().returning(|_, changed| {
            assert_eq!((changed.module_id, changed.is_active), (id(2), false));
            Ok(changed.clone())
        });
        unit.access.organization_modules.expect_delete().once().returning(|_, row, version| {
            assert_eq!((row.as_uuid(), version), (Uuid::from_u128(103), 1));
            Ok(())
        });
        unit.access.organization_modules.expect_insert().once().returning(|_, new| {
            assert_eq!(new.iter().map(|row| row.module_id).collect::<Vec<_>>(), [id(4), id(5)]);
            Ok(())
        });
        let (journal, caller) = (test.unit(unit).journal(), administrator(PLATFORM, 7));
        let modules = wanted(&[(5, true), (1, true), (2, false), (4, true)]);
        replace_organization_modules(&test.build(), &caller, organization(1), modules).await.unwrap();
        let types: Vec<_> = trail.events().into_iter().map(|event| event.event_type).collect();
        let kinds = ["changed", "removed", "added", "added"].map(|kind| format!("organization.module_{kind}"));
        assert_eq!((types, journal.commits()), (kinds.to_vec(), 1));
    }

    #[tokio::test]
    async fn what_is_not_there_is_named_and_nothing_changes() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let (journal, caller) = (test.unit(unit(&trail)).journal(), administrator(PLATFORM, 7));
        let modules = wanted(&[(1, true), (9, true)]);
        let done = replace_organization_modules(&test.build(), &caller, organization(1), modules).await;
        let error = done.unwrap_err();
        assert_eq!((error.kind, error.fields[0].field.as_str()), (ErrorKind::Invalid, "modules"));
        assert!(error.message.contains(&id(9).to_string()) && !error.message.contains(&id(1).to_string()), "{error}");
        assert_eq!(journal.commits(), 0);
    }

    #[tokio::test]
    async fn each_once_and_not_too_many() {
        let app = TestApp::new().build();
        let many: Vec<_> = (0..=MOST as u128).map(|number| (number, true)).collect();
        for (modules, field) in [(wanted(&[(1, true), (1, false)]), "modules[1].module_id"), (wanted(&many), "modules")]
        {
            let caller = administrator(PLATFORM, 7);
            let error = replace_organization_modules(&app, &caller, organization(1), modules).await.unwrap_err();
            assert_eq!(error.fields[0].field, field);
        }
    }
}
