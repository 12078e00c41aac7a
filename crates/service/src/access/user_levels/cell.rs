//! What a user level speaks about, and what it says.

use crate::App;
use keystead_domain::{
    Error, FeatureId, OrganizationId, Result, Timestamp, UserLevelId, ViewId,
    access::{FeaturePermission, LevelScope, PermissionValue, ViewPermission},
};
use std::fmt;
use uuid::Uuid;

/// What a level has at most one permission on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// A view.
    View(ViewId),
    /// An action on a feature: 1 to 40 visible ASCII characters, without spaces.
    Feature(FeatureId, String),
}

impl Cell {
    /// Refuses an action that is none.
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::Feature(_, action)
                if action.is_empty() || action.len() > 40 || !action.chars().all(|c| c.is_ascii_graphic()) =>
            {
                Err(Error::invalid("action", "must be 1 to 40 visible ASCII characters, without spaces"))
            }
            _ => Ok(()),
        }
    }
    pub(super) const fn is_view(&self) -> bool {
        matches!(self, Self::View(_))
    }
}

/// As audit events name it.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::View(view) => write!(f, "view {view}"),
            Self::Feature(feature, action) => write!(f, "feature {feature} {action}"),
        }
    }
}

/// What a level is to say about something from now on.
#[derive(Clone, Debug)]
pub struct CellChange {
    /// About what.
    pub cell: Cell,
    /// Whether it opens or closes; none when it is to say nothing.
    pub value: Option<PermissionValue>,
    /// Whose resources it reaches; of no meaning for a view.
    pub scope: LevelScope,
    /// Whether the organization may change it. When nothing is said it stays as it is, and what is new can be changed.
    pub modifiable: Option<bool>,
    /// The version that the change is made for, 0 where nothing was said before; any when nothing is said.
    pub version: Option<i64>,
}

/// What a level says about something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LevelPermission {
    View(ViewPermission),
    Feature(FeaturePermission),
}

impl LevelPermission {
    /// What `level` says once `change` is made where `there` is now.
    pub(super) fn changed(
        app: &App,
        (organization_id, user_level_id): (OrganizationId, UserLevelId),
        there: Option<&Self>,
        change: &CellChange,
        value: PermissionValue,
    ) -> Self {
        let updated_at = app.now();
        let (created_at, version) =
            there.map_or((updated_at, 1), |there| (there.created_at(), there.version().saturating_add(1)));
        let modifiable = change.modifiable.or(there.map(Self::modifiable)).unwrap_or(true);
        let id: Uuid = there.map_or_else(|| app.ids.next(), Self::id);
        match &change.cell {
            Cell::View(view_id) => Self::View(ViewPermission {
                id: id.into(),
                organization_id,
                user_level_id,
                view_id: *view_id,
                value,
                modifiable,
                created_at,
                updated_at,
                version,
            }),
            Cell::Feature(feature_id, action) => Self::Feature(FeaturePermission {
                id: id.into(),
                organization_id,
                user_level_id,
                feature_id: *feature_id,
                action: action.clone(),
                value,
                scope: change.scope,
                modifiable,
                created_at,
                updated_at,
                version,
            }),
        }
    }

    pub(super) fn cell(&self) -> Cell {
        match self {
            Self::View(row) => Cell::View(row.view_id),
            Self::Feature(row) => Cell::Feature(row.feature_id, row.action.clone()),
        }
    }
    /// What it says, as audit events tell it.
    pub(super) fn says(&self) -> String {
        let fixed = if self.modifiable() { "" } else { ", fixed" };
        match self {
            Self::View(row) => format!("{}{fixed}", row.value),
            Self::Feature(row) => format!("{} {}{fixed}", row.value, row.scope),
        }
    }
    pub(super) const fn level(&self) -> UserLevelId {
        match self {
            Self::View(row) => row.user_level_id,
            Self::Feature(row) => row.user_level_id,
        }
    }
    pub(super) const fn modifiable(&self) -> bool {
        match self {
            Self::View(row) => row.modifiable,
            Self::Feature(row) => row.modifiable,
        }
    }
    pub(super) const fn version(&self) -> i64 {
        match self {
            Self::View(row) => row.version,
            Self::Feature(row) => row.version,
        }
    }
    const fn id(&self) -> Uuid {
        match self {
            Self::View(row) => row.id.as_uuid(),
            Self::Feature(row) => row.id.as_uuid(),
        }
    }
    const fn created_at(&self) -> Timestamp {
        match self {
            Self::View(row) => row.created_at,
            Self::Feature(row) => row.created_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{feature, on_feature, on_view};
    use super::*;

    #[test]
    fn actions_are_short_words() {
        let check = |action: &str| Cell::Feature(feature(1), action.to_owned()).check().is_ok();
        for good in ["read", "GET", "can_read:all", &"x".repeat(40)] {
            assert!(check(good), "{good}");
        }
        for bad in ["", "two words", "é", "tab\t", &"x".repeat(41)] {
            assert!(!check(bad), "{bad}");
        }
    }

    #[test]
    fn events_tell_all_that_counts() {
        let fixed = ViewPermission { modifiable: false, ..on_view(1, 1) };
        assert_eq!(LevelPermission::View(fixed).says(), "allow, fixed");
        let row = FeaturePermission { value: PermissionValue::Deny, ..on_feature(1, 1, "read") };
        assert_eq!(LevelPermission::Feature(row).says(), "deny organization");
        assert_eq!(LevelPermission::View(on_view(1, 1)).says(), "allow");
    }
}
