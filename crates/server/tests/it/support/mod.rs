//! A server under test: the real binary with a store of its own.

mod chance;
mod figures;
mod person;
mod process;
mod store;

pub use chance::{Chance, times};
pub use figures::Figures;
pub use person::{Person, send};
pub use process::{ADMIN_PASSWORD, Server};
pub use store::{StoreKind, TestStore};
