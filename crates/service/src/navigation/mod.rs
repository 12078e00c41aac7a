//! The menu that a person sees, and where they have been.

mod menu;
mod trail;

pub use menu::navigation;
pub use trail::{Visit, clear_trail, recent_trail, record_trail};
