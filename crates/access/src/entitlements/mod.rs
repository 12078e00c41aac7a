//! What an organization has bought, and what its user levels make of it, compiled.
//!
//! The [catalogue](Catalogue) is the same for all organizations. What is in it can be reached only through an active
//! module that the organization has; what can be reached is opened and closed by user levels.

mod catalogue;
mod levels;
mod modules;

pub use catalogue::{Catalogue, CatalogueRows};
pub use levels::LevelRows;
pub(crate) use levels::{Levels, allow_bit, deny_bit};
pub use modules::ModuleState;
pub(crate) use modules::{FEATURE, Item, Modules, VIEW, VIEWING};
