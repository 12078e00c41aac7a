//! Changes a thing of the catalogue.

use super::{
    Item,
    kept::Kept,
    permitted::{guard_found, platform},
};
use crate::{
    App,
    audit::{self, Event, changes},
};
use keystead_domain::{Caller, Error, PLATFORM, Result, access::Action};

/// What is to change about a thing of the catalogue.
#[derive(Clone, Debug)]
pub struct UpdateItem<T: Item> {
    /// Which.
    pub id: T::Id,
    /// The version that the change is made for.
    pub version: i64,
    /// What changes; what is absent stays.
    pub change: T::Change,
}

/// Changes a view, a module, a feature or an item of the menu.
///
/// # Errors
/// `Unauthenticated`; `Forbidden` for whoever does not work for the platform; `NotFound`; `Invalid` on a field; `Conflict`
/// with code `key_taken`; `PreconditionFailed`.
pub async fn update_item<T: Kept>(app: &App, caller: &Caller, input: UpdateItem<T>) -> Result<T> {
    let held = guard_found(caller, Action::Update)?;
    let unit = app.store.begin(platform(caller)).await?;
    let before = T::find(&*unit, input.id).await?.ok_or_else(|| Error::not_found(T::ONE))?;
    held.release()?;
    let fields = T::changed(before.fields(), input.change);
    let changed = before.with(fields, input.version, app.now())?;
    if let Some((_, error)) = T::broken(&*unit, std::slice::from_ref(&changed)).await? {
        return Err(error);
    }
    let after = T::update(&*unit, &changed).await?;
    let event = Event::new(caller, T::UPDATED, T::MANY).resource(input.id).changed(changes(&before, &after)?);
    audit::append(&*unit, app, PLATFORM, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::{Head, ModuleChange, ModuleFields},
        testing::{TestApp, Trail, administrator, member, now},
    };
    use keystead_domain::{ErrorKind, ModuleId, access::Module};
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    fn module() -> Module {
        let head = Head::new(ModuleId::from_uuid(Uuid::from_u128(5)), now());
        let (key, name) = ("sales".to_owned(), "Sales".to_owned());
        let (description, icon) = (Some("sells".to_owned()), None);
        Module::build(head, ModuleFields { key, name, description, icon, order_index: 1, is_active: true }).unwrap()
    }

    fn input() -> UpdateItem<Module> {
        let change = ModuleChange { description: Some(None), order_index: Some(-3), ..ModuleChange::default() };
        UpdateItem { id: module().id, version: 4, change }
    }

    #[tokio::test]
    async fn what_is_absent_stays_and_the_version_is_the_callers() {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        unit.access.modules.expect_find().returning(|_| Ok(Some(module())));
        unit.access.modules.expect_update().once().returning(|changed| {
            assert_eq!(changed.version, 4);
            Ok(Module { version: 5, ..changed.clone() })
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let after = update_item(&test.build(), &administrator(PLATFORM, 7), input()).await.unwrap();
        assert_eq!((after.key.as_str(), after.order_index, after.description), ("sales", -3, None));
        assert_eq!((trail.only().event_type.as_str(), journal.commits()), ("module.updated", 1));
    }

    #[tokio::test]
    async fn others_are_refused_only_for_what_there_is() {
        for (found, kind) in [(Some(module()), ErrorKind::Forbidden), (None, ErrorKind::NotFound)] {
            let (test, mut unit) = (TestApp::new(), MockUnitOfWork::new());
            unit.access.modules.expect_find().returning(move |_| Ok(found.clone()));
            test.unit(unit);
            let error = update_item(&test.build(), &member(1, 7), input()).await.unwrap_err();
            assert_eq!(error.kind, kind);
        }
    }
}
