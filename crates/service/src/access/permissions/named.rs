//! From what a client calls a permission to the permission.

use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, Error, OrganizationId, PageRequest, PermissionId, Result,
    access::{Action, NewPermission, Permission, built_in_permission_id},
};
use keystead_store::UnitOfWork;

/// At most so many permissions are named at once.
const MOST: usize = 500;

/// What a client wrote.
enum Wanted {
    Id(PermissionId),
    Name(NewPermission),
}

impl Wanted {
    fn parse(field: &str, text: &str) -> Result<Self> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        let refuse = |_| Error::invalid(field, format!("{text:?} is neither resource:action:scope nor an identifier"));
        NewPermission::parse(text).map(Self::Name).map_err(refuse)
    }
    /// The identifier, as far as it follows from the text.
    fn id(&self) -> Option<PermissionId> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Name(name) => {
                Action::parse(&name.action).map(|action| built_in_permission_id(&name.resource, action, name.scope))
            }
        }
    }
    fn is(&self, permission: &Permission) -> bool {
        match self {
            Self::Id(id) => permission.id == *id,
            Self::Name(NewPermission { resource, action, scope }) => {
                permission.resource == *resource && permission.action == *action && permission.scope == *scope
            }
        }
    }
}

/// The permissions with these names (`teams:read:organization`) or identifiers, as seen from `organization`, each once.
///
/// It is asked before the transaction that writes: looking for names can take many statements, and on SQLite every other
/// writer would wait meanwhile. What a permission says never changes.
///
/// # Errors
/// `Invalid` on `permissions` when there are too many, or one is not seen.
pub(crate) async fn named_permissions(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    names: &[String],
) -> Result<Vec<Permission>> {
    permissions_named_in("permissions", app, caller, organization, names).await
}

/// As [`named_permissions`], for names that the client gave in `field`.
///
/// # Errors
/// `Invalid` on `field`.
pub(crate) async fn permissions_named_in(
    field: &str,
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    names: &[String],
) -> Result<Vec<Permission>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    find(field, &*unit, organization, names).await
}

async fn find(
    field: &str,
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    names: &[String],
) -> Result<Vec<Permission>> {
    if names.len() > MOST {
        return Err(Error::invalid(field, format!("must be at most {MOST}")));
    }
    let wanted = names.iter().map(|text| Wanted::parse(field, text)).collect::<Result<Vec<_>>>()?;
    let mut ids: Vec<PermissionId> = wanted.iter().filter_map(Wanted::id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = if ids.is_empty() { Vec::new() } else { unit.permissions().find_many(organization, &ids).await? };
    find_by_name(unit, organization, &wanted, &mut found).await?;
    let missing = wanted.iter().position(|wanted| !found.iter().any(|permission| wanted.is(permission)));
    match missing.and_then(|place| names.get(place)) {
        None => Ok(found),
        Some(name) => Err(Error::invalid(field, format!("there is no permission {name:?} here"))),
    }
}

/// Adds what is wanted by name and is not built in, walking through all permissions.
async fn find_by_name(
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    wanted: &[Wanted],
    found: &mut Vec<Permission>,
) -> Result<()> {
    let is_open = |wanted: &&Wanted, found: &[Permission]| {
        matches!(wanted, Wanted::Name(_)) && !found.iter().any(|permission| wanted.is(permission))
    };
    let mut open: Vec<&Wanted> = wanted.iter().filter(|wanted| is_open(wanted, found)).collect();
    let mut request = PageRequest::first(PageRequest::MAX);
    while !open.is_empty() {
        let page = unit.permissions().list(organization, &request).await?;
        for permission in page.items {
            if open.iter().any(|wanted| wanted.is(&permission)) {
                open.retain(|wanted| !wanted.is(&permission));
                found.push(permission);
            }
        }
        let Some(next) = page.next else { break };
        request.after = Some(next);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{now, organization};
    use keystead_domain::{Page, access::PermissionScope};
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    fn permission(number: u128, resource: &str, action: &str) -> Permission {
        Permission {
            id: PermissionId::from_uuid(Uuid::from_u128(number)),
            organization_id: organization(1),
            resource: resource.to_owned(),
            action: action.to_owned(),
            scope: PermissionScope::Organization,
            description: None,
            created_at: now(),
        }
    }

    fn built_in() -> Permission {
        let id = built_in_permission_id("teams", Action::Read, PermissionScope::Organization);
        Permission { id, ..permission(0, "teams", "read") }
    }

    async fn named(unit: &MockUnitOfWork, names: &[&str]) -> Result<Vec<Permission>> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        find("permissions", unit, organization(1), &names).await
    }

    #[tokio::test]
    async fn built_in_names_and_identifiers_take_one_statement() {
        let mut unit = MockUnitOfWork::new();
        let own = permission(5, "reports", "print");
        let all = [built_in(), own.clone()];
        unit.permissions.expect_find_many().once().returning(move |_, ids| {
            Ok(all.iter().filter(|permission| ids.contains(&permission.id)).cloned().collect())
        });
        let id = own.id.to_string().to_uppercase();
        let found = named(&unit, &["teams:read:organization", &id, "teams:read:organization"]).await.unwrap();
        assert_eq!(found, [built_in(), own]);
    }

    #[tokio::test]
    async fn other_names_are_looked_for_page_by_page() {
        let mut unit = MockUnitOfWork::new();
        unit.permissions.expect_find_many().returning(|_, _| Ok(Vec::new()));
        unit.permissions.expect_list().times(2).returning(|_, request| {
            Ok(match request.after {
                None => Page { items: vec![permission(1, "reports", "read")], next: Some("1".to_owned()) },
                Some(_) => Page { items: vec![permission(2, "reports", "print")], next: None },
            })
        });
        let found = named(&unit, &["reports:print:organization", "reports:read:organization"]).await.unwrap();
        assert_eq!(found.len(), 2);
    }

    #[tokio::test]
    async fn what_is_not_there_is_named() {
        let mut unit = MockUnitOfWork::new();
        unit.permissions.expect_find_many().returning(|_, _| Ok(Vec::new()));
        unit.permissions.expect_list().returning(|_, _| Ok(Page { items: Vec::new(), next: None }));
        let unknown = Uuid::from_u128(77).to_string();
        for name in ["reports:read:own", "nonsense", unknown.as_str()] {
            let error = named(&unit, &[name]).await.unwrap_err();
            assert_eq!(error.fields[0].field, "permissions");
            assert!(error.message.contains(name), "{error}");
        }
        assert!(named(&unit, &vec!["a:b:own"; 501]).await.is_err());
        assert_eq!(named(&unit, &[]).await.unwrap(), []);
    }
}
