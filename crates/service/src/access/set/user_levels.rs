//! User levels with what they permit.

use super::{SetLevel, at, import::Work, unknown};
use crate::access::{
    MOST_CELLS,
    user_levels::{
        Cell, CellChange, CreateUserLevel, DeleteUserLevel, PutLevelPermissions, UpdateUserLevel, create_user_level,
        delete_user_level, put_level_permissions, update_user_level,
    },
};
use keystead_domain::{Result, access::LevelScope};
use std::collections::{HashMap, HashSet};

/// Makes and changes user levels.
pub(super) async fn write(work: &Work<'_>) -> Result<()> {
    let before: HashMap<&str, &SetLevel> =
        work.before.user_levels.iter().flatten().map(|level| (level.name.as_str(), level)).collect();
    let nothing = SetLevel { name: String::new(), description: None, views: Vec::new(), features: Vec::new() };
    for (number, wanted) in work.set.user_levels.iter().flatten().enumerate() {
        let place = format!("user_levels[{number}]");
        let were = before.get(wanted.name.as_str()).copied();
        let changes = differing(
            on_views(work, &place, were.unwrap_or(&nothing))?,
            on_features(work, &place, were.unwrap_or(&nothing))?,
            on_views(work, &place, wanted)?,
            on_features(work, &place, wanted)?,
        );
        write_one(work, were, wanted, changes).await.map_err(|error| at(&place, error))?;
    }
    Ok(())
}

/// What is to be written: what is no longer said, of views and of features, and what is said now.
fn differing(
    views_before: Vec<CellChange>,
    features_before: Vec<CellChange>,
    views: Vec<CellChange>,
    features: Vec<CellChange>,
) -> Vec<(bool, Vec<CellChange>)> {
    let says = |one: &CellChange| (one.value, one.scope, one.modifiable);
    let mut all = Vec::new();
    for (of_views, before, after) in [(true, views_before, views), (false, features_before, features)] {
        let known: HashMap<&Cell, &CellChange> = before.iter().map(|one| (&one.cell, one)).collect();
        let wanted: HashSet<&Cell> = after.iter().map(|one| &one.cell).collect();
        let gone = before.iter().filter(|one| !wanted.contains(&one.cell));
        let gone: Vec<_> = gone.map(|one| CellChange { value: None, modifiable: None, ..one.clone() }).collect();
        let new = after.iter().filter(|one| known.get(&one.cell).map(|were| says(were)) != Some(says(one)));
        let new: Vec<_> = new.cloned().collect();
        all.extend([gone, new].into_iter().filter(|some| !some.is_empty()).map(|some| (of_views, some)));
    }
    all
}

async fn write_one(
    work: &Work<'_>,
    were: Option<&SetLevel>,
    wanted: &SetLevel,
    differing: Vec<(bool, Vec<CellChange>)>,
) -> Result<()> {
    let organization = work.organization;
    let (name, description) = (wanted.name.clone(), wanted.description.clone());
    let level = match work.rows.level(&wanted.name) {
        None => {
            let input = CreateUserLevel { organization, name, description };
            create_user_level(work.app, work.caller, input, None).await?.id
        }
        Some(level) => {
            if were.is_some_and(|were| were.description != wanted.description) {
                let (level, version, description) = (level.id, level.version, Some(description));
                let input = UpdateUserLevel { organization, level, version, name: None, description };
                update_user_level(work.app, work.caller, input).await?;
            }
            level.id
        }
    };
    // Each is named, also what is to go: what the organization cannot change is refused, and not passed over.
    for (of_views, changes) in differing {
        for some in changes.chunks(MOST_CELLS) {
            let changes = some.to_vec();
            let input = PutLevelPermissions { organization, level, of_views, changes };
            put_level_permissions(work.app, work.caller, input).await?;
        }
    }
    Ok(())
}

fn on_views(work: &Work<'_>, place: &str, wanted: &SetLevel) -> Result<Vec<CellChange>> {
    let known: HashMap<&str, _> = work.rows.catalogue.views.iter().map(|row| (row.key.as_str(), row.id)).collect();
    let change = |(number, one): (usize, &super::SetViewPermission)| {
        let view = known.get(one.view.as_str());
        let view = view.ok_or_else(|| unknown(format!("{place}.views[{number}].view"), "view", &one.view))?;
        Ok(CellChange {
            cell: Cell::View(*view),
            value: Some(one.value),
            scope: LevelScope::Organization,
            modifiable: Some(one.modifiable),
            version: None,
        })
    };
    wanted.views.iter().enumerate().map(change).collect()
}

fn on_features(work: &Work<'_>, place: &str, wanted: &SetLevel) -> Result<Vec<CellChange>> {
    let known: HashMap<&str, _> = work.rows.catalogue.features.iter().map(|row| (row.key.as_str(), row.id)).collect();
    let change = |(number, one): (usize, &super::SetFeaturePermission)| {
        let feature = known.get(one.feature.as_str());
        let field = || format!("{place}.features[{number}].feature");
        let feature = feature.ok_or_else(|| unknown(field(), "feature", &one.feature))?;
        Ok(CellChange {
            cell: Cell::Feature(*feature, one.action.clone()),
            value: Some(one.value),
            scope: one.scope,
            modifiable: Some(one.modifiable),
            version: None,
        })
    };
    wanted.features.iter().enumerate().map(change).collect()
}

/// Removes the user levels that are not named.
pub(super) async fn remove(work: &Work<'_>) -> Result<()> {
    let Some(wanted) = &work.set.user_levels else { return Ok(()) };
    let levels = &work.rows.snapshot.organization.levels;
    for level in levels.iter().filter(|level| !wanted.iter().any(|one| one.name == level.name)) {
        let input = DeleteUserLevel { organization: work.organization, level: level.id, version: level.version };
        let done = delete_user_level(work.app, work.caller, input).await;
        done.map_err(|error| at(&format!("user_levels, without {}", level.name), error))?;
    }
    Ok(())
}
