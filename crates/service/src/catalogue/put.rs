//! Writes many things of the catalogue at once, by their keys.

use super::{
    Head, Item,
    kept::Kept,
    limits::{MOST_AT_ONCE, inside},
    permitted::{guard_change, platform},
};
use crate::{
    App,
    audit::{self, Event, changes},
};
use keystead_domain::{Caller, Error, PLATFORM, Result, access::Action};
use keystead_store::UnitOfWork;
use std::collections::{HashMap, HashSet};

/// One thing that is to be there.
#[derive(Clone, Debug)]
pub struct PutItem<T: Item> {
    /// Everything about it. What has its key becomes this.
    pub fields: T::Fields,
    /// The version that was read, where nobody else's change is to be written over.
    pub version: Option<i64>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutOutcome<T> {
    /// The things as they are now, in the order in which they were given.
    pub items: Vec<T>,
    /// How many were made.
    pub created: usize,
    /// How many were changed; the rest was as it is wanted already.
    pub changed: usize,
}

/// Makes or changes up to [`MOST_AT_ONCE`] things of one kind, all or none. What is not named stays as it is.
///
/// # Errors
/// `Unauthenticated`; `Forbidden` for whoever does not work for the platform; `Invalid` on `items`, naming the first place
/// that breaks a rule; `PreconditionFailed` when a version is given and is not the current one.
pub async fn put_items<T: Kept>(app: &App, caller: &Caller, items: Vec<PutItem<T>>) -> Result<PutOutcome<T>> {
    guard_change(caller, Action::Create)?;
    guard_change(caller, Action::Update)?;
    if items.is_empty() || items.len() > MOST_AT_ONCE {
        return Err(Error::invalid("items", format!("must be 1 to {MOST_AT_ONCE}")));
    }
    let wanted = checked::<T>(app, items)?;
    let unit = app.store.begin(platform(caller)).await?;
    let plan = plan(&*unit, app, wanted).await?;
    refuse_broken::<T>(&*unit, &plan).await?;
    let outcome = write(&*unit, app, caller, plan).await?;
    unit.commit().await?;
    Ok(outcome)
}

/// What is to become of one thing.
enum Step<T> {
    Create(T),
    Change { before: T, after: T },
    Leave(T),
}

impl<T> Step<T> {
    fn after(&self) -> &T {
        match self {
            Self::Create(item) | Self::Change { after: item, .. } | Self::Leave(item) => item,
        }
    }
}

/// Each as it would be made now, with the version that was read. No key stands there twice.
fn checked<T: Kept>(app: &App, items: Vec<PutItem<T>>) -> Result<Vec<(T, Option<i64>)>> {
    let mut keys = HashSet::with_capacity(items.len());
    let mut wanted = Vec::with_capacity(items.len());
    for (place, PutItem { fields, version }) in items.into_iter().enumerate() {
        let at = |error| inside(&format!("items[{place}]"), error);
        let item = T::build(Head::new(app.ids.next(), app.now()), fields).map_err(at)?;
        if !keys.insert(item.key().to_owned()) {
            return Err(at(Error::invalid("key", format!("{} stands there twice", item.key()))));
        }
        wanted.push((item, version));
    }
    Ok(wanted)
}

async fn plan<T: Kept>(unit: &dyn UnitOfWork, app: &App, wanted: Vec<(T, Option<i64>)>) -> Result<Vec<Step<T>>> {
    // The catalogue is short: all of a kind is one statement.
    let all = T::all(unit).await?;
    let mut known: HashMap<String, T> = all.into_iter().map(|item| (item.key().to_owned(), item)).collect();
    let mut steps = Vec::with_capacity(wanted.len());
    for (item, version) in wanted {
        let Some(before) = known.remove(item.key()) else {
            if version.is_some() {
                return Err(Error::stale());
            }
            steps.push(Step::Create(item));
            continue;
        };
        let current = before.head().version;
        if version.is_some_and(|version| version != current) {
            return Err(Error::stale());
        }
        if before.fields() == item.fields() {
            steps.push(Step::Leave(before));
        } else {
            let after = before.with(item.fields(), current, app.now())?;
            steps.push(Step::Change { before, after });
        }
    }
    Ok(steps)
}

async fn refuse_broken<T: Kept>(unit: &dyn UnitOfWork, steps: &[Step<T>]) -> Result<()> {
    let items: Vec<T> = steps.iter().map(|step| step.after().clone()).collect();
    match T::broken(unit, &items).await? {
        Some((place, error)) => Err(inside(&format!("items[{place}]"), error)),
        None => Ok(()),
    }
}

async fn write<T: Kept>(
    unit: &dyn UnitOfWork,
    app: &App,
    caller: &Caller,
    steps: Vec<Step<T>>,
) -> Result<PutOutcome<T>> {
    let created = |step: &Step<T>| if let Step::Create(item) = step { Some(item.clone()) } else { None };
    let new: Vec<T> = steps.iter().filter_map(created).collect();
    if !new.is_empty() {
        T::insert(unit, &new).await?;
    }
    let mut outcome = PutOutcome { items: Vec::with_capacity(steps.len()), created: new.len(), changed: 0 };
    let mut events = Vec::new();
    for step in steps {
        let item = match step {
            Step::Leave(item) => item,
            Step::Create(item) => {
                let event = Event::new(caller, T::CREATED, T::MANY).resource(item.head().id);
                events.push(event.changed(changes(&(), &item)?));
                item
            }
            Step::Change { before, after } => {
                let after = T::update(unit, &after).await?;
                let event = Event::new(caller, T::UPDATED, T::MANY).resource(after.head().id);
                events.push(event.changed(changes(&before, &after)?));
                outcome.changed += 1;
                after
            }
        };
        outcome.items.push(item);
    }
    if !events.is_empty() {
        audit::append(unit, app, PLATFORM, events).await?;
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::FeatureFields,
        testing::{TestApp, Trail, administrator, now},
    };
    use keystead_domain::{ErrorKind, FeatureId, access::Feature};
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    fn fields(key: &str, name: &str) -> FeatureFields {
        FeatureFields { key: key.to_owned(), name: name.to_owned(), description: None, is_active: true }
    }

    fn put(key: &str, name: &str, version: Option<i64>) -> PutItem<Feature> {
        PutItem { fields: fields(key, name), version }
    }

    /// A unit of work where there are `a` and `b`, both of version 1.
    fn unit(trail: &Trail) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        let known = |number, key| {
            Feature::build(Head::new(FeatureId::from_uuid(Uuid::from_u128(number)), now()), fields(key, "Old")).unwrap()
        };
        unit.access.features.expect_all().returning(move || Ok(vec![known(1, "a"), known(2, "b")]));
        unit.access.features.expect_update().returning(|changed| Ok(Feature { version: 2, ..changed.clone() }));
        trail.record(&mut unit);
        unit
    }

    #[tokio::test]
    async fn what_is_there_is_changed_what_is_new_is_made_and_the_rest_stays() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = unit(&trail);
        unit.access.features.expect_insert().once().returning(|new| {
            assert_eq!((new.len(), new[0].key.as_str()), (1, "c"));
            Ok(())
        });
        let journal = test.unit(unit).journal();
        let items = vec![put("c", "New", None), put("b", "New", Some(1)), put("a", "Old", None)];
        let done = put_items(&test.build(), &administrator(PLATFORM, 7), items).await.unwrap();
        let keys: Vec<_> = done.items.iter().map(|item| (item.key.as_str(), item.version)).collect();
        assert_eq!(keys, [("c", 1), ("b", 2), ("a", 1)]);
        assert_eq!((done.created, done.changed, journal.commits()), (1, 1, 1));
        let types: Vec<_> = trail.events().into_iter().map(|event| event.event_type).collect();
        assert_eq!(types, ["feature.created", "feature.updated"]);
    }

    #[tokio::test]
    async fn one_that_is_wrong_keeps_all_out() {
        let many = (0..=MOST_AT_ONCE).map(|number| put(&format!("k{number}"), "x", None)).collect();
        for (items, field) in [
            (vec![put("c", "x", None), put("c d", "x", None)], "items[1].key"),
            (vec![put("c", "x", None), put("c", "y", None)], "items[1].key"),
            (vec![put("c", " ", None)], "items[0].name"),
            (vec![], "items"),
            (many, "items"),
        ] {
            let app = TestApp::new().build();
            let error = put_items(&app, &administrator(PLATFORM, 7), items).await.unwrap_err();
            assert_eq!((error.kind, error.fields[0].field.as_str()), (ErrorKind::Invalid, field));
        }
        for item in [put("a", "New", Some(7)), put("c", "New", Some(1))] {
            let (test, trail) = (TestApp::new(), Trail::default());
            let journal = test.unit(unit(&trail)).journal();
            let error = put_items(&test.build(), &administrator(PLATFORM, 7), vec![item]).await.unwrap_err();
            assert_eq!((error.kind, journal.commits()), (ErrorKind::PreconditionFailed, 0));
        }
    }
}
