//! The subjects and resources that decisions and searches know, with their properties.

mod check;
mod delete;
mod delete_many;
mod get;
mod list;
mod put;

pub use check::{EntityName, MOST_ENTITIES, MOST_ENTITIES_AT_ONCE, MOST_ENTITY_BYTES, MOST_PROPERTY_BYTES, NewEntity};
pub use delete::{DeleteEntity, delete_entity};
pub use delete_many::{DeleteEntities, delete_entities};
pub use get::get_entity;
pub use list::{ListEntities, list_entities};
pub use put::{PutEntities, WrittenEntities, put_entities};

use keystead_domain::{Error, OrganizationId, Result, access::PolicyEntity};
use keystead_store::UnitOfWork;

const KIND: &str = "policy_entities";

/// The entity with this name.
async fn entity(unit: &dyn UnitOfWork, organization: OrganizationId, name: &EntityName) -> Result<PolicyEntity> {
    // No store can be asked for what it could not keep.
    let can_be = !name.kind.contains('\0') && !name.id.contains('\0');
    let found = match can_be {
        true => unit.policy_entities().find_by_entity(organization, &name.kind, &name.id).await?,
        false => None,
    };
    found.ok_or_else(|| Error::not_found("entity"))
}
