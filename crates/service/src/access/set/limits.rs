//! How much is in one document.

use super::AccessSet;
use keystead_domain::{Error, Result};
use std::collections::HashSet;

/// At most so many permissions, roles, modules, user levels and members are in one document together, and so many lines under
/// them. Of rules and entities there are as many as an organization may have.
pub const MOST_IN_SET: usize = 20_000;

/// The document with its texts as they are kept. Refuses what is too much, and what stands there twice.
///
/// # Errors
/// `Invalid`, naming the place.
pub(super) fn checked(set: AccessSet) -> Result<AccessSet> {
    let set = trimmed(set);
    let roles = set.roles.iter().flatten();
    let levels = set.user_levels.iter().flatten();
    let members = set.members.iter().flatten();
    let under: usize = roles.clone().map(|role| role.permissions.len()).sum::<usize>()
        + levels.clone().map(|level| level.views.len() + level.features.len()).sum::<usize>()
        + members.clone().map(|member| member.roles.len() + member.user_levels.len()).sum::<usize>();
    let permissions = set.permissions.iter().flatten();
    let modules = set.modules.iter().flatten();
    let all = under + roles.clone().count() + levels.clone().count() + members.clone().count();
    if all + permissions.clone().count() + modules.clone().count() > MOST_IN_SET {
        return Err(Error::invalid("document", format!("must hold at most {MOST_IN_SET} things and lines under them")));
    }
    each_once("permissions", "name", permissions.map(|one| one.name.clone()))?;
    each_once("roles", "name", roles.map(|one| one.name.clone()))?;
    each_once("modules", "key", modules.map(|one| one.key.clone()))?;
    each_once("user_levels", "name", levels.clone().map(|one| one.name.clone()))?;
    for (number, level) in levels.enumerate() {
        let place = format!("user_levels[{number}]");
        each_once(&format!("{place}.views"), "view", level.views.iter().map(|one| one.view.clone()))?;
        let cells = level.features.iter().map(|one| format!("{} {}", one.feature, one.action));
        each_once(&format!("{place}.features"), "feature", cells)?;
    }
    each_once("members", "username", members.map(|one| one.username.to_lowercase()))?;
    let entities = set.entities.iter().flatten().map(|one| format!("{}:{}", one.kind, one.id));
    each_once("entities", "id", entities)?;
    Ok(set)
}

/// Nobody means the spaces around a name, and an empty description is none.
fn trimmed(mut set: AccessSet) -> AccessSet {
    let name = |text: &mut String| *text = text.trim().to_owned();
    let description = |text: &mut Option<String>| {
        *text = text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    };
    for one in set.permissions.iter_mut().flatten() {
        name(&mut one.name);
        description(&mut one.description);
    }
    for one in set.roles.iter_mut().flatten() {
        name(&mut one.name);
        description(&mut one.description);
    }
    for one in set.user_levels.iter_mut().flatten() {
        name(&mut one.name);
        description(&mut one.description);
    }
    set
}

/// Refuses a name that stands in a list twice.
///
/// # Errors
/// `Invalid`, naming the place: `list[3].part`.
pub(super) fn each_once(list: &str, part: &str, names: impl Iterator<Item = String>) -> Result<()> {
    let mut seen = HashSet::new();
    for (number, name) in names.enumerate() {
        if let Some(again) = seen.replace(name) {
            return Err(Error::invalid(format!("{list}[{number}].{part}"), format!("{again} stands there twice")));
        }
    }
    Ok(())
}
