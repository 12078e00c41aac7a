//! Containers whose versions share what they have in common: a changed policy costs what the change touches.

pub(crate) mod hash;
pub(crate) mod names;
pub(crate) mod pages;
pub(crate) mod table;
