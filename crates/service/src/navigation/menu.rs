//! Shows the menu.

use crate::{App, sessions::signed_in};
use keystead_access::{Context, policy::Entity};
use keystead_domain::{
    Caller, Result, ViewId,
    navigation::{Menu, SubMenuItem},
};
use std::collections::BTreeSet;

/// The menu as the caller sees it in the organization that they work in: items in their order, each with those under it in
/// theirs. In two statements, however many there are.
///
/// An item is shown when it is active and its view is open: active, in an active module that the organization has, and
/// allowed to the person. An item of the first level without a view is shown when something under it is; one of the second
/// level without a view is shown to everybody. What stands under an item that is not shown is not shown.
///
/// The circumstances of the request open nothing: a view that rules allow only from some address is not in the menu.
///
/// # Errors
/// `Unauthenticated`.
pub async fn navigation(app: &App, caller: &Caller) -> Result<Vec<Menu>> {
    let me = signed_in(caller)?.to_string();
    let snapshot = app.decisions.at_least(app, caller.organization_id, caller.versions).await?;
    let unit = app.store.read(caller.scope()).await?;
    let menus = unit.menus().menus().await?;
    let named = menus.iter().flat_map(|menu| {
        let under = menu.items.iter().map(|item| item.view_id);
        under.chain([menu.item.view_id]).flatten()
    });
    let (subject, context) = (Entity::new("user", &me), Context::at(app.now()));
    let open = snapshot.views_open_to(&subject, &context, &named.collect());
    Ok(menus.into_iter().filter_map(|menu| shown(menu, &open)).collect())
}

/// What is shown of an item, where the views `open` are.
fn shown(menu: Menu, open: &BTreeSet<ViewId>) -> Option<Menu> {
    let Menu { item, items } = menu;
    let is_shown = |item: &SubMenuItem| item.is_active && item.view_id.is_none_or(|view| open.contains(&view));
    let items: Vec<_> = items.into_iter().filter(is_shown).collect();
    let is_open = item.view_id.map_or(!items.is_empty(), |view| open.contains(&view));
    (item.is_active && is_open).then_some(Menu { item, items })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::effective::fixtures::{self, Entitled, MANY, id},
        testing::{TestApp, anonymous, caller, deciding_rows, now, organization, user},
    };
    use keystead_domain::{ErrorKind, OrganizationId, PLATFORM, access::ADMIN, navigation::MenuItem};
    use keystead_store::mocks::{MockUnitOfWork, Step};
    use proptest::prelude::*;

    fn item(number: usize, view: Option<ViewId>) -> MenuItem {
        MenuItem {
            id: id(number),
            key: format!("item-{number}"),
            name: "Item".to_owned(),
            description: None,
            path: None,
            icon: None,
            view_id: view,
            order_index: 0,
            is_active: true,
            created_at: now(),
            updated_at: now(),
            version: 1,
        }
    }

    fn sub_item(number: usize, view: usize) -> SubMenuItem {
        let MenuItem { key, name, view_id, created_at, updated_at, .. } = item(number, Some(id(view)));
        SubMenuItem {
            id: id(number),
            menu_item_id: id(1),
            key,
            name,
            description: None,
            path: None,
            icon: None,
            view_id,
            order_index: 0,
            is_active: true,
            created_at,
            updated_at,
            version: 1,
        }
    }

    fn open() -> BTreeSet<ViewId> {
        [id(7)].into()
    }

    /// How many stand under what is shown; none where it is not.
    fn under(item: MenuItem, items: Vec<SubMenuItem>) -> Option<usize> {
        shown(Menu { item, items }, &open()).map(|menu| menu.items.len())
    }

    #[test]
    fn an_item_is_shown_with_its_view_or_with_what_stands_under_it() {
        let (open, closed) = (|| item(1, Some(id(7))), || item(1, Some(id(8))));
        let holding = || item(1, None);
        let free = SubMenuItem { view_id: None, ..sub_item(1, 7) };
        assert_eq!(under(open(), vec![]), Some(0));
        assert_eq!(under(closed(), vec![]), None);
        assert_eq!(under(holding(), vec![]), None);
        assert_eq!(under(holding(), vec![sub_item(1, 8)]), None);
        assert_eq!(under(holding(), vec![sub_item(1, 8), sub_item(2, 7)]), Some(1));
        assert_eq!(under(holding(), vec![free]), Some(1));
        // Nothing stands under what is not shown.
        assert_eq!(under(closed(), vec![sub_item(2, 7)]), None);
    }

    #[test]
    fn what_is_not_active_is_not_shown() {
        let closed = MenuItem { is_active: false, ..item(1, Some(id(7))) };
        let closed_sub = SubMenuItem { is_active: false, ..sub_item(1, 7) };
        assert_eq!(under(closed, vec![sub_item(1, 7)]), None);
        assert_eq!(under(item(1, None), vec![closed_sub]), None);
    }

    /// The menu of the person `number`, where each item has a view, and how many transactions were read in.
    async fn menu_of(entitled: &Entitled, place: OrganizationId, number: u128) -> (Vec<ViewId>, usize) {
        let caller = caller(place, number, if place == PLATFORM { &[ADMIN] } else { &[] });
        let (rows, mut platform) = (entitled.rows_of(place), entitled.platform());
        if place == PLATFORM {
            let admin = deciding_rows(PLATFORM, &[(user(number), caller.grants.to_vec())]);
            platform.organization = admin.organization;
        }
        let test = TestApp::new();
        let (mut deciding, mut unit) = (MockUnitOfWork::new(), MockUnitOfWork::new());
        deciding.access.access_snapshots.expect_load().once().return_once(|_, _| Ok(rows));
        unit.access.menus.expect_menus().once().returning(|| {
            let one = |number: usize| Menu { item: item(number, Some(fixtures::id(number))), items: vec![] };
            Ok((0..MANY).map(one).collect())
        });
        let journal = test.unit(deciding).unit(unit).journal();
        let app = test.build();
        app.decisions.with_platform(platform);
        let menu = navigation(&app, &caller).await.unwrap();
        let reads = journal.steps().iter().filter(|step| matches!(step, Step::Read(_))).count();
        (menu.into_iter().filter_map(|menu| menu.item.view_id).collect(), reads)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]
        #[test]
        fn the_menu_has_what_is_open_and_reached(changes in prop::collection::vec(any::<u64>(), 0..60), who in 0..MANY) {
            let mut entitled = Entitled::open();
            changes.iter().for_each(|seed| entitled.change(*seed));
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let (views, reads) = runtime.block_on(menu_of(&entitled, organization(1), who as u128));
            let expected: Vec<ViewId> =
                (0..MANY).filter(|view| entitled.sees(who, *view)).map(fixtures::id).collect();
            // What decides, and the menu: however many items there are.
            prop_assert_eq!((views, reads), (expected, 2));
        }
    }

    #[tokio::test]
    async fn an_administrator_of_the_platform_sees_what_is_reached_there() {
        let mut entitled = Entitled::open();
        entitled.closed_views.insert(1);
        entitled.views.retain(|(_, view)| *view != 2);
        let (views, _) = menu_of(&entitled, PLATFORM, 0).await;
        assert_eq!(views, [fixtures::id(0)]);
    }

    #[tokio::test]
    async fn nobody_has_a_menu_without_signing_in() {
        let error = navigation(&TestApp::new().build(), &anonymous()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unauthenticated);
    }
}
