//! Use cases: guard, one transaction, one audit event, its jobs.
//!
//! Every use case is a function of an [`App`] and a [`Caller`](keystead_domain::Caller). It asks the
//! [`guard`](access::guard), does its work in one transaction, appends its [audit] events there and commits.
//! The API, the command line and the jobs call the same functions.

pub mod access;
pub mod accounts;
mod app;
pub mod audit;
pub mod background;
pub mod bootstrap;
pub mod catalogue;
pub mod difference;
pub mod idempotency;
pub mod jobs;
pub mod keys;
pub mod navigation;
pub mod organizations;
pub mod paging;
pub mod passwords;
#[cfg(test)]
mod refusals;
pub mod seeds;
pub mod service_accounts;
pub mod sessions;
mod settings;
#[cfg(test)]
pub(crate) mod testing;

pub use app::{App, Parts, Setup};
pub use settings::{Environment, RecordDecisions, ServiceSettings};
