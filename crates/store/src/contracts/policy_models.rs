//! The models that rules are read by.

use super::{
    Harness,
    ground::{Ground, own},
    samples::PLATFORM_SCOPE,
};
use keystead_domain::{ErrorKind, PLATFORM, Scope, access::PolicyModel};

pub async fn an_organization_has_one_model(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    assert_eq!(ask!(ground, two.home(), |unit| unit.policy_models().find(two.one)), None);
    let model = PolicyModel {
        updated_by: Some("job:import".to_owned()),
        version: 5,
        text: format!("{}{}", ground.sample_model(two.one).text, "# lang\n".repeat(5_000)),
        ..ground.sample_model(two.one)
    };
    change!(ground, two.home(), |unit| unit.policy_models().insert(two.one, &model));
    assert_eq!(ask!(ground, two.home(), |unit| unit.policy_models().find(two.one)).as_ref(), Some(&model));
    let again = ground.sample_model(two.one);
    let error = refused!(ground, two.home(), |unit| unit.policy_models().insert(two.one, &again));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "policy_model_already_there"));
    let other = ground.sample_model(two.other);
    change!(ground, two.elsewhere(), |unit| unit.policy_models().insert(two.other, &other));
    assert_eq!(ask!(ground, two.home(), |unit| unit.policy_models().find(two.one)), Some(model));
}

pub async fn the_platforms_model_is_in_force_where_there_is_none(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    assert_eq!(ask!(ground, two.home(), |unit| unit.policy_models().in_force(two.one)), None);
    let inherited = ground.sample_model(PLATFORM);
    change!(ground, PLATFORM_SCOPE, |unit| unit.policy_models().insert(PLATFORM, &inherited));
    assert_eq!(ask!(ground, two.home(), |unit| unit.policy_models().in_force(two.one)).as_ref(), Some(&inherited));
    assert_eq!(ask!(ground, two.home(), |unit| unit.policy_models().find(two.one)), None);
    let model = ground.sample_model(two.one);
    change!(ground, two.home(), |unit| unit.policy_models().insert(two.one, &model));
    assert_eq!(ask!(ground, two.home(), |unit| unit.policy_models().in_force(two.one)), Some(model));
    let found = ask!(ground, PLATFORM_SCOPE, |unit| unit.policy_models().in_force(PLATFORM));
    assert_eq!(found.as_ref(), Some(&inherited));
    change!(ground, two.home(), |unit| unit.policy_models().delete(two.one, 1));
    assert_eq!(ask!(ground, two.home(), |unit| unit.policy_models().in_force(two.one)), Some(inherited));
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.sample_model(two.one);
    change!(ground, two.home(), |unit| unit.policy_models().insert(two.one, &before));
    let changed = PolicyModel {
        text: "[matchers]\nm = false".to_owned(),
        updated_by: Some("user:bob".to_owned()),
        updated_at: ground.now(),
        ..before.clone()
    };
    let after = change!(ground, two.home(), |unit| unit.policy_models().update(two.one, &changed));
    assert_eq!(after, PolicyModel { version: 2, ..changed.clone() });
    assert_eq!(ask!(ground, two.home(), |unit| unit.policy_models().find(two.one)), Some(after));
    let error = refused!(ground, two.home(), |unit| unit.policy_models().update(two.one, &changed));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    let error = refused!(ground, two.home(), |unit| unit.policy_models().delete(two.one, 1));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    change!(ground, two.home(), |unit| unit.policy_models().delete(two.one, 2));
    assert_eq!(ask!(ground, two.home(), |unit| unit.policy_models().find(two.one)), None);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.sample_model(two.one);
    change!(ground, two.home(), |unit| unit.policy_models().insert(two.one, &before));
    for (scope, organization) in two.strangers_and_platform() {
        assert_eq!(ask!(ground, scope, |unit| unit.policy_models().find(organization)), None, "{scope:?}");
        assert_eq!(ask!(ground, scope, |unit| unit.policy_models().in_force(organization)), None, "{scope:?}");
        for organization_id in [two.one, organization] {
            let changed = PolicyModel { organization_id, text: "taken over".to_owned(), ..before.clone() };
            let error = refused!(ground, scope, |unit| unit.policy_models().update(organization, &changed));
            assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        }
        let error = refused!(ground, scope, |unit| unit.policy_models().delete(organization, 1));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        let new = ground.sample_model(two.one);
        for place in [two.one, two.other] {
            refused!(ground, scope, |unit| unit.policy_models().insert(place, &new));
        }
    }
    let inherited = ground.sample_model(PLATFORM);
    refused!(ground, two.home(), |unit| unit.policy_models().insert(PLATFORM, &inherited));
    change!(ground, PLATFORM_SCOPE, |unit| unit.policy_models().insert(PLATFORM, &inherited));
    for place in [two.one, PLATFORM] {
        let error = refused!(ground, two.home(), |unit| unit.policy_models().update(place, &inherited));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    }
    let error = refused!(ground, two.home(), |unit| unit.policy_models().delete(PLATFORM, 1));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    assert_eq!(ask!(ground, two.home(), |unit| unit.policy_models().find(two.one)), Some(before));
    for scope in [Scope::NONE, own(two.ada)] {
        assert_eq!(ask!(ground, scope, |unit| unit.policy_models().in_force(two.one)), None);
    }
}
