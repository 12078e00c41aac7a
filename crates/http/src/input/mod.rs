//! What handlers take from a request. Each refuses with a problem; none lets an unknown field pass.

mod create_key;
mod csv;
mod document;
mod id;
mod if_match;
mod json;
mod null;
mod page;
mod query;
mod scan;
mod signed;
mod whose;
mod yaml;

pub(crate) use create_key::CreateKey;
pub(crate) use csv::Csv;
pub(crate) use document::{Document, Wants};
pub(crate) use id::Id;
pub(crate) use if_match::IfMatch;
pub(crate) use json::{Json, parse};
pub(crate) use null::{given, nullable};
pub(crate) use page::{Paged, page_input};
pub(crate) use query::Query;
pub(crate) use signed::{Anyone, Restricted, Signed};
pub(crate) use whose::Whose;
pub(crate) use yaml::json_of;
