//! Makes a thing of the catalogue.

use super::{
    Head,
    kept::Kept,
    permitted::{guard_change, platform},
};
use crate::{
    App,
    audit::{self, Event, changes},
    idempotency::{OnceKey, Start, once},
};
use keystead_domain::{Caller, PLATFORM, Result, access::Action};

/// Makes a view, a module, a feature or an item of the menu.
///
/// # Errors
/// `Unauthenticated`; `Forbidden` for whoever does not work for the platform; `Invalid` on a field; `Conflict` with code
/// `key_taken`; as [`once`].
pub async fn create_item<T: Kept>(app: &App, caller: &Caller, fields: T::Fields, key: Option<OnceKey>) -> Result<T> {
    guard_change(caller, Action::Create)?;
    let item = T::build(Head::new(app.ids.next(), app.now()), fields)?;
    let work = match once(app, caller, platform(caller), key).await? {
        Start::First(work) => work,
        Start::Repeated(item) => return Ok(item),
    };
    if let Some((_, error)) = T::broken(&*work, std::slice::from_ref(&item)).await? {
        return Err(error);
    }
    T::insert(&*work, std::slice::from_ref(&item)).await?;
    let event = Event::new(caller, T::CREATED, T::MANY).resource(item.head().id).changed(changes(&(), &item)?);
    audit::append(&*work, app, PLATFORM, vec![event]).await?;
    work.finish(item).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::{MenuItemFields, SubMenuItemFields, ViewFields},
        testing::{TestApp, Trail, administrator, member, organization},
    };
    use keystead_domain::{
        ErrorKind, MenuItemId, Scope, ViewId,
        access::View,
        navigation::{MenuItem, SubMenuItem},
    };
    use keystead_store::mocks::{MockUnitOfWork, Step};
    use uuid::Uuid;

    pub(in crate::catalogue) fn view_fields(key: &str) -> ViewFields {
        let (key, name) = (key.to_owned(), " Orders ".to_owned());
        ViewFields { key, name, description: None, path: Some("/orders".to_owned()), icon: None, is_active: true }
    }

    #[tokio::test]
    async fn the_platform_makes_a_view() {
        let (test, trail, caller) = (TestApp::new(), Trail::default(), administrator(PLATFORM, 7));
        let mut unit = MockUnitOfWork::new();
        unit.access.views.expect_insert().once().returning(|new| {
            assert_eq!((new.len(), new[0].name.as_str()), (1, "Orders"));
            Ok(())
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let made: View = create_item(&test.build(), &caller, view_fields("orders"), None).await.unwrap();
        assert_eq!((made.key.as_str(), made.version), ("orders", 1));
        let event = trail.only();
        assert_eq!((event.event_type.as_str(), event.organization_id), ("view.created", PLATFORM));
        assert_eq!(event.resource_id, Some(made.id.as_uuid()));
        let scope = Scope::person(PLATFORM, caller.user_id.unwrap());
        assert_eq!(journal.steps(), [Step::Begin(scope), Step::Commit]);
    }

    #[tokio::test]
    async fn others_do_not_and_bad_keys_are_refused_before_anything_is_read() {
        let app = TestApp::new().build();
        for (caller, key, kind) in [
            (administrator(organization(1), 7), "orders", ErrorKind::Forbidden),
            (member(1, 7), "orders", ErrorKind::Forbidden),
            (administrator(PLATFORM, 7), "or ders", ErrorKind::Invalid),
        ] {
            let error = create_item::<View>(&app, &caller, view_fields(key), None).await.unwrap_err();
            assert_eq!(error.kind, kind);
        }
    }

    fn menu_fields(view_id: Option<ViewId>) -> MenuItemFields {
        let (key, name) = ("orders".to_owned(), "Orders".to_owned());
        let (description, path, icon) = (None, None, None);
        MenuItemFields { key, name, description, path, icon, view_id, order_index: 1, is_active: true }
    }

    #[tokio::test]
    async fn an_item_of_the_menu_leads_to_a_view_that_is_there() {
        let (test, mut unit) = (TestApp::new(), MockUnitOfWork::new());
        unit.access.views.expect_find_many().returning(|_| Ok(Vec::new()));
        let journal = test.unit(unit).journal();
        let view = ViewId::from_uuid(Uuid::from_u128(9));
        let caller = administrator(PLATFORM, 7);
        let made = create_item::<MenuItem>(&test.build(), &caller, menu_fields(Some(view)), None).await;
        let error = made.unwrap_err();
        assert_eq!((error.kind, error.fields[0].field.as_str()), (ErrorKind::Invalid, "view_id"));
        assert!(error.message.contains(&view.to_string()), "{error}");
        assert_eq!(journal.commits(), 0);
    }

    #[tokio::test]
    async fn what_stands_under_an_item_names_one_that_is_there() {
        let (test, mut unit) = (TestApp::new(), MockUnitOfWork::new());
        unit.access.menus.expect_find_item().returning(|_| Ok(None));
        test.unit(unit);
        let MenuItemFields { key, name, description, path, icon, view_id, order_index, is_active } = menu_fields(None);
        let menu_item_id = MenuItemId::from_uuid(Uuid::from_u128(9));
        let fields =
            SubMenuItemFields { menu_item_id, key, name, description, path, icon, view_id, order_index, is_active };
        let made = create_item::<SubMenuItem>(&test.build(), &administrator(PLATFORM, 7), fields, None).await;
        assert_eq!(made.unwrap_err().fields[0].field, "menu_item_id");
    }
}
