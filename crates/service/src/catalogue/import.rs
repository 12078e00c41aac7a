//! Makes the catalogue what a document says.

use super::{
    Item,
    apply::{Ids, apply},
    checked::checked,
    document::{CatalogueDocument, Rows},
    entries::entries,
    permitted::{guard_change, platform},
};
use crate::{
    App,
    audit::{self, Event},
    difference::Difference,
};
use keystead_domain::{
    Caller, Json, PLATFORM, Result,
    access::{Action, Feature, Module, View},
    navigation::{MenuItem, SubMenuItem},
};

/// A document to be imported.
#[derive(Clone, Debug)]
pub struct ImportCatalogue {
    /// The document.
    pub document: CatalogueDocument,
    /// Whether what it does not name stays; else it is removed.
    pub others_stay: bool,
    /// Whether everything is taken back in the end: only what would be done is told.
    pub dry_run: bool,
}

/// Makes the catalogue what a document says, all or nothing, and tells what that changed. What was there and is wanted keeps
/// its identifier. A dry run does the same work and takes it back, so it is refused for the same reasons.
///
/// # Errors
/// `Unauthenticated`; `Forbidden` for whoever does not work for the platform; `Invalid`, naming the place in the document;
/// `Conflict` with code `catalogue_in_use` when what is to be removed is in use, or when somebody else changes the catalogue
/// meanwhile.
pub async fn import_catalogue(app: &App, caller: &Caller, input: ImportCatalogue) -> Result<Difference> {
    for action in [Action::Create, Action::Update, Action::Delete] {
        guard_change(caller, action)?;
    }
    let document = checked(input.document)?;
    let given = entries(&document)?;
    let unit = app.store.begin(platform(caller)).await?;
    let rows = Rows::load(&*unit).await?;
    let before = entries(&rows.document())?;
    let after = if input.others_stay { given.and(&before) } else { given };
    let difference = Difference::between(&before, &after)?;
    let ids = apply(&*unit, app, rows, &document, input.others_stay).await?;
    if !input.dry_run && !difference.is_empty() {
        audit::append(&*unit, app, PLATFORM, events(caller, &difference, &ids)).await?;
        unit.commit().await?;
    }
    Ok(difference)
}

/// The kinds with what their events are called: made, changed, removed.
const KINDS: [(&str, [&str; 3]); 5] = [
    (View::MANY, [View::CREATED, View::UPDATED, View::DELETED]),
    (Feature::MANY, [Feature::CREATED, Feature::UPDATED, Feature::DELETED]),
    (Module::MANY, [Module::CREATED, Module::UPDATED, Module::DELETED]),
    (MenuItem::MANY, [MenuItem::CREATED, MenuItem::UPDATED, MenuItem::DELETED]),
    (SubMenuItem::MANY, [SubMenuItem::CREATED, SubMenuItem::UPDATED, SubMenuItem::DELETED]),
];

/// One event for everything that differs, and one for the import.
fn events(caller: &Caller, difference: &Difference, ids: &Ids) -> Vec<Event> {
    let Difference { added, changed, removed } = difference;
    let nothing = || Json::Object(serde_json::Map::new());
    let one = |kind: &'static str, what: usize, key: &str| {
        let types = KINDS.iter().find(|(name, _)| *name == kind).map(|(_, types)| types);
        let event_type = types.and_then(|types| types.get(what)).copied().unwrap_or("catalogue.changed");
        let event = Event::new(caller, event_type, kind);
        match ids.get(&(kind, key.to_owned())) {
            Some(id) => event.resource(*id),
            None => event,
        }
    };
    let mut events = vec![Event::new(caller, "catalogue.imported", "catalogue").data(difference.counts())];
    events.extend(added.iter().map(|it| one(it.kind, 0, &it.key).before_after(nothing(), it.fields.clone())));
    events.extend(changed.iter().map(|it| one(it.kind, 1, &it.key).before_after(it.before.clone(), it.after.clone())));
    events.extend(removed.iter().map(|it| one(it.kind, 2, &it.key).before_after(it.fields.clone(), nothing())));
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::{DocumentFeature, FeatureFields, Head, ViewFields},
        testing::{TestApp, Trail, administrator, member, now},
    };
    use keystead_domain::{Error, ErrorKind, ViewId, access::CatalogueLinks};
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    fn fields(key: &str) -> ViewFields {
        let (key, name) = (key.to_owned(), "View".to_owned());
        ViewFields { key, name, description: None, path: None, icon: None, is_active: true }
    }

    /// A document with the view `new`, and the feature `export` in the views named.
    fn input(views: &[&str], dry_run: bool) -> ImportCatalogue {
        let (key, name) = ("export".to_owned(), " Export".to_owned());
        let feature = FeatureFields { key, name, description: None, is_active: true };
        let views = views.iter().map(|view| (*view).to_owned()).collect();
        let features = vec![DocumentFeature { fields: feature, views }];
        let document = CatalogueDocument { views: vec![fields("new")], features, ..CatalogueDocument::default() };
        ImportCatalogue { document, others_stay: false, dry_run }
    }

    /// A unit of work where there is the view `old`, and nothing else.
    fn unit() -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        let head = Head::new(ViewId::from_uuid(Uuid::from_u128(3)), now());
        unit.access.views.expect_all().returning(move || Ok(vec![View::build(head, fields("old")).unwrap()]));
        unit.access.features.expect_all().returning(|| Ok(vec![]));
        unit.access.modules.expect_all().returning(|| Ok(vec![]));
        unit.access.catalogue_links.expect_all().returning(|| Ok(CatalogueLinks::default()));
        unit.access.menus.expect_menus().returning(|| Ok(vec![]));
        unit.access.views.expect_insert().returning(|_| Ok(()));
        unit.access.features.expect_insert().returning(|_| Ok(()));
        unit.access.catalogue_links.expect_unlink().returning(|_| Ok(0));
        unit.access.catalogue_links.expect_link().returning(|links, _| Ok(links.feature_views.len() as u64));
        unit
    }

    #[tokio::test]
    async fn what_is_wanted_is_made_and_the_rest_goes() {
        for dry_run in [false, true] {
            let (test, trail, mut unit) = (TestApp::new(), Trail::default(), unit());
            unit.access.views.expect_delete().once().returning(|_, _| Ok(()));
            trail.record(&mut unit);
            let journal = test.unit(unit).journal();
            let platform = administrator(PLATFORM, 7);
            let done = import_catalogue(&test.build(), &platform, input(&["new"], dry_run)).await.unwrap();
            assert_eq!((done.added.len(), done.changed.len(), done.removed.len()), (2, 0, 1));
            assert_eq!(done.added[1].fields["name"], "Export");
            let types: Vec<_> = trail.events().into_iter().map(|event| event.event_type).collect();
            let told = ["catalogue.imported", "view.created", "feature.created", "view.deleted"];
            let expected: &[&str] = if dry_run { &[] } else { &told };
            assert_eq!(
                (types, journal.commits()),
                (expected.iter().map(ToString::to_string).collect(), expected.len() / 4)
            );
        }
    }

    #[tokio::test]
    async fn what_is_in_use_is_named_and_nothing_changes() {
        let (test, mut unit) = (TestApp::new(), unit());
        unit.access.views.expect_delete().returning(|_, _| Err(Error::conflict("catalogue_in_use", "It is.")));
        let journal = test.unit(unit).journal();
        let error = import_catalogue(&test.build(), &administrator(PLATFORM, 7), input(&[], true)).await.unwrap_err();
        assert_eq!((error.code, journal.commits()), ("catalogue_in_use", 0));
        assert!(error.message.contains("view old"), "{error}");
    }

    #[tokio::test]
    async fn a_key_that_names_nothing_is_refused_with_its_place() {
        // `old` goes, so it cannot be named.
        for key in ["old", "never"] {
            let test = TestApp::new();
            test.unit(unit());
            let done = import_catalogue(&test.build(), &administrator(PLATFORM, 7), input(&["new", key], false)).await;
            let error = done.unwrap_err();
            assert_eq!((error.kind, error.fields[0].field.as_str()), (ErrorKind::Invalid, "features[0].views[1]"));
        }
    }

    #[tokio::test]
    async fn what_breaks_a_rule_is_refused_before_anything_is_read() {
        let twice = || CatalogueDocument { views: vec![fields("a"), fields("a")], ..CatalogueDocument::default() };
        let bad = || CatalogueDocument { views: vec![fields("a"), fields("b c")], ..CatalogueDocument::default() };
        let many = (0..=super::super::MOST_IN_DOCUMENT).map(|number| fields(&format!("k{number}"))).collect();
        let many = CatalogueDocument { views: many, ..CatalogueDocument::default() };
        for (document, place) in [(twice(), "views[1].key"), (bad(), "views[1].key"), (many, "document")] {
            let app = TestApp::new().build();
            let input = ImportCatalogue { document, others_stay: false, dry_run: true };
            let error = import_catalogue(&app, &administrator(PLATFORM, 7), input).await.unwrap_err();
            assert_eq!(error.fields[0].field, place);
        }
        let error = import_catalogue(&TestApp::new().build(), &member(1, 7), input(&[], true)).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Forbidden);
    }
}
