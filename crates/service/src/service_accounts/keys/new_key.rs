//! A key comes into being.

use super::scopes::CheckedTerms;
use crate::{App, audit::Event};
use keystead_crypto::tokens::ApiKeyToken;
use keystead_domain::{
    ApiKeyId, Caller, Result,
    accounts::{ApiKey, ServiceAccount},
};
use keystead_store::UnitOfWork;
use secrecy::SecretString;
use serde_json::json;

/// A new key.
#[derive(Clone, Debug)]
pub struct CreatedKey {
    /// What the store keeps of it.
    pub key: ApiKey,
    /// The key itself. It is nowhere else, and shown this once.
    pub token: SecretString,
}

/// Makes a key of `account`, which takes the place of `replaces` where there is one. Returns it with the event to be recorded.
///
/// # Errors
/// When the store fails.
pub(in crate::service_accounts) async fn insert_key(
    app: &App,
    caller: &Caller,
    unit: &dyn UnitOfWork,
    account: &ServiceAccount,
    terms: CheckedTerms,
    replaces: Option<ApiKeyId>,
) -> Result<(CreatedKey, Event)> {
    let (token, now) = (ApiKeyToken::issue(&*app.random), app.now());
    let key = ApiKey {
        id: app.ids.next(),
        organization_id: account.organization_id,
        service_account_id: account.id,
        prefix: token.prefix().to_owned(),
        scopes: terms.scopes,
        replaces_id: replaces,
        expires_at: Some(terms.expires_at),
        last_used_at: None,
        revoked_at: None,
        created_by: Some(caller.actor()),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    unit.api_keys().insert(account.organization_id, &key, &token.hash()).await?;
    let event = Event::new(caller, "api_key.created", "api_keys").resource(key.id).data(json!({
        "service_account_id": account.id, "prefix": key.prefix, "scopes": key.scopes, "expires_at": key.expires_at,
        "replaces_id": replaces,
    }));
    Ok((CreatedKey { key, token: token.to_text() }, event))
}
