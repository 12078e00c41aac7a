//! Roles for the tests.

use crate::testing::now;
use keystead_domain::{
    OrganizationId, PLATFORM, RoleId,
    access::{BuiltInRole, Role},
};

/// A role, built in if it is the platform's.
pub(crate) fn role(id: RoleId, organization_id: OrganizationId, name: &str) -> Role {
    Role {
        id,
        organization_id,
        name: name.to_owned(),
        description: None,
        is_builtin: organization_id == PLATFORM,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

pub(crate) fn built_in(built_in: &BuiltInRole) -> Role {
    role(built_in.id, PLATFORM, built_in.name)
}
