//! From what a client calls a role to the role.

use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, Error, OrganizationId, PageRequest, Result, RoleId,
    access::{BUILT_IN_ROLES, Permission, Role},
};
use keystead_store::UnitOfWork;

/// At most so many roles are named at once.
const MOST: usize = 50;

/// What a client wrote.
enum Wanted<'a> {
    Id(RoleId),
    Name(&'a str),
}

impl Wanted<'_> {
    fn parse(text: &str) -> Wanted<'_> {
        if let Ok(id) = text.parse() {
            return Wanted::Id(id);
        }
        let built_in = BUILT_IN_ROLES.iter().find(|role| role.name == text);
        built_in.map_or(Wanted::Name(text), |role| Wanted::Id(role.id))
    }
    fn is(&self, role: &Role) -> bool {
        match self {
            Self::Id(id) => role.id == *id,
            Self::Name(name) => role.name == *name,
        }
    }
}

/// The roles with these names or identifiers, as seen from `organization`, each once. `field` is where they were named.
///
/// It is asked before the transaction that writes: looking for names can take many statements, and on SQLite every other
/// writer would wait meanwhile. What the roles permit is asked within it.
///
/// # Errors
/// `Invalid` on `field` when there are too many, one is not seen, or a name is that of an own and of an inherited role.
pub(crate) async fn named_roles(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    field: &'static str,
    names: &[String],
) -> Result<Vec<Role>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    find(&*unit, organization, field, names).await
}

async fn find(
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    field: &'static str,
    names: &[String],
) -> Result<Vec<Role>> {
    if names.len() > MOST {
        return Err(Error::invalid(field, format!("must be at most {MOST}")));
    }
    let wanted: Vec<Wanted<'_>> = names.iter().map(|name| Wanted::parse(name)).collect();
    let mut ids: Vec<RoleId> =
        wanted.iter().filter_map(|wanted| if let Wanted::Id(id) = wanted { Some(*id) } else { None }).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = if ids.is_empty() { Vec::new() } else { unit.roles().find_many(organization, &ids).await? };
    if wanted.iter().any(|wanted| matches!(wanted, Wanted::Name(_))) {
        find_by_name(unit, organization, &wanted, &mut found).await?;
    }
    for (wanted, name) in wanted.iter().zip(names) {
        match found.iter().filter(|role| wanted.is(role)).count() {
            1 => {}
            0 => return Err(Error::invalid(field, format!("there is no role {name:?} here"))),
            _ => return Err(Error::invalid(field, format!("several roles are called {name:?}: give the identifier"))),
        }
    }
    Ok(found)
}

/// Adds every role that is wanted by name, walking through all.
async fn find_by_name(
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    wanted: &[Wanted<'_>],
    found: &mut Vec<Role>,
) -> Result<()> {
    let mut request = PageRequest::first(PageRequest::MAX);
    loop {
        let page = unit.roles().list(organization, &request).await?;
        for role in page.items {
            let is_new = !found.iter().any(|other| other.id == role.id);
            if is_new && wanted.iter().any(|wanted| matches!(wanted, Wanted::Name(_)) && wanted.is(&role)) {
                found.push(role);
            }
        }
        match page.next {
            Some(next) => request.after = Some(next),
            None => return Ok(()),
        }
    }
}

/// Everything that one of `roles` permits.
///
/// # Errors
/// Only when the store fails.
pub(crate) async fn permitted_by(
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    roles: &[RoleId],
) -> Result<Vec<Permission>> {
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let permitted = unit.roles().permissions(organization, roles).await?;
    Ok(permitted.into_iter().map(|(_, permission)| permission).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::roles::fixtures::role, testing::organization};
    use keystead_domain::{
        PLATFORM, Page,
        access::{ADMIN, USER},
    };
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    fn own(number: u128, name: &str) -> Role {
        role(RoleId::from_uuid(Uuid::from_u128(number)), organization(1), name)
    }

    fn unit() -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.roles.expect_find_many().returning(|_, ids| {
            let all = [role(ADMIN.id, PLATFORM, "admin"), role(USER.id, PLATFORM, "user"), own(1, "weavers")];
            Ok(all.into_iter().filter(|role| ids.contains(&role.id)).collect())
        });
        unit.roles.expect_list().returning(|_, request| {
            Ok(match request.after {
                None => Page { items: vec![own(1, "weavers"), own(2, "twice")], next: Some("2".to_owned()) },
                Some(_) => {
                    let inherited = role(RoleId::from_uuid(Uuid::from_u128(3)), PLATFORM, "twice");
                    Page { items: vec![inherited], next: None }
                }
            })
        });
        unit
    }

    async fn named(names: &[&str]) -> Result<Vec<RoleId>> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let found = find(&unit(), organization(1), "roles", &names).await?;
        Ok(found.into_iter().map(|role| role.id).collect())
    }

    #[tokio::test]
    async fn roles_are_found_by_name_and_by_identifier_each_once() {
        let weavers = own(1, "weavers").id;
        let id = weavers.to_string();
        assert_eq!(named(&["user", "weavers", &id]).await.unwrap(), [USER.id, weavers]);
        assert_eq!(named(&["admin"]).await.unwrap(), [ADMIN.id]);
        assert_eq!(named(&[]).await.unwrap(), []);
    }

    #[tokio::test]
    async fn what_is_unknown_or_ambiguous_is_refused() {
        for (names, word) in [(["nobody"], "no role"), (["twice"], "several")] {
            let error = named(&names).await.unwrap_err();
            assert_eq!(error.fields[0].field, "roles");
            assert!(error.message.contains(word), "{error}");
        }
        assert!(named(&["user"; 51]).await.is_err());
    }
}
