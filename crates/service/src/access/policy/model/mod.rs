//! The model that an organization's rules are read by.

mod delete;
mod get;
mod inheritors;
mod put;

pub use super::fitting::ModelOf;
pub use delete::{DeleteModel, delete_model};
pub use get::{ModelInForce, get_model};
pub(in crate::access) use inheritors::check_inheritors;
pub use put::{PutModel, put_model};

const KIND: &str = "policy_models";
