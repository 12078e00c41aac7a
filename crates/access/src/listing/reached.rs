//! What leads to what can be reached, and the names of what decides.

use crate::{
    entitlements::{ModuleState, VIEW, VIEWING},
    policy::Entity,
    question::Context,
    snapshot::Snapshot,
};
use keystead_domain::{ModuleId, RoleId, UserLevelId, ViewId};
use std::collections::BTreeSet;

/// An active module that the organization has, and that leads to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// The module.
    pub module: ModuleId,
    /// Its key.
    pub key: String,
}

impl Snapshot {
    /// The modules through which a view can be reached, in order; none for one that is not active or not there.
    #[must_use]
    pub fn doors_to_view(&self, key: &str) -> Vec<Door> {
        let view = self.platform.catalogue.views.get(key).filter(|view| view.active);
        self.doors(view.map_or(&[], |view| &view.modules))
    }
    /// The modules through which a feature can be reached, in order; none for one that is not active or not there.
    #[must_use]
    pub fn doors_to_feature(&self, key: &str) -> Vec<Door> {
        let feature = self.platform.catalogue.features.get(key).filter(|feature| feature.active);
        self.doors(feature.map_or(&[], |feature| &feature.modules))
    }
    fn doors(&self, modules: &[ModuleId]) -> Vec<Door> {
        let catalogue = &self.platform.catalogue;
        let open = |module: &&ModuleId| self.modules.state(catalogue, **module) == ModuleState::Open;
        let door = |module: &ModuleId| {
            let (key, _) = catalogue.modules.get(module)?;
            Some(Door { module: *module, key: key.to_string() })
        };
        let mut doors: Vec<_> = modules.iter().filter(open).filter_map(door).collect();
        doors.sort_unstable_by_key(|door| door.module);
        doors.dedup();
        doors
    }

    /// Those of `wanted` that can be reached and that `subject` may see. Also an administrator of the platform, to whom
    /// nothing is closed, is shown only what the organization has.
    #[must_use]
    pub fn views_open_to(
        &self,
        subject: &Entity<'_>,
        context: &Context<'_>,
        wanted: &BTreeSet<ViewId>,
    ) -> BTreeSet<ViewId> {
        let wanted = self.platform.catalogue.views.iter().filter(|(_, view)| wanted.contains(&view.id));
        let open = wanted.filter(|(key, _)| {
            let may = || self.decide(subject, &Entity::new("", VIEWING), &Self::target(VIEW, key), context).allowed;
            !self.doors_to_view(key).is_empty() && may()
        });
        open.map(|(_, view)| view.id).collect()
    }

    /// The name of a role: of the organization's own, or of one that it inherits.
    #[must_use]
    pub fn role_name(&self, role: RoleId) -> Option<&str> {
        self.roles.find(role).map(|role| &*role.name)
    }
    /// The key of a module of the catalogue.
    #[must_use]
    pub fn module_key(&self, module: ModuleId) -> Option<&str> {
        self.platform.catalogue.modules.get(&module).map(|(key, _)| &**key)
    }
    /// The name of a user level.
    #[must_use]
    pub fn level_name(&self, level: UserLevelId) -> Option<&str> {
        self.levels.find(level).map(|level| &*level.name)
    }
}
