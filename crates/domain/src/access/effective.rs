//! What follows for one person from everything that decides, worked out ahead of the question.

use super::{LevelScope, PermissionValue};
use crate::{FeatureId, OrganizationId, Timestamp, UserId, ViewId};
use serde::{Deserialize, Serialize};

/// Whether a person may see a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectiveView {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The person.
    pub user_id: UserId,
    /// The view.
    pub view_id: ViewId,
    /// Whether it is open.
    pub value: PermissionValue,
    /// The organization's access version it was worked out at; it counts no longer once that has risen.
    pub access_version: i64,
    /// The same of the platform.
    pub platform_version: i64,
    /// When it was worked out.
    pub computed_at: Timestamp,
    /// It no longer counts from then on.
    pub expires_at: Timestamp,
}

/// Whether a person may do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectiveFeature {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The person.
    pub user_id: UserId,
    /// The feature.
    pub feature_id: FeatureId,
    /// What is done.
    pub action: String,
    /// Whether it is allowed.
    pub value: PermissionValue,
    /// Whose resources it reaches.
    pub scope: LevelScope,
    /// The organization's access version it was worked out at; it counts no longer once that has risen.
    pub access_version: i64,
    /// The same of the platform.
    pub platform_version: i64,
    /// When it was worked out.
    pub computed_at: Timestamp,
    /// It no longer counts from then on.
    pub expires_at: Timestamp,
}
