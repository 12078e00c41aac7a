//! Audit events: recorded in the transaction of the change they tell of.

mod abridged;
mod append;
mod changes;
mod decisions;
mod event;
mod get_event;
mod list_events;
mod reads;
mod record;
mod reveal;
mod waiting;

pub use append::append;
pub(crate) use append::{sealed, tells_client};
pub use changes::changes;
pub(crate) use decisions::{About, Asker, Decided, DecisionLog, Name, Names, What};
pub use event::Event;
pub use get_event::get_audit_event;
pub use list_events::{ListAuditEvents, list_audit_events};
pub use reads::note_read;
pub(crate) use reads::{ReadLog, no_reads};
pub use record::AuditRecord;
pub use reveal::{Revealed, reveal};
pub(crate) use waiting::{Waiting, Waits};
