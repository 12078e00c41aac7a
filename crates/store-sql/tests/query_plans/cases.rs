//! What is asked, and which indexes must answer.

use crate::{
    access_cases, people_cases, request_cases,
    rows::{organization, user},
    work_cases,
};
use futures::future::BoxFuture;
use keystead_domain::{PLATFORM, PageRequest, Scope};
use keystead_store::SharedStore;
use uuid::Uuid;

/// A call of the store, or a statement where nothing in the product asks yet.
pub(crate) enum Work {
    Store(Box<dyn Fn(SharedStore) -> BoxFuture<'static, ()> + Send + Sync>),
    Sql(&'static str),
}

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) work: Work,
    /// On both engines. `a|b` where either does the same.
    expected: &'static [&'static str],
    on_postgres: &'static [&'static str],
    on_sqlite: &'static [&'static str],
    /// Tables that may be read from end to end.
    pub(crate) scans: &'static [&'static str],
    pub(crate) postgres_only: bool,
}

impl Case {
    pub(crate) fn postgres(&self) -> Vec<&'static str> {
        self.expected.iter().chain(self.on_postgres).copied().collect()
    }
    pub(crate) fn sqlite(&self) -> Vec<&'static str> {
        self.expected.iter().chain(self.on_sqlite).copied().collect()
    }
    pub(crate) fn on_postgres(mut self, indexes: &'static [&'static str]) -> Self {
        self.on_postgres = indexes;
        self
    }
    pub(crate) fn on_sqlite(mut self, indexes: &'static [&'static str]) -> Self {
        self.on_sqlite = indexes;
        self
    }
    pub(crate) fn only_on_postgres(mut self) -> Self {
        self.postgres_only = true;
        self
    }
    pub(crate) fn may_scan(mut self, tables: &'static [&'static str]) -> Self {
        self.scans = tables;
        self
    }
}

pub(crate) fn case(name: &'static str, expected: &'static [&'static str], work: Work) -> Case {
    Case { name, work, expected, on_postgres: &[], on_sqlite: &[], scans: &[], postgres_only: false }
}

pub(crate) fn sql(name: &'static str, expected: &'static [&'static str], sql: &'static str) -> Case {
    case(name, expected, Work::Sql(sql))
}

/// A call of the store itself.
macro_rules! store {
    ($name:literal, $expected:expr, |$store:ident| $call:expr) => {
        case(
            $name,
            &$expected,
            Work::Store(Box::new(|$store: SharedStore| {
                Box::pin(async move {
                    $call.await.unwrap();
                })
            })),
        )
    };
}

/// A call in a unit of work that is read only, or that is rolled back.
macro_rules! read {
    ($name:literal, $expected:expr, $scope:expr, |$unit:ident| $call:expr) => {
        store!($name, $expected, |store| async move {
            let $unit = store.read($scope).await?;
            $call.await.map(drop)
        })
    };
}
macro_rules! write {
    ($name:literal, $expected:expr, $scope:expr, |$unit:ident| $call:expr) => {
        store!($name, $expected, |store| async move {
            let $unit = store.begin($scope).await?;
            $call.await.map(drop)
        })
    };
}

pub(crate) use {read, store, write};

/// Indexes whose purpose is that equal rows are refused, with the contract that proves it.
pub(crate) const UNIQUE_BY_CONTRACT: &[(&str, &str)] = &[
    ("roles_organization_name", "roles::a_taken_name_is_a_conflict"),
    ("permissions_organization_name", "permissions::permissions_are_added_in_one_batch_and_found"),
    ("teams_organization_name", "teams::a_taken_name_is_a_conflict"),
    ("jobs_unique_key", "jobs::a_unique_job_waits_or_runs_once"),
    ("schedules_organization_name", "jobs::schedules_are_made_once_and_listed"),
    ("organization_modules_organization_module", "organization_modules::a_module_is_given_once"),
    ("signing_keys_kid", "keys::signing_keys_are_found_until_they_expire"),
];

pub(crate) const PLATFORM_SCOPE: Scope = Scope::organization(PLATFORM);

pub(crate) fn here() -> Scope {
    Scope::person(organization(), user(0))
}
/// A page from the middle of a list.
pub(crate) fn after(id: impl Into<Uuid>) -> PageRequest {
    PageRequest { limit: 50, after: Some(id.into().to_string()) }
}
pub(crate) fn first() -> PageRequest {
    PageRequest::first(50)
}

pub(crate) fn all() -> Vec<Case> {
    let mut cases = people_cases::all();
    cases.extend(access_cases::all());
    cases.extend(request_cases::all());
    cases.extend(work_cases::all());
    cases
}
