//! Service accounts.

use super::{
    statements::{all_in, exactly},
    time,
};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{store_error, unique_violation},
    },
    entities::service_accounts,
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, Page, PageRequest, Result, ServiceAccountId,
    access::{AccessChange, AccessTable},
    accounts::ServiceAccount,
};
use keystead_store::ServiceAccountRepository;
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, Select};
use service_accounts::{ActiveModel, Column, Entity, Model};

pub(super) fn account(row: Model) -> ServiceAccount {
    ServiceAccount {
        id: row.id.into(),
        organization_id: row.organization_id.into(),
        name: row.name,
        description: row.description,
        is_active: row.is_active,
        created_by: row.created_by,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn model(account: &ServiceAccount) -> ActiveModel {
    ActiveModel {
        id: Set(account.id.as_uuid()),
        organization_id: Set(account.organization_id.as_uuid()),
        name: Set(account.name.clone()),
        description: Set(account.description.clone()),
        is_active: Set(account.is_active),
        created_by: Set(account.created_by.clone()),
        created_at: Set(account.created_at.as_datetime()),
        updated_at: Set(account.updated_at.as_datetime()),
        version: Set(account.version),
    }
}

fn refused(error: DbErr) -> Error {
    match unique_violation(&error) {
        Some(what) if what.contains("name") => Error::conflict(
            "service_account_name_taken",
            "There is a service account with this name: choose another one.",
        ),
        _ => store_error(error),
    }
}

impl SqlUnitOfWork {
    fn accounts_of(&self, organization: OrganizationId) -> Select<Entity> {
        Entity::find().filter(self.of_organization(Column::OrganizationId, organization))
    }
}

#[async_trait]
impl ServiceAccountRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &[ServiceAccount]) -> Result<()> {
        self.may_write_in(organization)?;
        all_in(organization, new.iter().map(|row| row.organization_id))?;
        self.add(new.iter().map(model)).await.map_err(refused)?;
        self.note_put(organization, AccessTable::ServiceAccounts, new.iter().map(|row| row.id));
        Ok(())
    }

    async fn find(&self, organization: OrganizationId, id: ServiceAccountId) -> Result<Option<ServiceAccount>> {
        let query = self.accounts_of(organization).filter(Column::Id.eq(id.as_uuid()));
        Ok(self.one(query).await?.map(account))
    }

    async fn find_by_name(&self, organization: OrganizationId, name: &str) -> Result<Option<ServiceAccount>> {
        let query = self.accounts_of(organization).filter(Column::Name.eq(name));
        Ok(self.one(query).await?.map(account))
    }

    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<ServiceAccount>> {
        let rows = self.page(self.accounts_of(organization), Column::Id, page).await?;
        Ok(Page::cut(rows.into_iter().map(account).collect(), page.limit, |row| row.id.to_string()))
    }

    async fn update(&self, organization: OrganizationId, changed: &ServiceAccount) -> Result<ServiceAccount> {
        let next = ServiceAccount { version: changed.version + 1, ..changed.clone() };
        let row = ActiveModel {
            name: Set(next.name.clone()),
            description: Set(next.description.clone()),
            is_active: Set(next.is_active),
            updated_at: Set(next.updated_at.as_datetime()),
            version: Set(next.version),
            ..Default::default()
        };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version);
        self.change_row(row, which.add(self.of_organization(Column::OrganizationId, organization)), refused).await?;
        self.note(organization, AccessChange::put(AccessTable::ServiceAccounts, next.id));
        Ok(next)
    }

    async fn delete(&self, organization: OrganizationId, id: ServiceAccountId, version: i64) -> Result<()> {
        let which = exactly(Column::Id, id, Column::Version, version);
        self.remove_row::<Entity>(which.add(self.of_organization(Column::OrganizationId, organization)), store_error)
            .await?;
        self.note(organization, AccessChange::remove(AccessTable::ServiceAccounts, id));
        Ok(())
    }
}
