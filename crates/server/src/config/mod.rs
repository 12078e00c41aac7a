//! Configuration: file, environment, flags, in that order; unknown keys are errors.

mod list;
mod load;
mod parse;
mod reference;
mod show;

pub use list::{Kind, Setting, find, settings};
pub use load::{Config, Source, load};
pub use reference::reference;
pub use show::{ShownSetting, shown};
