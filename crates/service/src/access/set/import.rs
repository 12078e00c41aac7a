//! Makes an organization's access set what a document says.

use super::{
    AccessSet, entries::entries, export::KINDS, guard_all, limits::checked, members, policy, roles, rows::Rows,
    user_levels,
};
use crate::{
    App,
    access::{guard_here, policy::turn, scope_in},
    audit::{self, Event},
    difference::Difference,
};
use keystead_domain::{Caller, Error, ErrorKind, OrganizationId, PLATFORM, Result, access::Action};
use keystead_store::Joint;
use std::sync::Arc;

/// A document to be imported.
#[derive(Clone, Debug)]
pub struct ImportAccessSet {
    /// Into which organization.
    pub organization: OrganizationId,
    /// The document.
    pub set: AccessSet,
    /// Whether what it does not name stays; else it is removed, in the lists that it has.
    pub others_stay: bool,
    /// Whether everything is taken back in the end: only what would be done is told.
    pub dry_run: bool,
}

/// What who imports must be permitted, whatever is in the document. Each change asks for more.
const NEEDED: [(&str, Action); 7] = [
    ("policy_models", Action::Update),
    ("policy_rules", Action::Create),
    ("policy_entities", Action::Update),
    ("permissions", Action::Create),
    ("roles", Action::Update),
    ("user_levels", Action::Update),
    ("members", Action::Update),
];

/// What one import works on.
pub(super) struct Work<'a> {
    /// Whose store is the transaction.
    pub(super) app: &'a App,
    pub(super) caller: &'a Caller,
    pub(super) organization: OrganizationId,
    /// What is wanted.
    pub(super) set: &'a AccessSet,
    pub(super) others_stay: bool,
    /// What there was before, as a document and as it is kept.
    pub(super) before: &'a AccessSet,
    pub(super) rows: &'a Rows,
}

/// Makes the organization's access set what a document says, all or nothing, and tells what that changed. What was there and is
/// wanted keeps its identifier. A dry run does the same work and takes it back, so it is refused for the same reasons.
///
/// # Errors
/// As each of the use cases that do the same piece by piece, with the place in the document; `Forbidden` with code
/// `not_for_the_platform` for the platform's own set, which all organizations inherit.
pub async fn import_access_set(app: &App, caller: &Caller, input: ImportAccessSet) -> Result<Difference> {
    let ImportAccessSet { organization, set, others_stay, dry_run } = input;
    guard_here(caller, organization)?;
    guard_all(caller, organization, NEEDED)?;
    guard_all(caller, organization, KINDS.map(|kind| (kind, Action::Read)))?;
    if organization == PLATFORM {
        return Err(Error::new(
            ErrorKind::Forbidden,
            "not_for_the_platform",
            "Every organization inherits what the platform has: change that piece by piece.",
        ));
    }
    let set = checked(set)?;
    turn::holding(async {
        let joint = Arc::new(Joint::begin(Arc::clone(&app.store), scope_in(organization, caller)).await?);
        // Nobody else changes what decides there from now on, so that what is read is what is changed.
        joint.unit().access_changes().raise(organization, &[]).await?;
        let rows = Rows::load(joint.unit(), organization).await?;
        let set = members::as_they_are_called(set, &rows)?;
        let before = rows.set();
        let difference = difference(&before, &set, others_stay)?;
        if difference.is_empty() {
            return Ok(difference);
        }
        let joined = app.joined(Arc::clone(&joint));
        let work = Work { app: &joined, caller, organization, set: &set, others_stay, before: &before, rows: &rows };
        Box::pin(write(&work)).await?;
        drop(joined);
        let event = Event::new(caller, "access_set.imported", "access").data(difference.counts());
        audit::append(joint.unit(), app, organization, vec![event]).await?;
        if !dry_run {
            joint.commit().await?;
        }
        Ok(difference)
    })
    .await
}

/// What the document changes of what is there. Lists that it has not stay, and so do members that it does not name.
fn difference(before: &AccessSet, set: &AccessSet, others_stay: bool) -> Result<Difference> {
    let mut before = before.clone();
    let named = |username: &str| set.members.iter().flatten().any(|member| member.username == username);
    before.permissions = before.permissions.filter(|_| set.permissions.is_some());
    before.roles = before.roles.filter(|_| set.roles.is_some());
    before.modules = before.modules.filter(|_| set.modules.is_some());
    before.user_levels = before.user_levels.filter(|_| set.user_levels.is_some());
    before.model = before.model.filter(|_| set.model.is_some());
    before.rules = before.rules.filter(|_| set.rules.is_some());
    before.entities = before.entities.filter(|_| set.entities.is_some());
    if let Some(members) = &mut before.members {
        members.retain(|member| named(&member.username));
    }
    let (were, given) = (entries(&before)?, entries(set)?);
    let mut after = if others_stay { given.and(&were) } else { given };
    if set.model.as_ref().is_some_and(|model| model.text.is_none()) {
        // That there is to be none is said, and not left out.
        after.remove("policy_model");
    }
    Difference::between(&were, &after)
}

/// What is needed is there before what needs it, and goes after it.
async fn write(work: &Work<'_>) -> Result<()> {
    roles::add_permissions(work).await?;
    roles::set_modules(work).await?;
    roles::write(work).await?;
    user_levels::write(work).await?;
    members::write(work).await?;
    policy::write(work).await?;
    if !work.others_stay {
        user_levels::remove(work).await?;
        roles::remove(work).await?;
    }
    Ok(())
}
