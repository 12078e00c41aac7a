//! The models that rules are read by.

use super::{
    statements::{all_in, exactly},
    time,
};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{store_error, unique_violation},
    },
    entities::policy_models,
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, PLATFORM, Result,
    access::{AccessChange, AccessTable, PolicyModel},
};
use keystead_store::PolicyModelRepository;
use policy_models::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter};

pub(super) fn policy_model(row: Model) -> PolicyModel {
    PolicyModel {
        id: row.id.into(),
        organization_id: row.organization_id.into(),
        text: row.text,
        created_by: row.created_by,
        updated_by: row.updated_by,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn refused(error: DbErr) -> Error {
    match unique_violation(&error) {
        Some(what) if what.contains("organization") => {
            Error::conflict("policy_model_already_there", "The organization has a model already: change that one.")
        }
        _ => store_error(error),
    }
}

impl SqlUnitOfWork {
    /// Row-level security shows the platform's, too, so the organization is named in any case.
    fn own_model(&self, organization: OrganizationId) -> Condition {
        Condition::all()
            .add(Column::OrganizationId.eq(organization.as_uuid()))
            .add(self.of_organization(Column::OrganizationId, organization))
    }
}

#[async_trait]
impl PolicyModelRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &PolicyModel) -> Result<()> {
        self.may_write_in(organization)?;
        all_in(organization, std::iter::once(new.organization_id))?;
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            organization_id: Set(new.organization_id.as_uuid()),
            text: Set(new.text.clone()),
            created_by: Set(new.created_by.clone()),
            updated_by: Set(new.updated_by.clone()),
            created_at: Set(new.created_at.as_datetime()),
            updated_at: Set(new.updated_at.as_datetime()),
            version: Set(new.version),
        };
        self.add(std::iter::once(row)).await.map_err(refused)?;
        self.note(organization, AccessChange::put(AccessTable::PolicyModels, new.id));
        Ok(())
    }

    async fn find(&self, organization: OrganizationId) -> Result<Option<PolicyModel>> {
        Ok(self.one(Entity::find().filter(self.own_model(organization))).await?.map(policy_model))
    }

    async fn in_force(&self, organization: OrganizationId) -> Result<Option<PolicyModel>> {
        let query = Entity::find().filter(self.of_organization_or_platform(Column::OrganizationId, organization));
        let mut rows = self.many(query).await?;
        rows.sort_by_key(|row| row.organization_id == PLATFORM.as_uuid());
        Ok(rows.into_iter().next().map(policy_model))
    }

    async fn update(&self, organization: OrganizationId, changed: &PolicyModel) -> Result<PolicyModel> {
        let next = PolicyModel { version: changed.version + 1, ..changed.clone() };
        let row = ActiveModel {
            text: Set(next.text.clone()),
            updated_by: Set(next.updated_by.clone()),
            updated_at: Set(next.updated_at.as_datetime()),
            version: Set(next.version),
            ..Default::default()
        };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version);
        self.change_row(row, which.add(self.own_model(organization)), refused).await?;
        self.note(organization, AccessChange::put(AccessTable::PolicyModels, next.id));
        Ok(next)
    }

    async fn delete(&self, organization: OrganizationId, version: i64) -> Result<()> {
        let which = self.own_model(organization).add(Column::Version.eq(version));
        let removed = self.remove_returning::<Entity>(which, Column::Id).await?;
        if removed.is_empty() {
            return Err(Error::stale());
        }
        self.note_removed(organization, AccessTable::PolicyModels, removed);
        Ok(())
    }
}
