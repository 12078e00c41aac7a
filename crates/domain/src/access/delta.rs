//! What has changed since a snapshot was read, with the rows as they are now.

use super::{
    AccessChange, AccessSnapshot, AccessTable, AccessVersions, Catalogue, ChangeOperation, OrganizationRows,
    PlatformRows, PolicyRows,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Which rows of a table are to be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// None.
    Nothing,
    /// All of them.
    All,
    /// Those with these keys; see [`AccessTable`] for what the key of a table is.
    Keys(&'a BTreeSet<Uuid>),
}

impl Wanted<'_> {
    fn covers(self, key: Uuid) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Keys(keys) => keys.contains(&key),
        }
    }
}

/// The rows that changes touch, table by table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// None of a table stands for all of its rows.
    tables: BTreeMap<AccessTable, Option<BTreeSet<Uuid>>>,
    /// Who has left, and perhaps come back: they are in no team but those that are touched, too.
    left: BTreeSet<Uuid>,
}

impl Touched {
    /// More keys of a table than this are all of them.
    pub const MANY: usize = 1000;

    /// What these changes touch.
    #[must_use]
    pub fn by(changes: &[AccessChange]) -> Self {
        let mut touched = Self::default();
        for change in changes {
            touched.add(change.table, change.row);
            if change.table == AccessTable::Memberships {
                // What hangs on a membership goes with it.
                touched.add(AccessTable::UserRoles, change.row);
                touched.add(AccessTable::UserUserLevels, change.row);
                match (change.row, change.operation) {
                    (None, _) => touched.add(AccessTable::Teams, None),
                    (Some(user), ChangeOperation::Remove) => drop(touched.left.insert(user)),
                    (Some(_), ChangeOperation::Put) => {}
                }
            }
        }
        for keys in touched.tables.values_mut() {
            if keys.as_ref().is_some_and(|keys| keys.len() > Self::MANY) {
                *keys = None;
            }
        }
        touched
    }

    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self { tables: AccessTable::ALL.iter().map(|&table| (table, None)).collect(), left: BTreeSet::new() }
    }

    fn add(&mut self, table: AccessTable, row: Option<Uuid>) {
        let keys = self.tables.entry(table).or_insert_with(|| Some(BTreeSet::new()));
        match (keys.as_mut(), row) {
            (Some(keys), Some(row)) => drop(keys.insert(row)),
            (Some(_), None) => *keys = None,
            (None, _) => {}
        }
    }

    /// Which rows of a table are touched.
    #[must_use]
    pub fn wanted(&self, table: AccessTable) -> Wanted<'_> {
        match self.tables.get(&table) {
            None => Wanted::Nothing,
            Some(None) => Wanted::All,
            Some(Some(keys)) => Wanted::Keys(keys),
        }
    }

    /// Whether nothing that was read before can be relied on.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.tables.contains_key(&AccessTable::Everything)
    }
}

/// The way from one snapshot of an organization to a later one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessDelta {
    /// From these versions.
    pub since: AccessVersions,
    /// What was touched of the organization's own.
    pub own: Touched,
    /// What was touched of the platform's.
    pub inherited: Touched,
    /// The touched rows as they are now, and no others; those that are not here are gone. Of the platform's nothing where
    /// nothing was touched.
    pub rows: AccessSnapshot,
}

/// What has changed since a snapshot was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotChange {
    /// Nothing.
    Nothing,
    /// These rows.
    Delta(Box<AccessDelta>),
    /// Too much, or it is no longer known: read everything again.
    Anew,
}

/// Takes the touched rows out and puts the new ones in, in the order of `$place`.
macro_rules! replace {
    ($old:expr, $new:expr, $wanted:expr, $key:expr, $place:expr) => {
        let wanted = $wanted;
        if wanted != Wanted::Nothing {
            $old.retain(|row| !wanted.covers(($key)(row).into()));
            $old.extend($new);
            // Two runs in order: this sort sees that.
            $old.sort_by_key($place);
        }
    };
}

/// Of the long tables, so few rows are looked up one by one.
const FEW: usize = 64;

/// As `replace!`, for the long tables, which are in the order of keys that each row has for itself: rows that have changed or are
/// new do not cost a look at all the others.
fn replace_long<T>(old: &mut Vec<T>, new: Vec<T>, wanted: Wanted<'_>, key: impl Fn(&T) -> Uuid) {
    if let Wanted::Keys(keys) = wanted
        && keys.len() <= FEW
    {
        let is_gone = |id: &Uuid| new.iter().all(|row| key(row) != *id) && old.binary_search_by_key(id, &key).is_ok();
        if !keys.iter().any(is_gone) {
            for row in new {
                match old.binary_search_by_key(&key(&row), &key) {
                    Ok(place) => old[place] = row,
                    Err(place) => old.insert(place, row),
                }
            }
            return;
        }
    }
    replace!(old, new, wanted, &key, &key);
}

impl AccessSnapshot {
    /// Brings it up to date. Whether it could: the change begins where this snapshot stands.
    #[must_use]
    pub fn apply(&mut self, delta: AccessDelta) -> bool {
        if delta.since != self.versions || delta.rows.organization_id != self.organization_id {
            return false;
        }
        self.versions = delta.rows.versions;
        self.policy.apply(delta.rows.policy, &delta.own);
        self.organization.apply(delta.rows.organization, &delta.own);
        if let (Some(platform), Some(rows)) = (&mut self.platform, delta.rows.platform) {
            platform.apply(rows, &delta.inherited);
        }
        true
    }
}

impl PlatformRows {
    /// Puts in the rows that were touched.
    pub fn apply(&mut self, rows: Self, touched: &Touched) {
        self.policy.apply(rows.policy, touched);
        self.catalogue.apply(rows.catalogue, touched);
    }
}

impl PolicyRows {
    fn apply(&mut self, rows: Self, touched: &Touched) {
        let roles = touched.wanted(AccessTable::Roles);
        replace!(self.roles, rows.roles, roles, |row: &super::Role| row.id, |row| row.id);
        replace!(self.role_permissions, rows.role_permissions, roles, |row: &(crate::RoleId, _)| row.0, |row| *row);
        let permissions = touched.wanted(AccessTable::Permissions);
        replace!(self.permissions, rows.permissions, permissions, |row: &super::Permission| row.id, |row| row.id);
        let rules = touched.wanted(AccessTable::CasbinRules);
        replace_long(&mut self.rules, rows.rules, rules, |row| row.id.into());
        if touched.wanted(AccessTable::PolicyModels) != Wanted::Nothing {
            self.model = rows.model;
        }
    }
}

impl OrganizationRows {
    fn apply(&mut self, rows: Self, touched: &Touched) {
        if touched.wanted(AccessTable::Organizations) != Wanted::Nothing {
            self.organization = rows.organization;
        }
        let members = touched.wanted(AccessTable::Memberships);
        replace!(
            self.memberships,
            rows.memberships,
            members,
            |row: &crate::organizations::Membership| row.user_id,
            |row| row.user_id
        );
        let held = touched.wanted(AccessTable::UserRoles);
        replace!(self.user_roles, rows.user_roles, held, |row: &(crate::UserId, _)| row.0, |row| *row);
        let teams = touched.wanted(AccessTable::Teams);
        replace!(self.teams, rows.teams, teams, |row: &crate::organizations::Team| row.id, |row| row.id);
        self.team_members.retain(|row| !touched.left.contains(&row.1.as_uuid()));
        replace!(self.team_members, rows.team_members, teams, |row: &(crate::TeamId, _)| row.0, |row| *row);
        let modules = touched.wanted(AccessTable::OrganizationModules);
        replace!(self.modules, rows.modules, modules, |row: &super::OrganizationModule| row.module_id, |row| row
            .module_id);
        let levels = touched.wanted(AccessTable::UserLevels);
        replace!(self.levels, rows.levels, levels, |row: &super::UserLevel| row.id, |row| row.id);
        replace!(
            self.view_permissions,
            rows.view_permissions,
            levels,
            |row: &super::ViewPermission| row.user_level_id,
            |row| (row.user_level_id, row.view_id)
        );
        if levels != Wanted::Nothing {
            self.feature_permissions.retain(|row| !levels.covers(row.user_level_id.into()));
            self.feature_permissions.extend(rows.feature_permissions);
            self.feature_permissions.sort_by(|one, other| {
                let place = |row: &super::FeaturePermission| (row.user_level_id, row.feature_id);
                place(one).cmp(&place(other)).then_with(|| one.action.cmp(&other.action))
            });
        }
        let assigned = touched.wanted(AccessTable::UserUserLevels);
        replace!(self.assignments, rows.assignments, assigned, |row: &(crate::UserId, _)| row.0, |row| *row);
        let entities = touched.wanted(AccessTable::PolicyEntities);
        replace_long(&mut self.entities, rows.entities, entities, |row| row.id.into());
        let accounts = touched.wanted(AccessTable::ServiceAccounts);
        replace!(
            self.service_accounts,
            rows.service_accounts,
            accounts,
            |row: &crate::accounts::ServiceAccount| row.id,
            |row| row.id
        );
        let closed = touched.wanted(AccessTable::Users);
        replace!(self.closed_accounts, rows.closed_accounts, closed, |row: &crate::UserId| *row, |row| *row);
    }
}

impl Catalogue {
    fn apply(&mut self, rows: Self, touched: &Touched) {
        let views = touched.wanted(AccessTable::Views);
        replace!(self.views, rows.views, views, |row: &super::View| row.id, |row| row.id);
        let features = touched.wanted(AccessTable::Features);
        replace!(self.features, rows.features, features, |row: &super::Feature| row.id, |row| row.id);
        let (links, new) = (&mut self.links, rows.links);
        replace!(links.feature_views, new.feature_views, features, |row: &super::FeatureView| row.feature_id, |row| {
            *row
        });
        let modules = touched.wanted(AccessTable::Modules);
        replace!(self.modules, rows.modules, modules, |row: &super::Module| row.id, |row| row.id);
        replace!(links.module_views, new.module_views, modules, |row: &super::ModuleView| row.module_id, |row| *row);
        replace!(
            links.module_features,
            new.module_features,
            modules,
            |row: &super::ModuleFeature| row.module_id,
            |row| *row
        );
        // A view or a feature takes its links with it.
        if views != Wanted::Nothing {
            let there: BTreeSet<_> = self.views.iter().map(|view| view.id).collect();
            links.feature_views.retain(|link| there.contains(&link.view_id));
            links.module_views.retain(|link| there.contains(&link.view_id));
        }
        if features != Wanted::Nothing {
            let there: BTreeSet<_> = self.features.iter().map(|feature| feature.id).collect();
            links.module_features.retain(|link| there.contains(&link.feature_id));
        }
        let menus = touched.wanted(AccessTable::MenuItems);
        replace!(self.menu_items, rows.menu_items, menus, |row: &crate::navigation::MenuItem| row.id, |row| row.id);
        replace!(
            self.sub_menu_items,
            rows.sub_menu_items,
            menus,
            |row: &crate::navigation::SubMenuItem| row.menu_item_id,
            |row| (row.menu_item_id, row.id)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_gathered_by_table() {
        let row = |number: u128| Uuid::from_u128(number);
        let touched = Touched::by(&[
            AccessChange::put(AccessTable::CasbinRules, row(1)),
            AccessChange::remove(AccessTable::CasbinRules, row(2)),
            AccessChange::put(AccessTable::Roles, row(1)),
            AccessChange::all(AccessTable::Roles),
            AccessChange::put(AccessTable::Roles, row(3)),
        ]);
        assert_eq!(touched.wanted(AccessTable::CasbinRules), Wanted::Keys(&BTreeSet::from([row(1), row(2)])));
        assert_eq!(touched.wanted(AccessTable::Roles), Wanted::All);
        assert_eq!(touched.wanted(AccessTable::Teams), Wanted::Nothing);
        assert!(!touched.is_everything());
        assert!(Touched::by(&[AccessChange::all(AccessTable::Everything)]).is_everything());
        let many: Vec<_> = (0..1001).map(|n| AccessChange::put(AccessTable::PolicyEntities, row(n))).collect();
        assert_eq!(Touched::by(&many).wanted(AccessTable::PolicyEntities), Wanted::All);
        let rest = (1..1001).map(row).collect();
        assert_eq!(Touched::by(&many[1..]).wanted(AccessTable::PolicyEntities), Wanted::Keys(&rest));
    }

    #[test]
    fn a_few_rows_of_a_long_table_take_their_places() {
        let rows =
            |rows: &[(u128, char)]| rows.iter().map(|(id, value)| (Uuid::from_u128(*id), *value)).collect::<Vec<_>>();
        let changed = |touched: &[u128], new: &[(u128, char)]| {
            let mut old = rows(&[(2, 'a'), (4, 'b'), (6, 'c')]);
            let keys = touched.iter().map(|id| Uuid::from_u128(*id)).collect();
            replace_long(&mut old, rows(new), Wanted::Keys(&keys), |row| row.0);
            old
        };
        assert_eq!(changed(&[4], &[(4, 'x')]), rows(&[(2, 'a'), (4, 'x'), (6, 'c')]));
        assert_eq!(changed(&[3, 7], &[(3, 'x'), (7, 'y')]), rows(&[(2, 'a'), (3, 'x'), (4, 'b'), (6, 'c'), (7, 'y')]));
        assert_eq!(changed(&[2, 4, 7], &[(4, 'x'), (7, 'y')]), rows(&[(4, 'x'), (6, 'c'), (7, 'y')]));
        assert_eq!(changed(&[5], &[]), rows(&[(2, 'a'), (4, 'b'), (6, 'c')]));
        let mut old = rows(&[(2, 'a')]);
        replace_long(&mut old, rows(&[(9, 'x')]), Wanted::Nothing, |row| row.0);
        assert_eq!(old, rows(&[(2, 'a')]));
        replace_long(&mut old, rows(&[(9, 'x')]), Wanted::All, |row| row.0);
        assert_eq!(old, rows(&[(9, 'x')]));
    }

    #[test]
    fn what_hangs_on_a_membership_is_touched_with_it() {
        let user = Uuid::from_u128(7);
        for change in
            [AccessChange::put(AccessTable::Memberships, user), AccessChange::remove(AccessTable::Memberships, user)]
        {
            let touched = Touched::by(&[change]);
            let keys = BTreeSet::from([user]);
            for table in [AccessTable::Memberships, AccessTable::UserRoles, AccessTable::UserUserLevels] {
                assert_eq!(touched.wanted(table), Wanted::Keys(&keys));
            }
            assert_eq!(touched.wanted(AccessTable::Teams), Wanted::Nothing);
        }
        let touched = Touched::by(&[AccessChange::all(AccessTable::Memberships)]);
        assert_eq!(touched.wanted(AccessTable::Teams), Wanted::All);
    }
}
