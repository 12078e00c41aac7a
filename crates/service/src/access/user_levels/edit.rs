//! How what levels permit is changed: worked out first, then written.

use super::{
    cell::{Cell, CellChange, LevelPermission},
    editor, not_modifiable,
};
use crate::{
    App,
    access::MOST_LEVEL_PERMISSIONS,
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, Json, OrganizationId, Result, UserLevelId,
    access::{FeaturePermission, LevelEditor, UserLevel, ViewPermission},
};
use keystead_store::UnitOfWork;
use serde_json::{Map, json};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that levels permit, in two statements.
pub(super) async fn permissions_of(
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    levels: &[UserLevelId],
) -> Result<Vec<LevelPermission>> {
    let views = unit.view_permissions().of_levels(organization, levels).await?;
    let features = unit.feature_permissions().of_levels(organization, levels).await?;
    Ok(views.into_iter().map(LevelPermission::View).chain(features.into_iter().map(LevelPermission::Feature)).collect())
}

/// What is to become of one level.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    level: UserLevel,
    before: BTreeMap<Cell, LevelPermission>,
    after: BTreeMap<Cell, LevelPermission>,
}

impl Edit {
    /// The level, with what it permits before.
    pub(super) fn of(level: UserLevel, permissions: impl IntoIterator<Item = LevelPermission>) -> Self {
        let before: BTreeMap<_, _> = permissions.into_iter().map(|row| (row.cell(), row)).collect();
        Self { level, after: before.clone(), before }
    }

    /// What is permitted before.
    pub(super) fn before(&self) -> impl Iterator<Item = &LevelPermission> {
        self.before.values()
    }
    /// All that is permitted afterwards.
    #[cfg(test)]
    pub(super) fn all_after(&self) -> Vec<LevelPermission> {
        self.after.values().cloned().collect()
    }
    /// What is permitted afterwards on this.
    pub(super) fn after(&self, cell: &Cell) -> Option<&LevelPermission> {
        self.after.get(cell)
    }

    /// Works the changes in. What is already as it is wanted stays untouched, whoever wants it.
    ///
    /// # Errors
    /// `Invalid` when a change is none or two are about the same; `PreconditionFailed` when one was made for another
    /// version; `Conflict` with code `not_modifiable` or `too_many_level_permissions`.
    pub(super) fn change(&mut self, app: &App, by: LevelEditor, changes: &[CellChange]) -> Result<()> {
        let mut seen = BTreeSet::new();
        for change in changes {
            change.cell.check()?;
            if !seen.insert(&change.cell) {
                return Err(Error::invalid("permissions", format!("must be about {} once", change.cell)));
            }
            self.change_one(app, by, change)?;
        }
        for of_views in [true, false] {
            if self.after.keys().filter(|cell| cell.is_view() == of_views).count() > MOST_LEVEL_PERMISSIONS {
                let message = format!(
                    "A user level has at most {MOST_LEVEL_PERMISSIONS} permissions on views and as many on features: remove one first."
                );
                return Err(Error::conflict("too_many_level_permissions", message));
            }
        }
        Ok(())
    }

    fn change_one(&mut self, app: &App, by: LevelEditor, change: &CellChange) -> Result<()> {
        let there = self.before.get(&change.cell);
        if change.version.is_some_and(|version| version != there.map_or(0, LevelPermission::version)) {
            return Err(Error::stale());
        }
        let place = (self.level.organization_id, self.level.id);
        let next = change.value.map(|value| LevelPermission::changed(app, place, there, change, value));
        if next.as_ref().map(LevelPermission::says) == there.map(LevelPermission::says) {
            return Ok(());
        }
        let fixed = |row: Option<&LevelPermission>| row.is_some_and(|row| !row.modifiable());
        if by == LevelEditor::Managers && (fixed(there) || fixed(next.as_ref())) {
            return Err(not_modifiable());
        }
        match next {
            Some(next) => self.after.insert(change.cell.clone(), next),
            None => self.after.remove(&change.cell),
        };
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.before == self.after
    }

    /// What differs of one kind: the rows to write, and those to remove.
    fn differing(&self, of_views: bool) -> (Vec<LevelPermission>, Vec<&LevelPermission>) {
        let of_kind = |cell: &Cell| cell.is_view() == of_views;
        let written = self.after.iter().filter(|(cell, row)| of_kind(cell) && self.before.get(*cell) != Some(*row));
        let removed = self.before.iter().filter(|(cell, _)| of_kind(cell) && !self.after.contains_key(*cell));
        (written.map(|(_, row)| row.clone()).collect(), removed.map(|(_, row)| row).collect())
    }

    /// The rows of one kind that stand there afterwards and that `by` may change.
    fn changeable(&self, of_views: bool, by: LevelEditor) -> Vec<LevelPermission> {
        let rows = self.after.iter().filter(|(cell, _)| cell.is_view() == of_views).map(|(_, row)| row);
        rows.filter(|row| by == LevelEditor::Platform || row.modifiable()).cloned().collect()
    }

    /// What is told of it.
    fn event(&self, caller: &Caller) -> Event {
        let (mut before, mut after) = (Map::new(), Map::new());
        for cell in self.before.keys().chain(self.after.keys()) {
            let (old, new) = (self.before.get(cell), self.after.get(cell));
            if old == new {
                continue;
            }
            let tell = |into: &mut Map<String, Json>, row: Option<&LevelPermission>| {
                if let Some(row) = row {
                    into.insert(cell.to_string(), Json::String(row.says()));
                }
            };
            tell(&mut before, old);
            tell(&mut after, new);
        }
        Event::new(caller, "user_level.permissions_changed", "user_levels")
            .resource(self.level.id)
            .data(json!({ "name": self.level.name }))
            .before_after(Json::Object(before), Json::Object(after))
    }
}

/// Up to so many permissions are removed one by one; more, and the level's permissions of that kind are written anew.
const FEW: usize = 8;

/// Writes what is to become of levels, with an event for each that changes, and raises the versions of those. What is
/// new or changed is written for all of them together. Returns the levels as they are then.
pub(super) async fn write(
    app: &App,
    caller: &Caller,
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    edits: &[Edit],
) -> Result<Vec<UserLevel>> {
    let by = editor(caller);
    let (mut views, mut features) = (Vec::new(), Vec::new());
    for edit in edits.iter().filter(|edit| !edit.is_empty()) {
        for of_views in [true, false] {
            let (written, removed) = edit.differing(of_views);
            if removed.len() > FEW {
                write_anew(unit, edit, of_views, by).await?;
                continue;
            }
            for row in removed {
                remove(unit, organization, row, by).await?;
            }
            sort_into(&mut views, &mut features, written);
        }
    }
    if !views.is_empty() {
        unit.view_permissions().upsert(organization, &views, by).await?;
    }
    if !features.is_empty() {
        unit.feature_permissions().upsert(organization, &features, by).await?;
    }
    let mut levels = Vec::with_capacity(edits.len());
    let mut events = Vec::new();
    for edit in edits {
        if edit.is_empty() {
            levels.push(edit.level.clone());
            continue;
        }
        let touched = UserLevel { updated_at: app.now(), ..edit.level.clone() };
        levels.push(unit.user_levels().update(organization, &touched).await?);
        events.push(edit.event(caller));
    }
    if !events.is_empty() {
        audit::append(unit, app, organization, events).await?;
    }
    Ok(levels)
}

async fn write_anew(unit: &dyn UnitOfWork, edit: &Edit, of_views: bool, by: LevelEditor) -> Result<()> {
    let (organization, level) = (edit.level.organization_id, edit.level.id);
    let (mut views, mut features) = (Vec::new(), Vec::new());
    sort_into(&mut views, &mut features, edit.changeable(of_views, by));
    if of_views {
        unit.view_permissions().replace_for_level(organization, level, &views, by).await
    } else {
        unit.feature_permissions().replace_for_level(organization, level, &features, by).await
    }
}

async fn remove(
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    row: &LevelPermission,
    by: LevelEditor,
) -> Result<()> {
    match row {
        LevelPermission::View(row) => unit.view_permissions().delete(organization, row.id, row.version, by).await,
        LevelPermission::Feature(row) => unit.feature_permissions().delete(organization, row.id, row.version, by).await,
    }
}

fn sort_into(
    views: &mut Vec<ViewPermission>,
    features: &mut Vec<FeaturePermission>,
    rows: impl IntoIterator<Item = LevelPermission>,
) {
    for row in rows {
        match row {
            LevelPermission::View(row) => views.push(row),
            LevelPermission::Feature(row) => features.push(row),
        }
    }
}
