//! A server under test: the real binary with a store of its own.

mod process;
mod store;

pub use process::{ADMIN_PASSWORD, Server};
pub use store::{StoreKind, TestStore};
