//! Renames, describes, disables or enables a service account.

use super::{account, guard_found_account};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event, changes},
};
use keystead_domain::{
    Caller, OrganizationId, Result, ServiceAccountId, access::Action, accounts::ServiceAccount, bounded,
    optional_bounded,
};
use serde_json::json;

/// What is to change about a service account. What is absent stays.
#[derive(Clone, Debug)]
pub struct UpdateServiceAccount {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which.
    pub account: ServiceAccountId,
    /// The version that the change is made for.
    pub version: i64,
    /// Another name, up to 255 characters.
    pub name: Option<String>,
    /// Another description; none inside takes it away.
    pub description: Option<Option<String>>,
    /// Whether its keys open anything. To disable it ends all its keys, for good: an enabled one needs new ones.
    pub is_active: Option<bool>,
}

/// Renames, describes, disables or enables a service account.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Invalid` on `name` or `description`; `Conflict` with code
/// `service_account_name_taken`; `PreconditionFailed`.
pub async fn update_service_account(app: &App, caller: &Caller, input: UpdateServiceAccount) -> Result<ServiceAccount> {
    let UpdateServiceAccount { organization, account: id, version, name, description, is_active } = input;
    let held = guard_found_account(caller, Action::Update, organization, id)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let before = account(&*unit, organization, id).await?;
    held.release()?;
    let now = app.now();
    let mut changed = ServiceAccount { version, updated_at: now, ..before.clone() };
    if let Some(name) = name {
        changed.name = bounded("name", &name, 255)?;
    }
    if let Some(description) = description {
        changed.description = optional_bounded("description", description.as_deref(), 2000)?;
    }
    changed.is_active = is_active.unwrap_or(changed.is_active);
    let after = unit.service_accounts().update(organization, &changed).await?;
    let event_type = match (before.is_active, after.is_active) {
        (true, false) => "service_account.disabled",
        (false, true) => "service_account.enabled",
        _ => "service_account.updated",
    };
    let mut event = Event::new(caller, event_type, "service_accounts").resource(id).changed(changes(&before, &after)?);
    if !after.is_active {
        // Also when it was disabled already: a key that was being made meanwhile ends now.
        let ended = unit.api_keys().revoke_all(organization, id, now).await?;
        event = event.data(json!({ "ended_keys": ended }));
    }
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        service_accounts::keys::fixtures::robot,
        testing::{TestApp, Trail, administrator, organization},
    };
    use keystead_store::mocks::MockUnitOfWork;

    async fn update(was_active: bool, is_active: Option<bool>) -> (ServiceAccount, keystead_domain::audit::AuditEvent) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        let before = ServiceAccount { is_active: was_active, ..robot() };
        let id = before.id;
        unit.access.service_accounts.expect_find().returning(move |_, _| Ok(Some(before.clone())));
        unit.access.service_accounts.expect_update().once().returning(|_, changed| Ok(changed.clone()));
        let ends = usize::from(!is_active.unwrap_or(was_active));
        unit.access.api_keys.expect_revoke_all().times(ends).returning(|_, _, _| Ok(2));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let input = UpdateServiceAccount {
            organization: organization(1),
            account: id,
            version: 1,
            name: None,
            description: Some(None),
            is_active,
        };
        let after = update_service_account(&test.build(), &administrator(organization(1), 7), input).await.unwrap();
        assert_eq!(journal.commits(), 1);
        (after, trail.only())
    }

    #[tokio::test]
    async fn disabling_ends_the_keys_and_enabling_brings_none_back() {
        for (before, change, event_type, ended) in [
            (true, Some(false), "service_account.disabled", json!({ "ended_keys": 2 })),
            (false, Some(true), "service_account.enabled", json!({})),
            (true, None, "service_account.updated", json!({})),
            (false, Some(false), "service_account.updated", json!({ "ended_keys": 2 })),
        ] {
            let (after, event) = update(before, change).await;
            assert_eq!(after.is_active, change.unwrap_or(before));
            assert_eq!((event.event_type.as_str(), &event.event_data), (event_type, &ended));
        }
    }
}
