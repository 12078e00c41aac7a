//! An organization's policy: the model, the rules that are read by it, and the entities that decisions and searches know.
//!
//! Rules are kept only if they fit the model that is in force for them: the organization's own, else the platform's, else
//! the engine's default. Whoever changes either holds the organization's access version while he checks, so that no two
//! changes that do not fit together are both kept. While he holds it everybody else waits, so he reads no rules that this node
//! knows already.

pub mod entities;
mod fitting;
mod guarding;
mod kept;
pub mod model;
mod refused;
pub mod rules;
mod told;
pub(in crate::access) mod turn;

pub(super) use guarding::guard_policy;

use keystead_domain::Caller;

/// Who makes or changes a row, as `type:id`.
fn author(caller: &Caller) -> Option<String> {
    caller.acting_id().map(|_| caller.actor())
}
