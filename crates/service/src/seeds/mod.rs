//! Seeds beside the [system's](crate::bootstrap): rows to try things with, and rows for the tests of products.
//!
//! Neither is for real people's data, so both are refused in production. Each is applied once.

mod apply;
mod demo;
mod test;

pub use apply::{Seeded, SeededPerson};
pub use demo::seed_demo;
pub use test::{OTHER_ORGANIZATION, TEST_ORGANIZATION, TEST_PASSWORD, seed_test};
