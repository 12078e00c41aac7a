//! Works the list out, and keeps what follows for features and views.

use super::{
    ListEffective, PermissionKind,
    entry::EffectivePermission,
    keep::{self, Worked},
};
use crate::{
    App,
    paging::{PageOutput, Paging},
};
use keystead_access::{
    Context,
    listing::{ListLimits, TooLong},
    policy::Entity,
    snapshot::Snapshot,
};
use keystead_domain::{Caller, Error, OrganizationId, Page, Result, Timestamp, UserId};
use std::sync::Arc;

/// How much one list may take: a fraction of a second of one core.
const LIMITS: ListLimits = ListLimits { decisions: 200_000, entries: 10_000 };

/// A page of a person's effective permissions, and which state of everything that decides it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectivePermissions {
    /// The person.
    pub user: UserId,
    /// Where.
    pub organization: OrganizationId,
    /// The access version of the organization.
    pub access_version: i64,
    /// The access version of the platform.
    pub platform_version: i64,
    /// When they were worked out.
    pub computed_at: Timestamp,
    /// They, in order of kind, key and action.
    pub page: PageOutput<EffectivePermission>,
}

/// The permissions of `user` in the caller's organization. Who lists the first page leaves what was worked out for others to
/// read.
///
/// # Errors
/// `Invalid` on `cursor`, or on `kind` when there are too many to be listed at once.
pub(super) async fn list(
    app: &App,
    caller: &Caller,
    user: UserId,
    input: &ListEffective,
) -> Result<EffectivePermissions> {
    let organization = caller.organization_id;
    let filter = (user, input.kind.map(PermissionKind::as_str));
    let paging = Paging::open(app, caller, "GET /users/permissions", &filter, &input.page)?;
    let snapshot = app.decisions.at_least(app, organization, caller.versions).await?;
    let (now, kind) = (app.now(), input.kind);
    let computing = Arc::clone(&snapshot);
    let worked = tokio::task::spawn_blocking(move || Worked::out(&computing, user, now, kind, &LIMITS));
    let worked = worked.await.map_err(|error| Error::internal(error.to_string()))?.map_err(too_long)?;
    if input.page.cursor.is_none() {
        keep::keep(app, caller, &snapshot, user, now, &worked).await?;
    }
    let page = cut(entries(&snapshot, worked), &paging);
    let version = snapshot.version();
    Ok(EffectivePermissions {
        user,
        organization,
        access_version: version.organization,
        platform_version: version.platform,
        computed_at: now,
        page: paging.close(app, page)?,
    })
}

/// Everything that decides without a resource, as `user` asks it at `now`.
pub(super) fn asked(user: &str, now: Timestamp) -> (Entity<'_>, Context<'static>) {
    (Entity::new("user", user), Context::at(now))
}

fn entries(snapshot: &Snapshot, worked: Worked) -> Vec<EffectivePermission> {
    let Worked { kinds, features, views } = worked;
    let kinds = kinds.into_iter().flatten().map(|entry| EffectivePermission::of_kind(snapshot, entry));
    let features = features.into_iter().flatten().map(|entry| EffectivePermission::of_feature(snapshot, entry));
    let views = views.into_iter().flatten().map(|entry| EffectivePermission::of_view(snapshot, entry));
    kinds.chain(features).chain(views).collect()
}

fn cut(mut all: Vec<EffectivePermission>, paging: &Paging) -> Page<EffectivePermission> {
    let request = paging.request();
    all.sort_by_cached_key(EffectivePermission::place);
    let from = request.after.as_ref().map_or(0, |after| all.partition_point(|entry| entry.place() <= *after));
    let items: Vec<_> = all.into_iter().skip(from).take(usize::from(request.limit) + 1).collect();
    Page::cut(items, request.limit, EffectivePermission::place)
}

fn too_long(error: TooLong) -> Error {
    Error::invalid("kind", format!("{error}: name one kind, if you have not"))
}
