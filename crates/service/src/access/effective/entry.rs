//! One line of the list.

use super::why::Why;
use keystead_access::{
    listing::{Access, Door, FeatureAccess, KindAccess, ViewAccess},
    snapshot::Snapshot,
};
use keystead_domain::{FeatureId, ViewId, text_enum};

/// What a permission is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermissionKind {
    /// Resources of a type: Keystead's own, or a product's.
    Resource,
    /// A feature of the product.
    Feature,
    /// A view of the product.
    View,
}
text_enum!(PermissionKind { Resource = "resource", Feature = "feature", View = "view" });

/// How far a permission reaches: what is decided, by whose the resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// On what the person owns. None for a view, which nobody owns.
    pub own: Option<Why>,
    /// On what a colleague in one of the person's teams owns. None for a view.
    pub team: Option<Why>,
    /// On anybody else's in the organization.
    pub organization: Why,
    /// On what belongs to another organization; none for a product's resources, of which there are none.
    pub elsewhere: Option<Why>,
}

/// Something that a person may do, or may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectivePermission {
    /// What it is about.
    pub kind: PermissionKind,
    /// The type of the resources, or the key of the feature or view.
    pub key: String,
    /// The feature.
    pub feature: Option<FeatureId>,
    /// The view.
    pub view: Option<ViewId>,
    /// What is done.
    pub action: String,
    /// How far it reaches.
    pub reach: Reach,
    /// The active modules of the organization that lead to the feature or view.
    pub doors: Vec<Door>,
}

impl EffectivePermission {
    /// Its place in the list, which is in the order of these texts.
    pub(super) fn place(&self) -> String {
        let kind = match self.kind {
            PermissionKind::Resource => 0,
            PermissionKind::Feature => 1,
            PermissionKind::View => 2,
        };
        // No key and no action has this character.
        format!("{kind}\u{1}{}\u{1}{}", self.key, self.action)
    }

    pub(super) fn of_kind(snapshot: &Snapshot, entry: KindAccess) -> Self {
        let reach = reach(snapshot, &entry.access);
        let (kind, doors) = (PermissionKind::Resource, snapshot.doors_to_feature(&entry.kind));
        Self { kind, key: entry.kind, feature: None, view: None, action: entry.action, reach, doors }
    }
    pub(super) fn of_feature(snapshot: &Snapshot, entry: FeatureAccess) -> Self {
        let reach = reach(snapshot, &entry.access);
        let (kind, doors) = (PermissionKind::Feature, snapshot.doors_to_feature(&entry.key));
        Self { kind, key: entry.key, feature: Some(entry.feature), view: None, action: entry.action, reach, doors }
    }
    pub(super) fn of_view(snapshot: &Snapshot, entry: ViewAccess) -> Self {
        let organization = Why::new(snapshot, &entry.decision);
        let reach = Reach { own: None, team: None, organization, elsewhere: None };
        let (kind, doors) = (PermissionKind::View, snapshot.doors_to_view(&entry.key));
        let action = "view".to_owned();
        Self { kind, key: entry.key, feature: None, view: Some(entry.view), action, reach, doors }
    }
}

fn reach(snapshot: &Snapshot, access: &Access) -> Reach {
    let why = |decision| Why::new(snapshot, decision);
    Reach {
        own: Some(why(&access.own)),
        team: Some(why(&access.team)),
        organization: why(&access.organization),
        elsewhere: access.elsewhere.as_ref().map(why),
    }
}
