//! Deciding: what is done for each request.

pub(crate) mod decide;
pub(crate) mod evaluate;
pub(crate) mod explain;
pub(crate) mod fold;
pub(crate) mod reach;
pub(crate) mod scratch;
pub(crate) mod term;
pub(crate) mod value;
