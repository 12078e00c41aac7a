//! Replaces what a module or a feature has.

use super::{
    Item,
    kept::Kept,
    limits::{MOST_LINKED, some_of},
    links::Link,
    permitted::{guard_found, platform},
};
use crate::{
    App,
    audit::{self, Event},
};
use keystead_domain::{Caller, Error, Json, PLATFORM, Result, access::Action};
use serde_json::json;
use std::collections::HashSet;

/// What a module or a feature is to have from now on.
#[derive(Clone, Debug)]
pub struct ReplaceLinked<L: Link> {
    /// Of which.
    pub id: <L::Left as Item>::Id,
    /// The version of it that the change is made for.
    pub version: i64,
    /// Everything that it has; to name one twice is to name it once.
    pub linked: Vec<<L::Right as Item>::Id>,
}

/// Replaces the views or features of a module, or the views of a feature, all or none: up to [`MOST_LINKED`].
///
/// # Errors
/// `Unauthenticated`; `Forbidden` for whoever does not work for the platform; `NotFound`; `Invalid` naming those that are not
/// there; `PreconditionFailed`.
pub async fn replace_linked<L: Link>(
    app: &App,
    caller: &Caller,
    input: ReplaceLinked<L>,
) -> Result<(L::Left, Vec<L::Right>)> {
    let ReplaceLinked { id, version, linked } = input;
    let held = guard_found(caller, Action::Update)?;
    let unit = app.store.begin(platform(caller)).await?;
    let before = L::Left::find(&*unit, id).await?.ok_or_else(|| Error::not_found(L::Left::ONE))?;
    held.release()?;
    if linked.len() > MOST_LINKED {
        return Err(Error::invalid(L::Right::MANY, format!("must be at most {MOST_LINKED}")));
    }
    let mut seen = HashSet::with_capacity(linked.len());
    let wanted: Vec<_> = linked.into_iter().filter(|id| seen.insert(*id)).collect();
    let mut has = L::known(&*unit, &wanted).await?;
    let known: HashSet<_> = has.iter().map(|item| item.head().id).collect();
    let missing: Vec<String> = wanted.iter().filter(|id| !known.contains(id)).map(ToString::to_string).collect();
    if !missing.is_empty() {
        return Err(Error::invalid(L::Right::MANY, format!("there is no {} {}", L::Right::ONE, some_of(&missing))));
    }
    let now = app.now();
    // Writing the row first locks it, so that what belongs to it stays as it is read next.
    let changed = before.with(before.fields(), version, now)?;
    let left = L::Left::update(&*unit, &changed).await?;
    let had = L::linked(&*unit, id).await?;
    L::replace(&*unit, id, &wanted, now).await?;
    let event = Event::new(caller, L::EVENT, L::Left::MANY).resource(id).data(difference::<L>(&left, &had, &has));
    audit::append(&*unit, app, PLATFORM, vec![event]).await?;
    unit.commit().await?;
    has.sort_unstable_by_key(|item| item.head().id);
    Ok((left, has))
}

/// What was added and what was taken away, by key. Of many, an event keeps some and how many there were.
fn difference<L: Link>(left: &L::Left, had: &[L::Right], has: &[L::Right]) -> Json {
    const KEPT: usize = 50;
    let only_in = |these: &[L::Right], those: &[L::Right]| {
        let those: HashSet<&str> = those.iter().map(Item::key).collect();
        let keys: Vec<&str> = these.iter().map(Item::key).filter(|key| !those.contains(key)).collect();
        (keys.len(), keys.into_iter().take(KEPT).map(str::to_owned).collect::<Vec<_>>())
    };
    let ((added_count, added), (removed_count, removed)) = (only_in(has, had), only_in(had, has));
    json!({
        "key": left.key(),
        "added": added,
        "added_count": added_count,
        "removed": removed,
        "removed_count": removed_count,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::{Head, ModuleFields, ModuleViews, ViewFields},
        testing::{TestApp, Trail, administrator, member, now},
    };
    use keystead_domain::{
        ErrorKind, ModuleId, ViewId,
        access::{Module, View},
    };
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    fn view(number: u128) -> View {
        let head = Head::new(ViewId::from_uuid(Uuid::from_u128(number)), now());
        let (key, name) = (format!("view-{number}"), "View".to_owned());
        let (description, path, icon) = (None, None, None);
        View::build(head, ViewFields { key, name, description, path, icon, is_active: true }).unwrap()
    }

    fn module() -> Module {
        let (key, name) = ("sales".to_owned(), "Sales".to_owned());
        let head = Head::new(ModuleId::from_uuid(Uuid::from_u128(5)), now());
        let (description, icon) = (None, None);
        Module::build(head, ModuleFields { key, name, description, icon, order_index: 0, is_active: true }).unwrap()
    }

    fn input(views: &[u128]) -> ReplaceLinked<ModuleViews> {
        let linked = views.iter().map(|number| view(*number).id).collect();
        ReplaceLinked { id: module().id, version: 1, linked }
    }

    /// A unit of work where the module has the views 1 and 2, and there is 3.
    fn unit() -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.access.modules.expect_find().returning(|_| Ok(Some(module())));
        unit.access
            .views
            .expect_find_many()
            .returning(|ids| Ok((1..=3).map(view).filter(|view| ids.contains(&view.id)).collect()));
        unit
    }

    #[tokio::test]
    async fn a_module_has_what_was_said_and_nothing_else() {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), unit());
        unit.access.modules.expect_update().returning(|changed| Ok(Module { version: 2, ..changed.clone() }));
        unit.access.catalogue_links.expect_views_of_module().returning(|_| Ok(vec![view(1), view(2)]));
        unit.access.catalogue_links.expect_replace_module_views().once().returning(|_, views, _| {
            assert_eq!(views, [view(3).id, view(2).id]);
            Ok(())
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let done = replace_linked(&test.build(), &administrator(PLATFORM, 7), input(&[3, 2, 3])).await.unwrap();
        assert_eq!((done.0.version, done.1), (2, vec![view(2), view(3)]));
        let event = trail.only();
        assert_eq!((event.event_type.as_str(), journal.commits()), ("module.views_changed", 1));
        assert_eq!(event.event_data["added"], json!(["view-3"]));
        assert_eq!(event.event_data["removed"], json!(["view-1"]));
    }

    #[tokio::test]
    async fn what_is_not_there_is_named_and_nothing_changes() {
        let test = TestApp::new();
        let journal = test.unit(unit()).journal();
        let error = replace_linked(&test.build(), &administrator(PLATFORM, 7), input(&[2, 8, 9])).await.unwrap_err();
        assert_eq!((error.kind, error.fields[0].field.as_str()), (ErrorKind::Invalid, "views"));
        assert!([8, 9].iter().all(|number| error.message.contains(&view(*number).id.to_string())), "{error}");
        assert!(!error.message.contains(&view(2).id.to_string()));
        assert_eq!(journal.commits(), 0);
    }

    #[tokio::test]
    async fn others_and_too_many_are_refused() {
        let (test, many) = (TestApp::new(), vec![1; MOST_LINKED + 1]);
        test.unit(unit()).unit(unit());
        let app = test.build();
        let error = replace_linked(&app, &administrator(PLATFORM, 7), input(&many)).await.unwrap_err();
        assert_eq!(error.fields[0].field, "views");
        let error = replace_linked(&app, &member(1, 7), input(&[1])).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Forbidden);
    }
}
