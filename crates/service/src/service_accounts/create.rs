//! Makes a service account.

use super::keys::{CreatedKey, KeyTerms, check_scopes, insert_key};
use crate::{
    App,
    access::{Resource, guard, guard_here, scope_in},
    audit::{self, Event, changes},
    idempotency::{OnceKey, Start, once},
};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, access::Action, accounts::ServiceAccount, bounded, optional_bounded,
};

/// What a new service account needs.
#[derive(Clone, Debug)]
pub struct CreateServiceAccount {
    /// Whose it becomes.
    pub organization: OrganizationId,
    /// Its name, up to 255 characters, unique in the organization.
    pub name: String,
    /// What it is for, up to 2000 characters.
    pub description: Option<String>,
    /// What its first key is good for.
    pub key: KeyTerms,
}

/// A new service account with its first key.
#[derive(Clone, Debug)]
pub struct CreatedServiceAccount {
    /// The service account.
    pub account: ServiceAccount,
    /// Its first key.
    pub key: CreatedKey,
}

/// Makes a service account with a first key, which permits nothing that the caller lacks.
///
/// # Errors
/// As [`guard`]; `Invalid` on `name`, `description`, `scopes` or `expires_in_days`; `Forbidden` with code `grants_too_much`;
/// `Conflict` with code `service_account_name_taken`; as [`once`]. A repetition with the same key is a `Conflict` with code
/// `already_answered`, since the service account's key is not kept.
pub async fn create_service_account(
    app: &App,
    caller: &Caller,
    input: CreateServiceAccount,
    key: Option<OnceKey>,
) -> Result<CreatedServiceAccount> {
    let organization = input.organization;
    guard_here(caller, organization)?;
    guard(caller, Action::Create, &Resource::all("service_accounts", organization))?;
    let now = app.now();
    let account = ServiceAccount {
        id: app.ids.next(),
        organization_id: organization,
        name: bounded("name", &input.name, 255)?,
        description: optional_bounded("description", input.description.as_deref(), 2000)?,
        is_active: true,
        created_by: Some(caller.actor()),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let terms = check_scopes(app, caller, organization, input.key).await;
    let work = match once(app, caller, scope_in(organization, caller), key).await? {
        Start::First(work) => work,
        Start::Repeated(()) => return Err(Error::internal("an answer with a key was kept")),
    };
    // A repetition is told that it is one, although a permission may be gone by now.
    let terms = terms?;
    work.service_accounts().insert(organization, std::slice::from_ref(&account)).await?;
    let event = Event::new(caller, "service_account.created", "service_accounts")
        .resource(account.id)
        .changed(changes(&(), &account)?);
    let (key, made) = insert_key(app, caller, &*work, &account, terms, None).await?;
    audit::append(&*work, app, organization, vec![event, made]).await?;
    work.finish_secret(CreatedServiceAccount { account, key }).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, administrator, member, organization, service_account};
    use keystead_crypto::tokens::ApiKeyToken;
    use keystead_domain::{
        ErrorKind,
        access::{ADMIN, Permission},
        accounts::ApiKey,
    };
    use keystead_store::{Claim, mocks::MockUnitOfWork};
    use secrecy::ExposeSecret;
    use std::sync::{Arc, Mutex};

    type Inserted = Arc<Mutex<Vec<(ApiKey, Vec<u8>)>>>;

    fn input(scopes: &[&str]) -> CreateServiceAccount {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let key = KeyTerms { scopes, expires_in_days: None };
        CreateServiceAccount { organization: organization(1), name: " Robot ".to_owned(), description: None, key }
    }

    /// A unit of work that finds the built-in permissions.
    fn finding() -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        let known: Vec<Permission> = crate::testing::grant(&ADMIN).permissions.to_vec();
        unit.permissions.expect_find_many().returning(move |_, ids| {
            Ok(known.iter().filter(|permission| ids.contains(&permission.id)).cloned().collect())
        });
        unit.permissions.expect_list().returning(|_, _| Ok(keystead_domain::Page { items: vec![], next: None }));
        unit
    }

    fn unit(trail: &Trail, inserted: &Inserted) -> MockUnitOfWork {
        let (mut unit, inserted) = (MockUnitOfWork::new(), Arc::clone(inserted));
        unit.access.service_accounts.expect_insert().returning(|_, _| Ok(()));
        unit.access.api_keys.expect_insert().returning(move |_, key, hash| {
            inserted.lock().unwrap().push((key.clone(), hash.to_vec()));
            Ok(())
        });
        unit.idempotency.expect_claim().returning(|_| Ok(Claim::First));
        unit.idempotency.expect_finish().returning(|_, answer| {
            assert_eq!(answer, None, "the answer holds a key");
            Ok(())
        });
        trail.record(&mut unit);
        unit
    }

    #[tokio::test]
    async fn the_first_key_is_shown_once_and_kept_nowhere() {
        let (test, trail, inserted) = (TestApp::new(), Trail::default(), Inserted::default());
        let journal = test.unit(finding()).unit(unit(&trail, &inserted)).journal();
        let (app, caller) = (test.build(), administrator(organization(1), 7));
        let once = OnceKey::new(&app, "POST /api/v1/service-accounts", "k", b"{}").unwrap();
        let input = input(&["teams:read:organization", "access:evaluate"]);
        let made = create_service_account(&app, &caller, input, Some(once)).await.unwrap();
        assert_eq!((made.account.name.as_str(), journal.commits()), ("Robot", 1));
        assert_eq!(made.account.created_by, Some(format!("user:{}", caller.user_id.unwrap())));

        let (key, hash) = inserted.lock().unwrap()[0].clone();
        let token = ApiKeyToken::parse(made.key.token.expose_secret()).unwrap();
        assert_eq!((token.prefix(), token.hash().to_vec()), (key.prefix.as_str(), hash));
        assert_eq!(key.scopes, ["access:evaluate:organization", "teams:read:organization"]);
        assert_eq!(key.expires_at, Some(app.now().plus_seconds(365 * 86_400)));

        let events = trail.events();
        let types: Vec<&str> = events.iter().map(|event| event.event_type.as_str()).collect();
        assert_eq!(types, ["service_account.created", "api_key.created"]);
        for said in [format!("{made:?}"), format!("{key:?}"), format!("{events:?}")] {
            assert!(!said.contains(made.key.token.expose_secret()), "{said}");
        }
    }

    #[tokio::test]
    async fn nobody_hands_out_what_he_lacks() {
        for (caller, scope, code) in [
            (administrator(organization(1), 7), "users:delete:any", "grants_too_much"),
            (administrator(organization(1), 7), "teams:explode:organization", "invalid"),
            (administrator(organization(1), 7), "sessions:read:own", "invalid"),
            (administrator(organization(1), 7), "nonsense", "invalid"),
            (
                service_account(1, &["service_accounts:create:organization"]),
                "teams:read:organization",
                "grants_too_much",
            ),
        ] {
            let (test, trail) = (TestApp::new(), Trail::default());
            let journal = test.unit(finding()).unit(unit(&trail, &Inserted::default())).journal();
            let error = create_service_account(&test.build(), &caller, input(&[scope]), None).await.unwrap_err();
            assert_eq!((error.code, journal.commits()), (code, 0), "{scope}");
        }
    }

    #[tokio::test]
    async fn a_service_account_makes_another_with_what_it_holds() {
        let (test, trail, inserted) = (TestApp::new(), Trail::default(), Inserted::default());
        test.unit(finding()).unit(unit(&trail, &inserted));
        let app = test.build();
        let program = service_account(1, &["service_accounts:create:organization", "teams:read:organization"]);
        let made = create_service_account(&app, &program, input(&["teams:read:organization"]), None);
        assert_eq!(made.await.unwrap().account.created_by, Some(program.actor()));
        let event = trail.events().remove(0);
        assert_eq!((event.user_id, event.caller_kind.as_str()), (None, "service_account"));
        let named = (event.metadata["service_account_id"].as_str(), event.metadata["api_key_id"].as_str());
        let ids = (program.service_account_id.unwrap().to_string(), program.api_key_id.unwrap().to_string());
        assert_eq!(named, (Some(ids.0.as_str()), Some(ids.1.as_str())));
    }

    #[tokio::test]
    async fn others_do_not() {
        let app = TestApp::new().build();
        for caller in
            [administrator(organization(2), 7), member(1, 7), service_account(1, &["teams:read:organization"])]
        {
            let error = create_service_account(&app, &caller, input(&[]), None).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::NotFound);
        }
    }
}
