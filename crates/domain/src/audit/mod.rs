//! Audit events: who did what, where, and with what outcome.

mod event;

pub use event::{AuditEvent, AuditFilter, Outcome, Severity};
