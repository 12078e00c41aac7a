//! User levels and what they open and close, compiled.

use crate::{
    grid::{Grid, NOTHING, Row},
    policy::shared::{
        hash::of_uuid,
        names::{Names, Symbol},
        table::Table,
    },
    slots::{Slot, Slots},
};
use keystead_domain::{
    FeatureId, FeaturePermissionId, UserLevelId, ViewId, ViewPermissionId,
    access::{FeaturePermission, LevelScope, PermissionValue, UserLevel, ViewPermission},
};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// A user level with everything that it opens and closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelRows {
    /// The level.
    pub level: UserLevel,
    /// What it says of views.
    pub views: Vec<ViewPermission>,
    /// What it says of features.
    pub features: Vec<FeaturePermission>,
}

/// The bit of a permission that allows, by its scope.
pub(crate) const fn allow_bit(scope: LevelScope) -> u8 {
    match scope {
        LevelScope::Own => 1,
        LevelScope::Team => 2,
        LevelScope::Organization => 4,
    }
}

/// The bit of a permission that denies.
pub(crate) const fn deny_bit(scope: LevelScope) -> u8 {
    allow_bit(scope) << 4
}

const fn bit(value: PermissionValue, scope: LevelScope) -> u8 {
    match value {
        PermissionValue::Allow => allow_bit(scope),
        PermissionValue::Deny => deny_bit(scope),
    }
}

/// What a level says of an action on a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FeatureSays {
    pub(crate) feature: FeatureId,
    pub(crate) action: Symbol,
    pub(crate) value: PermissionValue,
    pub(crate) scope: LevelScope,
    pub(crate) id: FeaturePermissionId,
}

/// What a level says of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ViewSays {
    pub(crate) view: ViewId,
    pub(crate) value: PermissionValue,
    pub(crate) id: ViewPermissionId,
}

/// A user level.
#[derive(Clone, Debug)]
pub(crate) struct CompiledLevel {
    pub(crate) id: UserLevelId,
    pub(crate) name: Arc<str>,
    /// In order of feature and action.
    pub(crate) features: Box<[FeatureSays]>,
    /// In order of the views.
    pub(crate) views: Box<[ViewSays]>,
}

impl CompiledLevel {
    fn new(rows: &LevelRows, actions: &mut Names) -> Self {
        let features = rows.features.iter().map(|row| FeatureSays {
            feature: row.feature_id,
            action: actions.add(&row.action),
            value: row.value,
            scope: row.scope,
            id: row.id,
        });
        let mut features: Vec<_> = features.collect();
        features.sort_unstable_by_key(|says| (says.feature, says.action, says.id));
        let views = rows.views.iter().map(|row| ViewSays { view: row.view_id, value: row.value, id: row.id });
        let mut views: Vec<_> = views.collect();
        views.sort_unstable_by_key(|says| (says.view, says.id));
        Self {
            id: rows.level.id,
            name: rows.level.name.as_str().into(),
            features: features.into(),
            views: views.into(),
        }
    }
    fn about(&self, feature: FeatureId, action: Symbol) -> &[FeatureSays] {
        let pair = (feature, action);
        let from = self.features.partition_point(|says| (says.feature, says.action) < pair);
        let count = self.features[from..].iter().take_while(|says| (says.feature, says.action) == pair).count();
        &self.features[from..from + count]
    }
    fn view(&self, view: ViewId) -> &[ViewSays] {
        let from = self.views.partition_point(|says| says.view < view);
        let count = self.views[from..].iter().take_while(|says| says.view == view).count();
        &self.views[from..from + count]
    }
}

/// The user levels of an organization.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    /// Features and views as small numbers.
    items: Table<(Uuid, u32)>,
    pub(crate) actions: Names,
    rows: Slots<UserLevelId, CompiledLevel>,
    features: Grid,
    views: Grid,
}

impl Levels {
    pub(crate) fn slot(&mut self, level: UserLevelId) -> Slot {
        self.rows.slot(level)
    }
    pub(crate) fn get(&self, slot: Slot) -> Option<&Arc<CompiledLevel>> {
        self.rows.get(slot)
    }
    pub(crate) fn find(&self, level: UserLevelId) -> Option<&Arc<CompiledLevel>> {
        self.rows.find(level).and_then(|slot| self.rows.get(slot))
    }
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, &Arc<CompiledLevel>)> {
        self.rows.iter()
    }
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
    fn item(&self, id: Uuid) -> Option<u32> {
        self.items.find(of_uuid(id), |(known, _)| *known == id).map(|(_, item)| *item)
    }
    fn new_item(&mut self, id: Uuid) -> u32 {
        if let Some(item) = self.item(id) {
            return item;
        }
        #[allow(clippy::cast_possible_truncation, reason = "a catalogue has far fewer than 2^32 entries")]
        let item = self.items.len() as u32;
        self.items.insert(of_uuid(id), (id, item), |(known, _)| of_uuid(*known));
        item
    }
    /// What levels say of an action on a feature.
    pub(crate) fn said_of_feature(&self, feature: FeatureId, action: &str) -> &Row {
        match (self.item(feature.as_uuid()), self.actions.find(action)) {
            (Some(item), Some(action)) => self.features.of(item, action),
            _ => &NOTHING,
        }
    }
    /// What levels say of a view.
    pub(crate) fn said_of_view(&self, view: ViewId) -> &Row {
        self.item(view.as_uuid()).map_or(&NOTHING, |item| self.views.of(item, 0))
    }
    /// What one level says of an action on a feature.
    pub(crate) fn feature(&self, slot: Slot, feature: FeatureId, action: &str) -> &[FeatureSays] {
        match (self.rows.get(slot), self.actions.find(action)) {
            (Some(row), Some(action)) => row.about(feature, action),
            _ => &[],
        }
    }
    /// What one level says of a view.
    pub(crate) fn view(&self, slot: Slot, view: ViewId) -> &[ViewSays] {
        self.rows.get(slot).map_or(&[], |row| row.view(view))
    }

    /// Writes levels, or takes them away.
    pub(crate) fn change(&mut self, changes: &BTreeMap<UserLevelId, Option<&LevelRows>>) {
        for (id, rows) in changes {
            let slot = self.rows.slot(*id);
            let new = rows.map(|rows| Arc::new(CompiledLevel::new(rows, &mut self.actions)));
            let old = self.rows.put(slot, new.clone());
            for row in old.iter() {
                for says in &row.features {
                    let item = self.new_item(says.feature.as_uuid());
                    self.features.clear(item, says.action, slot);
                }
                for says in &row.views {
                    let item = self.new_item(says.view.as_uuid());
                    self.views.clear(item, 0, slot);
                }
            }
            for row in new.iter() {
                for says in &row.features {
                    let item = self.new_item(says.feature.as_uuid());
                    self.features.add(item, says.action, slot, bit(says.value, says.scope));
                }
                for says in &row.views {
                    let item = self.new_item(says.view.as_uuid());
                    self.views.add(item, 0, slot, bit(says.value, LevelScope::Organization));
                }
            }
        }
    }
}
