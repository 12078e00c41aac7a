//! What members hold.

use super::{AccessSet, SetMember, at, import::Work, limits::each_once, rows::Rows, unknown};
use crate::{
    access::user_levels::{SetLevelsOfMember, set_levels_of_member},
    organizations::members::{SetMemberRoles, set_member_roles},
};
use keystead_domain::{Result, UserLevelId, accounts::Username};
use std::collections::{BTreeSet, HashMap};

/// The document with its members named as they are: usernames are compared as they are when somebody signs in.
///
/// # Errors
/// `Invalid`, naming the first who is no member, or who stands there twice.
pub(super) fn as_they_are_called(mut set: AccessSet, rows: &Rows) -> Result<AccessSet> {
    let names: HashMap<&str, &str> =
        rows.members.iter().map(|row| (row.user.username.key(), row.user.username.as_str())).collect();
    for (number, member) in set.members.iter_mut().flatten().enumerate() {
        let name = Username::new(&member.username).ok().and_then(|name| names.get(name.key()).copied());
        match name {
            Some(name) => member.username = name.to_owned(),
            None => return Err(unknown(format!("members[{number}].username"), "member", &member.username)),
        }
    }
    each_once("members", "username", set.members.iter().flatten().map(|member| member.username.clone()))?;
    Ok(set)
}

/// Gives the members that are named what they are to hold.
pub(super) async fn write(work: &Work<'_>) -> Result<()> {
    let Some(wanted) = &work.set.members else { return Ok(()) };
    let before = work.before.members.iter().flatten();
    let before: HashMap<&str, &SetMember> = before.map(|member| (member.username.as_str(), member)).collect();
    // Some of the levels were made a moment ago.
    let levels = work.app.store.begin(crate::access::scope_in(work.organization, work.caller)).await?;
    let levels = levels.user_levels().all(work.organization).await?;
    let levels: HashMap<&str, UserLevelId> = levels.iter().map(|level| (level.name.as_str(), level.id)).collect();
    let rows = work.rows.members.iter();
    let rows: HashMap<&str, _> = rows.map(|row| (row.user.username.as_str(), row)).collect();
    for (number, member) in wanted.iter().enumerate() {
        let place = format!("members[{number}]");
        let Some(were) = before.get(member.username.as_str()).copied() else { continue };
        let Some(row) = rows.get(member.username.as_str()).copied() else { continue };
        let (roles, user_levels) = (names(&member.roles), names(&member.user_levels));
        if user_levels != names(&were.user_levels) {
            let mut ids = Vec::with_capacity(user_levels.len());
            for name in &user_levels {
                let id = levels.get(name.as_str()).copied();
                ids.push(id.ok_or_else(|| unknown(format!("{place}.user_levels"), "user level", name))?);
            }
            let input = SetLevelsOfMember { organization: work.organization, user: row.user.id, levels: ids };
            let done = set_levels_of_member(work.app, work.caller, input).await;
            done.map_err(|error| at(&place, error))?;
        }
        if roles != names(&were.roles) {
            let (organization, user, version) = (work.organization, row.user.id, row.membership.version);
            let roles = roles.into_iter().collect();
            let input = SetMemberRoles { organization, user, version, roles };
            set_member_roles(work.app, work.caller, input).await.map_err(|error| at(&place, error))?;
        }
    }
    Ok(())
}

/// Each once, whatever their order.
fn names(list: &[String]) -> BTreeSet<String> {
    list.iter().cloned().collect()
}
