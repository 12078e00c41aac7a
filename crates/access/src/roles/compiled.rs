//! One role, compiled.

use super::RoleRows;
use crate::policy::shared::names::{Names, Symbol};
use keystead_domain::{PermissionId, RoleId, access::PermissionScope};
use std::sync::Arc;

/// Reaches what the subject owns.
pub(crate) const OWN: u8 = 1;
/// Reaches what is the organization's.
pub(crate) const ORGANIZATION: u8 = 4;
/// Reaches everything.
pub(crate) const ANY: u8 = 8;

/// The bit that stands for a scope in a cell.
pub(crate) const fn bit(scope: PermissionScope) -> u8 {
    match scope {
        PermissionScope::Own => OWN,
        PermissionScope::Organization => ORGANIZATION,
        PermissionScope::Any => ANY,
    }
}

/// One permission of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Permitted {
    pub(crate) kind: Symbol,
    pub(crate) action: Symbol,
    pub(crate) scope: PermissionScope,
    pub(crate) id: PermissionId,
    /// The role that has it: this one, or one that it inherits from.
    pub(crate) of: RoleId,
}

impl Permitted {
    pub(super) fn order(&self) -> (Symbol, Symbol, PermissionScope, PermissionId, RoleId) {
        (self.kind, self.action, self.scope, self.id, self.of)
    }
}

/// A role.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) id: RoleId,
    pub(crate) name: Arc<str>,
    pub(crate) inherits: Box<[RoleId]>,
    /// Its own permissions.
    pub(crate) own: Box<[Permitted]>,
    /// Those that it inherits too, in order.
    pub(crate) all: Box<[Permitted]>,
}

impl Compiled {
    /// The role without what it inherits.
    pub(super) fn new(rows: &RoleRows, kinds: &mut Names, actions: &mut Names) -> Self {
        let own = rows.permissions.iter().map(|permission| Permitted {
            kind: kinds.add(&permission.resource),
            action: actions.add(&permission.action),
            scope: permission.scope,
            id: permission.id,
            of: rows.role.id,
        });
        Self {
            id: rows.role.id,
            name: rows.role.name.as_str().into(),
            inherits: rows.inherits.as_slice().into(),
            own: own.collect(),
            all: Box::default(),
        }
    }
    /// Its permissions for an action on a kind of resource.
    pub(super) fn about(&self, kind: Symbol, action: Symbol) -> &[Permitted] {
        let pair = (kind, action);
        let from = self.all.partition_point(|permitted| (permitted.kind, permitted.action) < pair);
        let count = self.all[from..].iter().take_while(|permitted| (permitted.kind, permitted.action) == pair).count();
        &self.all[from..from + count]
    }
}
