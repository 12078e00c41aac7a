//! `/access/entities`.

pub(super) mod delete_many;
pub(super) mod list;
pub(super) mod one;
pub(super) mod put;
mod view;
