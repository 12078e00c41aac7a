//! What handlers take from a request. Each refuses with a problem; none lets an unknown field pass.

mod id;
mod json;
mod page;
mod query;
mod scan;

pub(crate) use id::Id;
pub(crate) use json::Json;
pub(crate) use page::page_request;
pub(crate) use query::Query;
