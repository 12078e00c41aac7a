//! The holder of snapshots: newest wins, oldest goes.

use crate::world::{World, a_role, here, holder, module, role, uuid};
use keystead_access::{
    Version,
    platform::PlatformChange,
    policy::{self, Rule},
    snapshot::{Bounds, Change, Snapshots},
};
use keystead_domain::OrganizationId;
use std::sync::Arc;

fn organization(number: usize) -> OrganizationId {
    uuid(1, 100 + number).into()
}

fn put(snapshots: &Snapshots, number: usize) {
    snapshots.put(Arc::new(World::new(organization(number)).snapshot()));
}

#[test]
fn the_organizations_used_longest_ago_are_dropped() {
    let snapshots = Snapshots::new(Bounds { organizations: 3, bytes: usize::MAX });
    for number in 0..3 {
        put(&snapshots, number);
    }
    assert!(snapshots.get(organization(0)).is_some());
    put(&snapshots, 3);
    let kept = |number| snapshots.versions().iter().any(|(id, _)| *id == organization(number));
    assert_eq!([0, 1, 2, 3].map(kept), [true, false, true, true]);
    assert!(snapshots.get(organization(1)).is_none());
    snapshots.forget(organization(2));
    assert!(!kept(2));
}

#[test]
fn memory_is_bounded_and_the_last_one_stays() {
    let weight = World::new(here()).snapshot().weight();
    let snapshots = Snapshots::new(Bounds { organizations: 100, bytes: weight * 5 / 2 });
    for number in 0..6 {
        put(&snapshots, number);
        assert!(snapshots.get(organization(number)).is_some());
        assert!(snapshots.versions().len() <= 2);
    }
    // Also what grows counts.
    let grown = (0..200)
        .map(|number| Change::Role { role: role(number), rows: Some(a_role(organization(5), number, &[], &[])) });
    snapshots.change(organization(5), 2, grown.collect()).unwrap();
    assert_eq!(snapshots.versions(), [(organization(5), Version { organization: 2, platform: 1 })]);
    let tiny = Snapshots::new(Bounds { organizations: 1, bytes: 1 });
    put(&tiny, 0);
    put(&tiny, 1);
    assert_eq!(tiny.versions().len(), 1);
    assert!(tiny.get(organization(1)).is_some());
}

#[test]
fn an_older_version_never_takes_the_place_of_a_newer_one() {
    let snapshots = Snapshots::new(Bounds::default());
    let first = Arc::new(World::new(here()).snapshot());
    snapshots.put(Arc::clone(&first));
    let change = || vec![Change::Member { holder: holder(0), active: Some(true) }];
    let second = snapshots.change(here(), 2, change()).unwrap().unwrap();
    assert_eq!(second.version(), Version { organization: 2, platform: 1 });
    assert_eq!(snapshots.put(first).version().organization, 2);
    // A change that is told again, or late, is there already.
    assert!(Arc::ptr_eq(&snapshots.change(here(), 2, change()).unwrap().unwrap(), &second));
    assert!(Arc::ptr_eq(&snapshots.change(here(), 1, Vec::new()).unwrap().unwrap(), &second));
    assert!(snapshots.at_least(here(), Version { organization: 2, platform: 1 }).is_some());
    assert!(snapshots.at_least(here(), Version { organization: 3, platform: 1 }).is_none());
    assert!(snapshots.at_least(here(), Version { organization: 2, platform: 2 }).is_none());
    assert!(snapshots.change(organization(9), 1, Vec::new()).unwrap().is_none());
    // What is refused leaves the current one, which says that it is not the newest.
    let bad = vec![Change::Rules(vec![policy::Change::Put(Rule::new(crate::world::rule(0), "p", ["alice"]))])];
    assert!(snapshots.change(here(), 3, bad).is_err());
    assert_eq!(snapshots.get(here()).unwrap().version().organization, 2);
}

#[test]
fn the_platforms_part_goes_into_every_snapshot() {
    let snapshots = Snapshots::new(Bounds::default());
    for number in 0..3 {
        put(&snapshots, number);
    }
    let platform = snapshots.get(organization(0)).unwrap().platform().clone();
    let next = platform.with(2, vec![PlatformChange::Administrators(Vec::new())]).unwrap();
    assert!(snapshots.set_platform(&Arc::new(next)).is_empty());
    assert!(snapshots.versions().iter().all(|(_, version)| *version == Version { organization: 1, platform: 2 }));
}

#[test]
fn reading_and_changing_at_once_loses_nothing() {
    let snapshots = Snapshots::new(Bounds::default());
    snapshots.put(Arc::new(World::new(here()).snapshot()));
    std::thread::scope(|scope| {
        for thread in 0..3 {
            let snapshots = &snapshots;
            scope.spawn(move || {
                let mut last = 0;
                for number in 0..200 {
                    let version = snapshots.get(here()).unwrap().version().organization;
                    assert!(version >= last);
                    last = version;
                    if thread > 0 {
                        let rows = Some(a_role(here(), number % 5, &[], &[]));
                        let changes = vec![
                            Change::Role { role: role(number % 5), rows },
                            Change::Module { module: module(0), active: Some(true) },
                        ];
                        snapshots.change(here(), version + 1, changes).unwrap();
                    }
                }
            });
        }
    });
    assert!(snapshots.get(here()).unwrap().version().organization >= 200);
}
