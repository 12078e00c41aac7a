//! What a key is to be good for.

use crate::{
    App,
    access::{may_put, permissions::permissions_named_in},
};
use keystead_domain::{
    Caller, Error, OrganizationId, PLATFORM, Result, Timestamp,
    access::{Permission, PermissionScope},
};

const DAY: i64 = 24 * 60 * 60;

/// A key has at most so many scopes.
pub const MOST_SCOPES: usize = 100;

/// What a key is to be good for, and for how long.
#[derive(Clone, Debug, Default)]
pub struct KeyTerms {
    /// Names of permissions (`teams:read:organization`, or `teams:read` for the same), or their identifiers. The caller must
    /// hold each; without any, the key permits nothing.
    pub scopes: Vec<String>,
    /// In how many days it ends; what the operator has set when nothing is said.
    pub expires_in_days: Option<u32>,
}

/// [`KeyTerms`] that were checked.
#[derive(Debug)]
pub(in crate::service_accounts) struct CheckedTerms {
    /// In order, each once.
    pub(super) scopes: Vec<String>,
    pub(super) expires_at: Timestamp,
}

/// Checks what a key in `organization` is to be good for, before the transaction that writes.
///
/// # Errors
/// `Invalid` on `scopes` or `expires_in_days`; `Forbidden` with code `grants_too_much`, naming one scope.
pub(in crate::service_accounts) async fn check_scopes(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    terms: KeyTerms,
) -> Result<CheckedTerms> {
    let expires_at = expiry(app, terms.expires_in_days)?;
    if terms.scopes.len() > MOST_SCOPES {
        return Err(Error::invalid("scopes", format!("must be at most {MOST_SCOPES}")));
    }
    let names: Vec<String> = terms.scopes.into_iter().map(whole_name).collect();
    let permissions = permissions_named_in("scopes", app, caller, organization, &names).await?;
    may_put(caller, &permissions)?;
    if let Some(useless) = permissions.iter().find(|permission| !counts(permission, organization)) {
        let why = if useless.scope == PermissionScope::Own {
            "a service account owns nothing"
        } else {
            "scope any counts in the platform organization only"
        };
        return Err(Error::invalid("scopes", format!("{} permits nothing here: {why}", useless.name())));
    }
    let mut scopes: Vec<String> = permissions.iter().map(Permission::name).collect();
    scopes.sort_unstable();
    scopes.dedup();
    Ok(CheckedTerms { scopes, expires_at })
}

/// When a key ends that is made now.
///
/// # Errors
/// `Invalid` on `expires_in_days`.
pub(super) fn expiry(app: &App, days: Option<u32>) -> Result<Timestamp> {
    let most = app.settings.api_key_most_seconds;
    let seconds =
        days.map_or_else(|| app.settings.api_key_seconds.min(most), |days| i64::from(days).saturating_mul(DAY));
    if seconds < 1 || seconds > most {
        return Err(Error::invalid("expires_in_days", format!("must be 1 to {}", most / DAY)));
    }
    Ok(app.now().plus_seconds(seconds))
}

/// The name with its scope: what a program may do, it mostly may do in its organization.
fn whole_name(name: String) -> String {
    if name.matches(':').count() == 1 { format!("{name}:{}", PermissionScope::Organization) } else { name }
}

fn counts(permission: &Permission, organization: OrganizationId) -> bool {
    match permission.scope {
        PermissionScope::Own => false,
        PermissionScope::Organization => true,
        PermissionScope::Any => organization == PLATFORM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, administrator, context, grant, now, organization};
    use keystead_domain::{Caller, access::ADMIN};
    use keystead_store::mocks::MockUnitOfWork;

    async fn check(caller: &Caller, place: OrganizationId, terms: KeyTerms) -> Result<CheckedTerms> {
        let (test, mut unit) = (TestApp::new(), MockUnitOfWork::new());
        unit.permissions.expect_find_many().returning(|_, ids| {
            let known = grant(&ADMIN).permissions;
            Ok(known.iter().filter(|permission| ids.contains(&permission.id)).cloned().collect())
        });
        test.unit(unit);
        check_scopes(&test.build(), caller, place, terms).await
    }

    fn terms(scopes: &[&str], days: Option<u32>) -> KeyTerms {
        KeyTerms { scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(), expires_in_days: days }
    }

    #[tokio::test]
    async fn scopes_are_kept_whole_in_order_and_once() {
        let given = terms(&["teams:read", "access:evaluate:organization", "teams:read:organization"], Some(1));
        let checked = check(&administrator(organization(1), 7), organization(1), given).await.unwrap();
        assert_eq!(checked.scopes, ["access:evaluate:organization", "teams:read:organization"]);
        assert_eq!(checked.expires_at, now().plus_seconds(86_400));
    }

    #[tokio::test]
    async fn scope_any_is_for_the_platform() {
        let any = || terms(&["users:read:any"], None);
        assert!(check(&administrator(PLATFORM, 7), PLATFORM, any()).await.is_ok());
        let (operator, administrator) = (Caller::operator(context()), administrator(organization(1), 7));
        assert!(check(&operator, PLATFORM, any()).await.is_ok());
        assert_eq!(check(&operator, organization(1), any()).await.unwrap_err().fields[0].field, "scopes");
        assert_eq!(check(&administrator, organization(1), any()).await.unwrap_err().code, "grants_too_much");
    }

    #[tokio::test]
    async fn every_key_ends() {
        let caller = administrator(organization(1), 7);
        for (days, expected) in [
            (None, Some(365)),
            (Some(1), Some(1)),
            (Some(1095), Some(1095)),
            (Some(0), None),
            (Some(1096), None),
            (Some(u32::MAX), None),
        ] {
            let checked = check(&caller, organization(1), terms(&[], days)).await;
            let end = checked.as_ref().ok().map(|checked| checked.expires_at);
            assert_eq!(end, expected.map(|days: i64| now().plus_seconds(days * DAY)), "{days:?}");
            assert!(checked.is_ok() || checked.is_err_and(|error| error.fields[0].field == "expires_in_days"));
        }
    }

    #[tokio::test]
    async fn there_are_only_so_many() {
        let many = vec!["teams:read"; MOST_SCOPES + 1];
        let error = check(&administrator(organization(1), 7), organization(1), terms(&many, None)).await.unwrap_err();
        assert_eq!(error.fields[0].field, "scopes");
    }
}
