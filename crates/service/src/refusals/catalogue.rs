//! The catalogue belongs to nobody: every member reads it, and only who works in the platform writes it.

use super::failed;
use crate::{
    App,
    catalogue::*,
    testing::{TestApp, administrator, anonymous, caller, member, organization},
};
use keystead_domain::{
    Caller, Error, ErrorKind, PLATFORM,
    access::{Feature, Module, USER, View},
    navigation::{MenuItem, SubMenuItem},
};
use keystead_store::mocks::MockUnitOfWork;
use uuid::Uuid;

async fn reads(app: &App, caller: &Caller) -> Vec<(&'static str, Error)> {
    let id = Uuid::from_u128(5);
    errors![
        list_items::<View>(app, caller, ListItems::default()),
        list_items::<MenuItem>(app, caller, ListItems::default()),
        get_item::<Module>(app, caller, id.into()),
        get_item::<SubMenuItem>(app, caller, id.into()),
        get_linked::<ModuleViews>(app, caller, id.into()),
        get_linked::<ModuleFeatures>(app, caller, id.into()),
        get_linked::<FeatureViews>(app, caller, id.into()),
        export_catalogue(app, caller),
    ]
}

async fn changes(app: &App, caller: &Caller) -> Vec<(&'static str, Error)> {
    let (id, version) = (Uuid::from_u128(5), 1);
    let fields = || {
        let (key, name) = ("orders".to_owned(), "Orders".to_owned());
        FeatureFields { key, name, description: None, is_active: true }
    };
    let (document, others_stay) = (CatalogueDocument::default(), false);
    errors![
        create_item::<Feature>(app, caller, fields(), None),
        put_items::<Feature>(app, caller, vec![PutItem { fields: fields(), version: None }]),
        import_catalogue(app, caller, ImportCatalogue { document, others_stay, dry_run: true }),
        update_item(app, caller, UpdateItem::<View> { id: id.into(), version, change: ViewChange::default() }),
        delete_item::<View>(app, caller, id.into(), version),
        replace_linked(app, caller, ReplaceLinked::<FeatureViews> { id: id.into(), version, linked: vec![] }),
    ]
}

/// An app whose transactions find nothing: as many as there are use cases that look first.
fn looking(times: usize) -> App {
    let test = TestApp::new();
    for _ in 0..times {
        let mut unit = MockUnitOfWork::new();
        unit.access.views.expect_find().returning(|_| Ok(None));
        unit.access.features.expect_find().returning(|_| Ok(None));
        test.unit(unit);
    }
    test.build()
}

#[tokio::test]
async fn nobody_is_asked_to_sign_in() {
    let (app, nobody) = (looking(0), anonymous());
    for (name, error) in reads(&app, &nobody).await.into_iter().chain(changes(&app, &nobody).await) {
        assert_eq!(error.kind, ErrorKind::Unauthenticated, "{name}: {error:?}");
    }
}

#[tokio::test]
async fn who_holds_no_role_finds_nothing() {
    let (app, nobody) = (looking(0), caller(organization(1), 7, &[]));
    for (name, error) in reads(&app, &nobody).await.into_iter().chain(changes(&app, &nobody).await) {
        assert_eq!(error.kind, ErrorKind::NotFound, "{name}: {error:?}");
    }
}

#[tokio::test]
async fn only_who_runs_the_platform_changes_it() {
    for caller in [administrator(organization(1), 7), member(1, 7), caller(PLATFORM, 7, &[USER])] {
        let app = looking(3);
        for (name, error) in changes(&app, &caller).await {
            // Of what is to be found first, there is nothing.
            let looks = ["update_item", "delete_item", "replace_linked"].contains(&name);
            let expected = if looks { ErrorKind::NotFound } else { ErrorKind::Forbidden };
            assert_eq!(error.kind, expected, "{name}: {error:?}");
        }
    }
}
