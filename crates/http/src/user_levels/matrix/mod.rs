//! `/access/matrix`.

pub(super) mod read;
pub(super) mod write;
