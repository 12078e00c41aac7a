//! What user levels permit on views and on features.

mod delete;
mod get;
mod list;
mod put;
mod replace;
mod update_feature;
mod update_view;

pub use delete::{DeleteLevelPermission, LevelPermissionId, delete_level_permission};
pub use get::{get_feature_permission, get_view_permission};
pub use list::{ListLevelPermissions, list_feature_permissions, list_view_permissions};
pub use put::{PutLevelPermissions, put_level_permissions};
pub use replace::{ReplaceLevelPermissions, replace_level_permissions};
pub use update_feature::{UpdateFeaturePermission, update_feature_permission};
pub use update_view::{UpdateViewPermission, update_view_permission};

use super::cell::CellChange;
use crate::access::MOST_CELLS;
use keystead_domain::{
    Error, FeaturePermissionId, OrganizationId, Result, UserLevelId, ViewPermissionId,
    access::{FeaturePermission, ViewPermission},
};
use keystead_store::UnitOfWork;

/// Refuses more changes than are made at once.
pub(super) fn few(changes: usize) -> Result<()> {
    if changes > MOST_CELLS {
        return Err(Error::invalid("permissions", format!("must be at most {MOST_CELLS}")));
    }
    Ok(())
}

/// Refuses changes that are not all about views, or all about features.
fn of_one_kind(changes: &[CellChange], of_views: bool) -> Result<()> {
    if changes.iter().any(|change| change.cell.is_view() != of_views) {
        return Err(Error::internal("a permission is of another kind than it is written as"));
    }
    few(changes.len())
}

/// The level's permission on a view.
async fn view_permission(
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    level: UserLevelId,
    id: ViewPermissionId,
) -> Result<ViewPermission> {
    let found = unit.view_permissions().find(organization, id).await?;
    found.filter(|row| row.user_level_id == level).ok_or_else(|| Error::not_found("permission"))
}

/// The level's permission on a feature.
async fn feature_permission(
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    level: UserLevelId,
    id: FeaturePermissionId,
) -> Result<FeaturePermission> {
    let found = unit.feature_permissions().find(organization, id).await?;
    found.filter(|row| row.user_level_id == level).ok_or_else(|| Error::not_found("permission"))
}
