//! Whatever managers write into user levels, whoever has them gains nothing that the platform has not given to the
//! organization: no module, none of Keystead's own resources, nothing that a fixed permission denies to the level.

use super::{
    Cell, CellChange,
    cell::LevelPermission,
    edit::Edit,
    fixtures::{feature, level, level_id, on_feature, on_view, view},
};
use crate::{
    access::RESOURCES,
    testing::{TestApp, now, organization, user},
};
use keystead_access::{
    Context, Holder, Resource, Target,
    entitlements::{CatalogueRows, LevelRows},
    people::Member,
    platform::{Platform, PlatformRows},
    policy::Entity,
    snapshot::{Rows, Snapshot},
};
use keystead_domain::{
    ModuleId, OrganizationModuleId,
    access::{
        Action, Feature, FeaturePermission, LevelAssignment, LevelEditor, LevelScope, Module, ModuleFeature,
        ModuleView, OrganizationModule, PermissionValue, View, ViewPermission,
    },
};
use proptest::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

/// The keys of features and views, each with the module that has it; of each kind the last is not active.
///
/// The organization has module 1, it had module 2, module 3 is not active, and module 4 is not its own. The key `teams`
/// is also a word of Keystead's.
const KEYS: [(&str, u128); 6] =
    [("reports", 1), ("teams", 1), ("exports", 2), ("imports", 3), ("billing", 4), ("retired", 1)];
/// Those that can be reached.
const OPEN: [&str; 2] = ["reports", "teams"];
const ACTIONS: [&str; 6] = ["create", "read", "update", "delete", "view", "export"];
const LEVELS: u128 = 2;

fn module_id(number: u128) -> ModuleId {
    ModuleId::from_uuid(Uuid::from_u128(0xa000 + number))
}

/// Calls `make` with number, key, module and whether it is active.
fn entries<T>(make: impl Fn(u128, &str, u128, bool) -> T) -> Vec<T> {
    let entry = |(number, (key, module)): (usize, &(&str, u128))| make(number as u128, key, *module, *key != "retired");
    KEYS.iter().enumerate().map(entry).collect()
}

fn platform() -> Platform {
    let (description, name, key, created_at, updated_at, version) =
        (None::<String>, || "Name".to_owned(), str::to_owned, now(), now(), 1);
    let modules = (1..=4).map(|number| Module {
        id: module_id(number),
        key: format!("module-{number}"),
        name: name(),
        description: None,
        icon: None,
        order_index: 0,
        is_active: number != 3,
        created_at,
        updated_at,
        version,
    });
    let catalogue = CatalogueRows {
        modules: modules.collect(),
        features: entries(|number, word, _, is_active| Feature {
            id: feature(number),
            key: key(word),
            name: name(),
            description: description.clone(),
            is_active,
            created_at,
            updated_at,
            version,
        }),
        views: entries(|number, word, _, is_active| View {
            id: view(number),
            key: key(word),
            name: name(),
            description: description.clone(),
            path: None,
            icon: None,
            is_active,
            created_at,
            updated_at,
            version,
        }),
        module_features: entries(|number, _, module, _| ModuleFeature {
            module_id: module_id(module),
            feature_id: feature(number),
        }),
        module_views: entries(|number, _, module, _| ModuleView {
            module_id: module_id(module),
            view_id: view(number),
        }),
    };
    let own_kinds = RESOURCES.iter().map(|word| (*word).to_owned()).collect();
    Platform::new(PlatformRows { catalogue, own_kinds, ..PlatformRows::default() }).unwrap()
}

/// What decides when a plain member has every level.
fn snapshot(levels: Vec<LevelRows>) -> Snapshot {
    let mut rows = Rows::empty(organization(1), Arc::new(platform()));
    rows.members = vec![Member { holder: Holder::User(user(8)), active: true }];
    let has = |number: u128, is_active| OrganizationModule {
        id: OrganizationModuleId::from_uuid(Uuid::from_u128(number)),
        organization_id: organization(1),
        module_id: module_id(number),
        is_active,
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    rows.modules = vec![has(1, true), has(2, false), has(3, true)];
    rows.held_levels = levels
        .iter()
        .map(|rows| LevelAssignment {
            organization_id: organization(1),
            user_id: user(8),
            user_level_id: rows.level.id,
            created_at: now(),
        })
        .collect();
    rows.levels = levels;
    Snapshot::new(rows).unwrap()
}

/// What the platform has fixed in level 0: no exports of reports, and reports are not shown.
fn fixed() -> Vec<LevelPermission> {
    let (value, modifiable) = (PermissionValue::Deny, false);
    let feature = FeaturePermission { value, modifiable, ..on_feature(0, 0, "export") };
    let view = ViewPermission { value, modifiable, ..on_view(0, 0) };
    vec![LevelPermission::Feature(feature), LevelPermission::View(view)]
}

/// The levels after what managers have written, as far as they may.
fn levels(written: &[(u128, CellChange)]) -> Vec<LevelRows> {
    let app = TestApp::new().build();
    let mut all = Vec::new();
    for number in 0..LEVELS {
        let mut permissions = if number == 0 { fixed() } else { Vec::new() };
        for (_, change) in written.iter().filter(|(of, _)| *of == number) {
            let mut edit = Edit::of(level(number), permissions.clone());
            if edit.change(&app, LevelEditor::Managers, std::slice::from_ref(change)).is_ok() {
                permissions = edit.all_after();
            }
        }
        let mut rows = LevelRows { level: level(number), views: Vec::new(), features: Vec::new() };
        for permission in permissions {
            match permission {
                LevelPermission::View(row) => rows.views.push(row),
                LevelPermission::Feature(row) => rows.features.push(row),
            }
        }
        all.push(rows);
    }
    all
}

fn allowed(snapshot: &Snapshot, action: &str, kind: &str, id: &str) -> bool {
    let person = user(8).to_string();
    let target = Target::known(Entity::new(kind, id));
    let (subject, action) = (Entity::new(Holder::USER, &person), Entity::new("", action));
    snapshot.decide(&subject, &action, &target, &Context::at(now())).allowed
}

fn change() -> impl Strategy<Value = (u128, CellChange)> {
    let number = || 0..KEYS.len() as u128;
    let cell = prop_oneof![
        number().prop_map(|number| Cell::View(view(number))),
        (number(), prop::sample::select(&ACTIONS[..]))
            .prop_map(|(number, action)| Cell::Feature(feature(number), action.to_owned())),
    ];
    let value = prop_oneof![
        3 => Just(Some(PermissionValue::Allow)),
        1 => Just(Some(PermissionValue::Deny)),
        1 => Just(None)
    ];
    let modifiable = prop::option::weighted(0.2, any::<bool>());
    (0..LEVELS, cell, value, prop::sample::select(LevelScope::ALL), modifiable).prop_map(
        |(number, cell, value, scope, modifiable)| {
            (number, CellChange { cell, value, scope, modifiable, version: None })
        },
    )
}

proptest! {
    #[test]
    fn nobody_gains_by_levels_what_the_platform_has_not_given(written in prop::collection::vec(change(), 1..40)) {
        let levels = levels(&written);
        let kept: Vec<_> = levels[0].features.iter().filter(|row| !row.modifiable).cloned().map(LevelPermission::Feature)
            .chain(levels[0].views.iter().filter(|row| !row.modifiable).cloned().map(LevelPermission::View)).collect();
        prop_assert_eq!(kept, fixed());
        let snapshot = snapshot(levels);
        for action in ACTIONS {
            for (key, _) in KEYS.iter().filter(|(key, _)| !OPEN.contains(key)) {
                prop_assert!(!allowed(&snapshot, action, "feature", key), "{} {}", action, key);
                prop_assert!(!allowed(&snapshot, action, "view", key), "{} {}", action, key);
                prop_assert!(!allowed(&snapshot, action, key, "1"), "{} {}", action, key);
            }
        }
        prop_assert!(!allowed(&snapshot, "export", "feature", "reports"));
        prop_assert!(!allowed(&snapshot, "view", "view", "reports"));
        for kind in RESOURCES {
            for action in Action::ALL {
                for resource in [
                    Resource::all(kind, organization(1)),
                    Resource::one(kind, Uuid::from_u128(9), organization(1)),
                    Resource::one(kind, Uuid::from_u128(9), organization(2)),
                    Resource::installation(kind),
                ] {
                    let decision = snapshot.decide_own(Holder::User(user(8)), action.as_str(), &resource, &Context::at(now()));
                    prop_assert!(!decision.allowed, "{} {:?}", action, resource);
                }
            }
        }
    }
}

/// The property says nothing if levels open nothing at all.
#[test]
fn what_the_platform_has_given_a_level_opens() {
    let allow = |cell| CellChange {
        cell,
        value: Some(PermissionValue::Allow),
        scope: LevelScope::Organization,
        modifiable: None,
        version: None,
    };
    let on = |number, action: &str| allow(Cell::Feature(feature(number), action.to_owned()));
    let written = [(1, on(0, "read")), (1, on(1, "read")), (1, allow(Cell::View(view(1))))];
    let levels = levels(&written);
    assert_eq!(levels[1].level.id, level_id(1));
    let snapshot = snapshot(levels);
    assert!(allowed(&snapshot, "read", "feature", "reports") && allowed(&snapshot, "read", "reports", "7"));
    assert!(allowed(&snapshot, "read", "feature", "teams") && allowed(&snapshot, "view", "view", "teams"));
    assert!(!allowed(&snapshot, "write", "feature", "reports"));
    let teams = Resource::all("teams", organization(1));
    assert!(!snapshot.decide_own(Holder::User(user(8)), "read", &teams, &Context::at(now())).allowed);
}
