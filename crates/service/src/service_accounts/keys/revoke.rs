//! Withdraws a key.

use super::{api_key, change_key};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event},
    service_accounts::guard_found_account,
};
use keystead_domain::{ApiKeyId, Caller, OrganizationId, Result, ServiceAccountId, access::Action, accounts::ApiKey};
use serde_json::json;

/// Withdraws a key, which opens nothing from then on. To withdraw one that has ended changes nothing.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Conflict` with code `api_key_changed` when it is changed at this moment.
pub async fn revoke_api_key(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    account: ServiceAccountId,
    id: ApiKeyId,
) -> Result<ApiKey> {
    let held = guard_found_account(caller, Action::Update, organization, account)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let key = api_key(&*unit, organization, account, id).await?;
    held.release()?;
    let now = app.now();
    if !key.is_live(now) {
        return Ok(key);
    }
    let changed = ApiKey { revoked_at: Some(now), updated_at: now, ..key };
    let after = change_key(&*unit, organization, &changed).await?;
    let event = Event::new(caller, "api_key.revoked", "api_keys")
        .resource(id)
        .data(json!({ "service_account_id": account, "prefix": after.prefix }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        service_accounts::keys::fixtures::{api_key, robot},
        testing::{TestApp, Trail, administrator, now, organization},
    };
    use keystead_domain::{Error, ErrorKind};
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    async fn revoke(found: ApiKey, conflicts: bool) -> (Result<ApiKey>, usize, usize) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        unit.access.api_keys.expect_find().returning(move |_, _| Ok(Some(found.clone())));
        unit.access
            .api_keys
            .expect_update()
            .times(0..=1)
            .returning(move |_, changed| if conflicts { Err(Error::stale()) } else { Ok(changed.clone()) });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let caller = administrator(organization(1), 7);
        let done = revoke_api_key(&test.build(), &caller, organization(1), robot().id, api_key().id).await;
        (done, trail.events().len(), journal.commits())
    }

    #[tokio::test]
    async fn a_live_key_ends_once() {
        let (done, events, commits) = revoke(api_key(), false).await;
        assert_eq!((done.unwrap().revoked_at, events, commits), (Some(now()), 1, 1));
        let ended = ApiKey { revoked_at: Some(now().plus_seconds(-9)), ..api_key() };
        let (done, events, commits) = revoke(ended.clone(), false).await;
        assert_eq!((done.unwrap(), events, commits), (ended, 0, 0));
    }

    #[tokio::test]
    async fn another_accounts_key_is_not_found_and_a_race_is_told() {
        let others = ApiKey { service_account_id: Uuid::from_u128(9).into(), ..api_key() };
        assert_eq!(revoke(others, false).await.0.unwrap_err().kind, ErrorKind::NotFound);
        let (done, _, commits) = revoke(api_key(), true).await;
        assert_eq!((done.unwrap_err().code, commits), ("api_key_changed", 0));
    }
}
