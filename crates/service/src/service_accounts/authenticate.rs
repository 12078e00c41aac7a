//! Who is calling: from a key of a service account to a caller, with one statement when what decides is known already.

use super::key_grants;
use crate::{App, access::SnapshotRights};
use keystead_crypto::tokens::ApiKeyToken;
use keystead_domain::{Caller, CallerKind, Error, RequestContext, Result};
use keystead_store::UnitOfWork;
use std::sync::Arc;

/// Whether a bearer token is to be read as a key of a service account.
#[must_use]
pub fn is_api_key(token: &str) -> bool {
    token.starts_with(ApiKeyToken::PREFIX)
}

/// Finds out which service account is calling with the key `token`.
///
/// What counts is what the store says now: neither withdrawn nor expired, its account and organization active. A key whose
/// beginning is known and one that is made up cost the same statement, and all that is wrong with a key has one answer.
///
/// # Errors
/// `Unauthenticated`, whatever is wrong with the key.
pub async fn authenticate_key(app: &App, token: &str, context: RequestContext) -> Result<Caller> {
    // Who fails the checksum has made a typo, and learns from the time it takes only that.
    let token = ApiKeyToken::parse(token).map_err(|_| Error::unauthenticated())?;
    let now = app.now();
    let record = app.store.find_api_key(token.prefix(), &token.hash(), now).await?;
    let record = record.ok_or_else(Error::unauthenticated)?;
    app.key_usage.note(record.id, record.last_used_at, now);
    let snapshot = app.decisions.at_least(app, record.organization_id, record.versions).await?;
    Ok(Caller {
        kind: CallerKind::ServiceAccount,
        user_id: None,
        service_account_id: Some(record.service_account_id),
        api_key_id: Some(record.id),
        organization_id: record.organization_id,
        session_id: None,
        grants: key_grants(record.id, &record.scopes, now),
        versions: record.versions,
        rights: Some(Arc::new(SnapshotRights::new(snapshot, now, &context).recorded(app))),
        context,
    })
}

/// The service account as `unit`, which sees its organization, knows it and its key now: for one that has waited. As
/// [`caller_again`](crate::sessions::caller_again) for people.
///
/// # Errors
/// `Unauthenticated` when the key or the account has ended.
pub(crate) async fn key_again(app: &App, unit: &dyn UnitOfWork, caller: &Caller) -> Result<Caller> {
    let (organization, now) = (caller.organization_id, app.now());
    let (Some(account), Some(key)) = (caller.service_account_id, caller.api_key_id) else {
        return Err(Error::unauthenticated());
    };
    let key = unit.api_keys().find(organization, key).await?;
    let key = key.filter(|key| key.is_live(now) && key.service_account_id == account);
    let key = key.ok_or_else(Error::unauthenticated)?;
    let account = unit.service_accounts().find(organization, account).await?;
    if !account.is_some_and(|account| account.is_active) {
        return Err(Error::unauthenticated());
    }
    let versions = unit.access_changes().versions(organization).await?;
    let snapshot = app.decisions.within(unit, organization, versions).await?;
    let rights = SnapshotRights::new(snapshot, now, &caller.context).recorded(app);
    let grants = key_grants(key.id, &key.scopes, now);
    Ok(Caller { grants, versions, rights: Some(Arc::new(rights)), ..caller.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        service_accounts::keys::fixtures::{api_key, robot},
        sessions::caller_again,
        testing::{TestApp, context, deciding_rows, now, organization, service_account},
    };
    use keystead_domain::{
        ErrorKind, SystemRandom,
        accounts::{ApiKey, ServiceAccount},
    };
    use keystead_store::{AccessVersions, ApiKeyRecord, mocks::MockUnitOfWork};
    use secrecy::ExposeSecret;
    use uuid::Uuid;

    fn record() -> ApiKeyRecord {
        ApiKeyRecord {
            id: Uuid::from_u128(0x5001).into(),
            organization_id: organization(1),
            service_account_id: Uuid::from_u128(0x4001).into(),
            name: "Robot".to_owned(),
            scopes: vec!["teams:read:organization".to_owned()],
            expires_at: None,
            last_used_at: None,
            versions: AccessVersions { organization: 3, platform: 5 },
        }
    }

    /// What decides in the organization 1, where there is this service account.
    fn deciding(account: Option<ServiceAccount>) -> MockUnitOfWork {
        let mut rows = deciding_rows(organization(1), &[]);
        rows.versions = record().versions;
        rows.organization.service_accounts = account.into_iter().collect();
        let mut unit = MockUnitOfWork::new();
        unit.access.access_snapshots.expect_load().returning(move |_, _| Ok(rows.clone()));
        unit.access.access_changes.expect_versions().returning(|_| Ok(record().versions));
        unit
    }

    #[tokio::test]
    async fn a_key_is_its_service_account() {
        let (mut test, key) = (TestApp::new(), ApiKeyToken::issue(&SystemRandom));
        let expected = (key.prefix().to_owned(), key.hash());
        test.store.access.expect_find_api_key().once().returning(move |prefix, hash, at| {
            assert_eq!((prefix, hash, at), (expected.0.as_str(), expected.1.as_slice(), now()));
            Ok(Some(record()))
        });
        test.store.access.expect_record_api_key_use().once().returning(|uses| {
            assert_eq!(uses, [keystead_store::ApiKeyUse { id: record().id, at: now() }]);
            Ok(())
        });
        test.unit(deciding(Some(robot())));
        let app = test.build();
        let caller = authenticate_key(&app, key.to_text().expose_secret(), context()).await.unwrap();
        assert_eq!(caller.kind, CallerKind::ServiceAccount);
        assert_eq!((caller.user_id, caller.session_id, caller.organization_id), (None, None, organization(1)));
        assert_eq!(caller.service_account_id, Some(record().service_account_id));
        assert_eq!(caller.grants[0].permissions[0].name(), "teams:read:organization");
        app.key_usage.flush(&app).await.unwrap();
        assert!(!format!("{caller:?}").contains(key.to_text().expose_secret()));
    }

    #[tokio::test]
    async fn what_opens_nothing_has_one_answer() {
        let (mut test, key) = (TestApp::new(), ApiKeyToken::issue(&SystemRandom));
        test.store.access.expect_find_api_key().once().returning(|_, _, _| Ok(None));
        let app = test.build();
        let text = key.to_text().expose_secret().to_owned();
        let said = |error: Error| (error.kind, error.code, error.message);
        let unknown = said(authenticate_key(&app, &text, context()).await.unwrap_err());
        assert_eq!(unknown.0, ErrorKind::Unauthenticated);
        // These never reach the store.
        for typo in [&text[..64], "ks_", "ks_nonsense", &text.replacen("ks_", "ks-", 1)] {
            assert_eq!(said(authenticate_key(&app, typo, context()).await.unwrap_err()), unknown);
        }
        assert!(is_api_key(&text) && !is_api_key("eyJhbGciOi") && !is_api_key("ksi_"));
    }

    async fn again(key: Option<ApiKey>, account: Option<ServiceAccount>) -> Result<Caller> {
        let mut unit = deciding(account.clone());
        unit.access.api_keys.expect_find().returning(move |_, _| Ok(key.clone()));
        unit.access.service_accounts.expect_find().returning(move |_, _| Ok(account.clone()));
        let caller = service_account(1, &["teams:read:organization", "teams:update:organization"]);
        caller_again(&TestApp::new().build(), &unit, &caller).await
    }

    #[tokio::test]
    async fn a_service_account_that_has_waited_is_what_it_is_now() {
        let caller = again(Some(api_key()), Some(robot())).await.unwrap();
        assert_eq!(caller.grants[0].permissions.len(), 1);
        let revoked = ApiKey { revoked_at: Some(now()), ..api_key() };
        let expired = ApiKey { expires_at: Some(now()), ..api_key() };
        let others = ApiKey { service_account_id: Uuid::from_u128(9).into(), ..api_key() };
        let disabled = ServiceAccount { is_active: false, ..robot() };
        for (key, account) in [
            (None, Some(robot())),
            (Some(revoked), Some(robot())),
            (Some(expired), Some(robot())),
            (Some(others), Some(robot())),
            (Some(api_key()), None),
            (Some(api_key()), Some(disabled)),
        ] {
            assert_eq!(again(key, account).await.unwrap_err().kind, ErrorKind::Unauthenticated);
        }
    }
}
