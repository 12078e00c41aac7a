//! Makes another key of a service account.

use super::{CreatedKey, KeyTerms, check_scopes, ensure_active, insert_key};
use crate::{
    App,
    access::scope_in,
    audit,
    idempotency::{OnceKey, Start, once},
    service_accounts::{account, guard_found_account},
};
use keystead_domain::{Caller, Error, OrganizationId, Result, ServiceAccountId, access::Action};

/// Which key to make.
#[derive(Clone, Debug)]
pub struct CreateApiKey {
    /// In which organization.
    pub organization: OrganizationId,
    /// Of which service account.
    pub account: ServiceAccountId,
    /// What it is good for.
    pub terms: KeyTerms,
}

/// Makes another key of a service account, which permits nothing that the caller lacks.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Invalid` on `scopes` or `expires_in_days`; `Forbidden` with code
/// `grants_too_much`; `Conflict` with code `service_account_disabled`; as [`once`]. A repetition with the same
/// `Idempotency-Key` is a `Conflict` with code `already_answered`, since the key is not kept.
pub async fn create_api_key(
    app: &App,
    caller: &Caller,
    input: CreateApiKey,
    key: Option<OnceKey>,
) -> Result<CreatedKey> {
    let CreateApiKey { organization, account: id, terms } = input;
    let held = guard_found_account(caller, Action::Update, organization, id)?;
    let terms = check_scopes(app, caller, organization, terms).await;
    let work = match once(app, caller, scope_in(organization, caller), key).await? {
        Start::First(work) => work,
        Start::Repeated(()) => return Err(Error::internal("an answer with a key was kept")),
    };
    let account = account(&*work, organization, id).await?;
    held.release()?;
    ensure_active(&account)?;
    let (made, event) = insert_key(app, caller, &*work, &account, terms?, None).await?;
    audit::append(&*work, app, organization, vec![event]).await?;
    work.finish_secret(made).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        service_accounts::keys::fixtures::robot,
        testing::{TestApp, Trail, administrator, organization},
    };
    use keystead_domain::{ErrorKind, accounts::ServiceAccount};
    use keystead_store::mocks::MockUnitOfWork;

    async fn create(found: Option<ServiceAccount>) -> (Result<CreatedKey>, usize) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        unit.access.service_accounts.expect_find().returning(move |_, _| Ok(found.clone()));
        unit.access.api_keys.expect_insert().times(0..=1).returning(|_, _, _| Ok(()));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let input = CreateApiKey { organization: organization(1), account: robot().id, terms: KeyTerms::default() };
        let made = create_api_key(&test.build(), &administrator(organization(1), 7), input, None).await;
        (made, journal.commits())
    }

    #[tokio::test]
    async fn an_account_that_is_in_use_gets_another_key() {
        let (made, commits) = create(Some(robot())).await;
        let made = made.unwrap();
        assert_eq!((made.key.service_account_id, made.key.replaces_id, commits), (robot().id, None, 1));
    }

    #[tokio::test]
    async fn others_get_none() {
        let disabled = ServiceAccount { is_active: false, ..robot() };
        for (found, kind) in [(None, ErrorKind::NotFound), (Some(disabled), ErrorKind::Conflict)] {
            let (made, commits) = create(found).await;
            assert_eq!((made.unwrap_err().kind, commits), (kind, 0));
        }
    }
}
