//! What has changed of all that decides: the feed from which nodes bring themselves up to date.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How often the rules that decide have changed: the key under which what follows from them may be kept in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AccessVersions {
    /// Of the organization.
    pub organization: i64,
    /// Of the platform, whose rules every organization inherits.
    pub platform: i64,
}

/// The table of a change, and what its rows are found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessTable {
    /// All of them: nothing that was read before can be relied on.
    Everything,
    /// The organization itself, by its own identifier.
    Organizations,
    /// Memberships, by the person. The person's roles, user levels and places in teams go with one that is removed.
    Memberships,
    /// Teams, by the team; a change of its members is one of the team.
    Teams,
    /// Roles and what they permit, by the role.
    Roles,
    /// Permissions, by their identifiers.
    Permissions,
    /// Who holds roles, by the person.
    UserRoles,
    /// Views, by their identifiers. Their links go with one that is removed.
    Views,
    /// Modules and what belongs to them, by the module.
    Modules,
    /// Features and where they are, by the feature.
    Features,
    /// Which modules an organization has, by the module.
    OrganizationModules,
    /// User levels and what they permit, by the level.
    UserLevels,
    /// Who has user levels, by the person.
    UserUserLevels,
    /// Menus, by the item of the first level.
    MenuItems,
    /// Policy rules, by their identifiers.
    CasbinRules,
    /// The policy model, by its identifier.
    PolicyModels,
    /// Policy entities, by their rows' identifiers.
    PolicyEntities,
    /// Service accounts and their keys, by the account.
    ServiceAccounts,
    /// Whose account is active, by the person; the platform's, as accounts are.
    Users,
}
crate::text_enum!(AccessTable {
    Everything = "everything",
    Organizations = "organizations",
    Memberships = "memberships",
    Teams = "teams",
    Roles = "roles",
    Permissions = "permissions",
    UserRoles = "user_roles",
    Views = "views",
    Modules = "modules",
    Features = "features",
    OrganizationModules = "organization_modules",
    UserLevels = "user_levels",
    UserUserLevels = "user_user_levels",
    MenuItems = "menu_items",
    CasbinRules = "casbin_rules",
    PolicyModels = "policy_models",
    PolicyEntities = "policy_entities",
    ServiceAccounts = "service_accounts",
    Users = "users",
});

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeOperation {
    /// It was made or changed: read it again.
    Put,
    /// It is gone.
    Remove,
}
crate::text_enum!(ChangeOperation { Put = "put", Remove = "remove" });

/// A change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccessChange {
    /// The table.
    pub table: AccessTable,
    /// The row, or what the table's rows are found by; none when all of the table must be read again.
    pub row: Option<Uuid>,
    /// What happened to it.
    pub operation: ChangeOperation,
}

impl AccessChange {
    /// A row was made or changed.
    #[must_use]
    pub fn put(table: AccessTable, row: impl Into<Uuid>) -> Self {
        Self { table, row: Some(row.into()), operation: ChangeOperation::Put }
    }
    /// A row is gone.
    #[must_use]
    pub fn remove(table: AccessTable, row: impl Into<Uuid>) -> Self {
        Self { table, row: Some(row.into()), operation: ChangeOperation::Remove }
    }
    /// All of the table must be read again.
    #[must_use]
    pub const fn all(table: AccessTable) -> Self {
        Self { table, row: None, operation: ChangeOperation::Put }
    }
    /// More rows of a table than this in one go are noted as all of the table.
    pub const MANY: usize = 500;

    /// The changes in the order in which they are noted: each once, and of a table with very many only that all of it changed.
    #[must_use]
    pub fn condensed(changes: &[Self]) -> Vec<Self> {
        let mut sorted = changes.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let mut noted = Vec::with_capacity(sorted.len().min(Self::MANY));
        for same in sorted.chunk_by(|one, next| one.table == next.table) {
            let whole = same.len() > Self::MANY || same.iter().any(|change| change.row.is_none());
            match same.first() {
                Some(first) if whole => noted.push(Self::all(first.table)),
                _ => noted.extend_from_slice(same),
            }
        }
        noted
    }
}

/// What has changed since a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangesSince {
    /// The current version.
    pub version: i64,
    /// Every change between the two, oldest first. None when that is not known any more, or is too much: read everything again.
    pub changes: Option<Vec<AccessChange>>,
}

/// A version that a transaction has raised: nobody else changes anything that decides there until it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldVersion {
    /// The version right before it. Everything is as it was then, but for what the transaction has changed itself.
    pub before: i64,
    /// What that is so far.
    pub changed: Vec<AccessChange>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_noted_once_and_many_as_all() {
        let row = |number: u128| Uuid::from_u128(number);
        let few = [
            AccessChange::put(AccessTable::Roles, row(2)),
            AccessChange::remove(AccessTable::Roles, row(1)),
            AccessChange::put(AccessTable::Roles, row(2)),
        ];
        assert_eq!(AccessChange::condensed(&few), [few[1], few[0]]);
        let mut many: Vec<_> = (0..501).map(|n| AccessChange::put(AccessTable::CasbinRules, row(n))).collect();
        many.push(few[0]);
        assert_eq!(AccessChange::condensed(&many), [few[0], AccessChange::all(AccessTable::CasbinRules)]);
        let whole = [AccessChange::all(AccessTable::Views), AccessChange::put(AccessTable::Views, row(1))];
        assert_eq!(AccessChange::condensed(&whole), [AccessChange::all(AccessTable::Views)]);
        assert_eq!(AccessChange::condensed(&[]), []);
    }

    #[test]
    fn every_word_fits_its_column() {
        assert!(AccessTable::ALL.iter().all(|table| table.as_str().len() <= 40));
        for table in AccessTable::ALL {
            assert_eq!(AccessTable::parse(table.as_str()), Some(*table));
        }
    }
}
