//! Who may preview, within which bounds; and that what is tried is never kept.

use super::{Change, MOST_CHANGES, PreviewChanges, preview, preview::ensure_in_time};
use crate::testing::{TestApp, administrator, anonymous, member, organization, service_account};
use keystead_domain::{Caller, Error, ErrorKind, PLATFORM, Scope};
use keystead_store::{
    AccessStore, Joint, SharedStore, Store,
    mocks::{MockStore, MockUnitOfWork, Step},
};
use std::{sync::Arc, time::Duration};

fn one() -> PreviewChanges {
    PreviewChanges { changes: vec![Change::RemoveModel], limit: 1, ..PreviewChanges::default() }
}

async fn refused(caller: &Caller, input: PreviewChanges) -> Error {
    preview(&TestApp::new().build(), caller, input).await.unwrap_err()
}

#[tokio::test]
async fn a_preview_is_for_who_may_read_access() {
    assert_eq!(refused(&anonymous(), one()).await.kind, ErrorKind::Unauthenticated);
    for caller in
        [member(1, 7), service_account(1, &["access:evaluate:organization", "policy_models:delete:organization"])]
    {
        let kind = refused(&caller, one()).await.kind;
        assert!([ErrorKind::NotFound, ErrorKind::Forbidden].contains(&kind), "{kind:?}");
    }
}

#[tokio::test]
async fn everything_has_a_bound_and_is_checked_before_a_transaction() {
    let admin = administrator(organization(1), 7);
    let name = |length: usize| Some(vec![("document".to_owned(), "x".repeat(length))]);
    for (field, input) in [
        ("changes", PreviewChanges { changes: vec![], ..one() }),
        ("changes", PreviewChanges { changes: vec![Change::RemoveModel; MOST_CHANGES + 1], ..one() }),
        ("limit", PreviewChanges { limit: 0, ..one() }),
        ("limit", PreviewChanges { limit: 10_001, ..one() }),
        ("subjects", PreviewChanges { subjects: name(1001), ..one() }),
        ("subjects", PreviewChanges { subjects: Some(vec![Default::default(); 10_001]), ..one() }),
        ("resources", PreviewChanges { resources: name(0), ..one() }),
        ("actions", PreviewChanges { actions: Some(vec![String::new()]), ..one() }),
    ] {
        let error = refused(&admin, input).await;
        assert_eq!((error.kind, error.fields[0].field.as_str()), (ErrorKind::Invalid, field));
    }
}

#[test]
fn whoever_tries_changes_does_not_keep_the_others_waiting() {
    assert!(ensure_in_time(Duration::from_secs(3), 7).is_ok());
    let error = ensure_in_time(Duration::from_millis(3001), 7).unwrap_err();
    assert_eq!((error.kind, error.code), (ErrorKind::Invalid, "too_much"));
}

#[tokio::test]
async fn everything_is_one_transaction_that_is_never_committed() {
    let (here, elsewhere) = (Scope::organization(PLATFORM), Scope::organization(organization(5)));
    let store = MockStore::new();
    store.expect_unit(MockUnitOfWork::new());
    store.expect_unit(MockUnitOfWork::new());
    let journal = store.journal();
    let joint = Joint::begin(Arc::new(store), here).await.unwrap();
    joint.begin(here).await.unwrap().commit().await.unwrap();
    joint.read(here).await.unwrap().commit().await.unwrap();
    assert!(joint.begin(elsewhere).await.is_err());
    assert!(joint.begin(here).await.unwrap().enter(elsewhere).await.is_err());
    assert!(matches!(journal.steps()[..], [Step::Begin(_)]), "{:?}", journal.steps());
    // Others are read as they are.
    drop(joint.glance(elsewhere).await.unwrap());
    assert!(joint.access_versions(&[PLATFORM]).await.is_err());
    drop(joint);
    assert_eq!((journal.commits(), journal.steps().last()), (0, Some(&Step::RolledBack)));
}

#[tokio::test]
async fn what_is_done_together_is_kept_together() {
    let here = Scope::organization(PLATFORM);
    let store = MockStore::new();
    store.expect_unit(MockUnitOfWork::new());
    store.expect_unit(MockUnitOfWork::new());
    let journal = store.journal();
    let store: SharedStore = Arc::new(store);
    let joint = Arc::new(Joint::begin(Arc::clone(&store), here).await.unwrap());
    let part = joint.begin(here).await.unwrap();
    assert!(Arc::clone(&joint).commit().await.is_err(), "a use case still works on it");
    drop((part, joint));
    let joint = Arc::new(Joint::begin(store, here).await.unwrap());
    for _ in 0..3 {
        joint.begin(here).await.unwrap().commit().await.unwrap();
    }
    assert_eq!(journal.commits(), 0);
    joint.commit().await.unwrap();
    assert_eq!(journal.commits(), 1);
}

#[tokio::test]
async fn what_is_not_kept_yet_is_not_what_others_decide_by() {
    let test = TestApp::new();
    test.unit(MockUnitOfWork::new());
    let app = test.build();
    let joint = Joint::begin(Arc::clone(&app.store), Scope::organization(organization(1))).await.unwrap();
    let joined = app.joined(Arc::new(joint));
    let versions = keystead_domain::access::AccessVersions { organization: 1, platform: 0 };
    assert!(app.decisions.at_least(&joined, organization(1), versions).await.is_err());
}
