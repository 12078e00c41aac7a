//! Menus, and where people have been.

mod menu;
mod trail;

pub use menu::{Menu, MenuItem, SubMenuItem};
pub use trail::TrailEntry;
