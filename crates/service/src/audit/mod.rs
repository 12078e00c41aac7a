//! Audit events: recorded in the transaction of the change they tell of.

mod append;
mod changes;
mod event;
mod reads;
mod reveal;

pub use append::append;
pub(crate) use append::sealed;
pub use changes::changes;
pub use event::Event;
pub(crate) use reads::ReadLog;
pub use reads::note_read;
pub use reveal::{Revealed, reveal};
