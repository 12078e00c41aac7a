//! `/access/rules`.

pub(super) mod change;
pub(super) mod create;
pub(super) mod csv;
pub(super) mod delete_many;
pub(super) mod list;
pub(super) mod read;
pub(super) mod replace;
mod view;
