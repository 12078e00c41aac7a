//! Puts another key in the place of one.

use super::{
    CreatedKey, api_key, change_key, ensure_active, insert_key,
    scopes::{CheckedTerms, expiry},
};
use crate::{
    App,
    access::{may_put, scope_in},
    audit::{self, Event},
    idempotency::{OnceKey, Start, once},
    service_accounts::{account, guard_found_account, key_grants},
};
use keystead_domain::{
    ApiKeyId, Caller, Error, OrganizationId, Result, ServiceAccountId, access::Action, accounts::ApiKey,
};
use serde_json::json;

const DAY: i64 = 24 * 60 * 60;

/// The old key may go on for at most so long, in seconds.
pub const MOST_OVERLAP_SECONDS: i64 = 30 * DAY;

/// Which key to rotate, and how.
#[derive(Clone, Debug)]
pub struct RotateApiKey {
    /// In which organization.
    pub organization: OrganizationId,
    /// Of which service account.
    pub account: ServiceAccountId,
    /// Which key.
    pub key: ApiKeyId,
    /// For how long the old key goes on, in seconds: at most [`MOST_OVERLAP_SECONDS`], a day when nothing is said. With 0 it
    /// ends at once.
    pub overlap_seconds: Option<i64>,
    /// In how many days the new key ends; what the operator has set when nothing is said.
    pub expires_in_days: Option<u32>,
}

/// The old and the new key.
#[derive(Clone, Debug)]
pub struct RotatedKey {
    /// The old one, with its end.
    pub replaced: ApiKey,
    /// The new one.
    pub made: CreatedKey,
}

/// Makes a successor of a key, with the same scopes, and lets the old one end after an overlap, or when it would have ended
/// anyway.
///
/// Whoever rotates a key sees the new one, so he must hold what it permits.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Invalid` on `overlap_seconds` or `expires_in_days`; `Forbidden` with code
/// `grants_too_much`; `Conflict` with code `api_key_ended`, `api_key_changed` or `service_account_disabled`; as [`once`]. A
/// repetition with the same `Idempotency-Key` is a `Conflict` with code `already_answered`, since the key is not kept.
pub async fn rotate_api_key(
    app: &App,
    caller: &Caller,
    input: RotateApiKey,
    key: Option<OnceKey>,
) -> Result<RotatedKey> {
    let RotateApiKey { organization, account: account_id, key: id, overlap_seconds, expires_in_days } = input;
    let held = guard_found_account(caller, Action::Update, organization, account_id)?;
    let overlap = overlap_seconds.unwrap_or(DAY);
    if !(0..=MOST_OVERLAP_SECONDS).contains(&overlap) {
        return Err(Error::invalid("overlap_seconds", format!("must be 0 to {MOST_OVERLAP_SECONDS}")));
    }
    let successor_ends = expiry(app, expires_in_days)?;
    let work = match once(app, caller, scope_in(organization, caller), key).await? {
        Start::First(work) => work,
        Start::Repeated(()) => return Err(Error::internal("an answer with a key was kept")),
    };
    let account = account(&*work, organization, account_id).await?;
    let before = api_key(&*work, organization, account_id, id).await?;
    held.release()?;
    ensure_active(&account)?;
    let now = app.now();
    if !before.is_live(now) {
        return Err(Error::conflict("api_key_ended", "This key has ended: make a new one."));
    }
    let grants = key_grants(id, &before.scopes, now);
    may_put(caller, grants.iter().flat_map(|grant| grant.permissions.iter()))?;
    let terms = CheckedTerms { scopes: before.scopes.clone(), expires_at: successor_ends };
    let end = now.plus_seconds(overlap);
    let expires_at = Some(before.expires_at.map_or(end, |expires_at| expires_at.min(end)));
    let revoked_at = (overlap == 0).then_some(now);
    let changed = ApiKey { expires_at, revoked_at, updated_at: now, ..before };
    let replaced = change_key(&*work, organization, &changed).await?;
    let (made, created) = insert_key(app, caller, &*work, &account, terms, Some(id)).await?;
    let rotated = Event::new(caller, "api_key.rotated", "api_keys").resource(id).data(json!({
        "service_account_id": account_id, "prefix": replaced.prefix, "expires_at": replaced.expires_at,
        "successor_id": made.key.id,
    }));
    audit::append(&*work, app, organization, vec![rotated, created]).await?;
    work.finish_secret(RotatedKey { replaced, made }).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        service_accounts::keys::fixtures::{api_key, robot},
        testing::{TestApp, Trail, administrator, now, organization, service_account},
    };
    use keystead_domain::{ErrorKind, accounts::ServiceAccount};
    use keystead_store::mocks::MockUnitOfWork;

    async fn rotate_as(
        caller: &Caller,
        found: ApiKey,
        account: ServiceAccount,
        overlap_seconds: Option<i64>,
    ) -> (Result<RotatedKey>, Vec<String>, usize) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        unit.access.service_accounts.expect_find().returning(move |_, _| Ok(Some(account.clone())));
        unit.access.api_keys.expect_find().returning(move |_, _| Ok(Some(found.clone())));
        unit.access.api_keys.expect_update().times(0..=1).returning(|_, changed| Ok(changed.clone()));
        unit.access.api_keys.expect_insert().times(0..=1).returning(|_, _, _| Ok(()));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let input = RotateApiKey {
            organization: organization(1),
            account: robot().id,
            key: api_key().id,
            overlap_seconds,
            expires_in_days: Some(30),
        };
        let done = rotate_api_key(&test.build(), caller, input, None).await;
        let events = trail.events().into_iter().map(|event| event.event_type).collect();
        (done, events, journal.commits())
    }

    async fn rotate(found: ApiKey, overlap_seconds: Option<i64>) -> (Result<RotatedKey>, Vec<String>, usize) {
        rotate_as(&administrator(organization(1), 7), found, robot(), overlap_seconds).await
    }

    #[tokio::test]
    async fn the_old_key_goes_on_for_a_while_and_never_longer_than_before() {
        let year = ApiKey { expires_at: Some(now().plus_seconds(365 * DAY)), ..api_key() };
        let endless = ApiKey { expires_at: None, ..api_key() };
        for (found, overlap, end) in [
            (&year, None, DAY),
            (&year, Some(30 * DAY), 30 * DAY),
            (&year, Some(60), 60),
            (&endless, None, DAY),
            (&api_key(), None, 3600),
        ] {
            let (done, events, commits) = rotate(found.clone(), overlap).await;
            let RotatedKey { replaced, made } = done.unwrap();
            assert_eq!((replaced.expires_at, replaced.revoked_at), (Some(now().plus_seconds(end)), None));
            assert_eq!((made.key.replaces_id, &made.key.scopes), (Some(found.id), &found.scopes));
            assert_eq!(made.key.expires_at, Some(now().plus_seconds(30 * DAY)));
            assert_eq!((events, commits), (vec!["api_key.rotated".to_owned(), "api_key.created".to_owned()], 1));
        }
        let replaced = rotate(year, Some(0)).await.0.unwrap().replaced;
        assert!(!replaced.is_live(now()) && replaced.revoked_at == Some(now()));
    }

    #[tokio::test]
    async fn what_has_ended_or_is_asked_for_too_long_is_refused() {
        let revoked = ApiKey { revoked_at: Some(now()), ..api_key() };
        let expired = ApiKey { expires_at: Some(now()), ..api_key() };
        for (found, overlap, code) in [
            (revoked, None, "api_key_ended"),
            (expired, None, "api_key_ended"),
            (api_key(), Some(30 * DAY + 1), "invalid"),
            (api_key(), Some(-1), "invalid"),
        ] {
            let (done, events, commits) = rotate(found, overlap).await;
            assert_eq!((done.unwrap_err().code, events.len(), commits), (code, 0, 0));
        }
        let disabled = ServiceAccount { is_active: false, ..robot() };
        let (done, ..) = rotate_as(&administrator(organization(1), 7), api_key(), disabled, None).await;
        assert_eq!(done.unwrap_err().code, "service_account_disabled");
    }

    #[tokio::test]
    async fn nobody_gets_a_key_that_permits_what_he_lacks() {
        let program = service_account(1, &["service_accounts:update:organization"]);
        let (done, events, commits) = rotate_as(&program, api_key(), robot(), None).await;
        let error = done.unwrap_err();
        assert_eq!((error.kind, error.code, events.len(), commits), (ErrorKind::Forbidden, "grants_too_much", 0, 0));
        let program = service_account(1, &["service_accounts:update:organization", "teams:read:organization"]);
        assert!(rotate_as(&program, api_key(), robot(), None).await.0.is_ok());
    }
}
