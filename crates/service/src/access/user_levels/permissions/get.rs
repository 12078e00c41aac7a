//! Shows one permission of a user level.

use super::{super::guard_level, feature_permission, view_permission};
use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, FeaturePermissionId, OrganizationId, Result, UserLevelId, ViewPermissionId,
    access::{Action, FeaturePermission, ViewPermission},
};

/// A user level's permission on a view.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn get_view_permission(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    level: UserLevelId,
    id: ViewPermissionId,
) -> Result<ViewPermission> {
    guard_level(caller, Action::Read, organization, level)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    view_permission(&*unit, organization, level, id).await
}

/// A user level's permission on a feature.
///
/// # Errors
/// As [`get_view_permission`].
pub async fn get_feature_permission(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    level: UserLevelId,
    id: FeaturePermissionId,
) -> Result<FeaturePermission> {
    guard_level(caller, Action::Read, organization, level)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    feature_permission(&*unit, organization, level, id).await
}
