//! Invitations.

use super::{after, one_more, time, word};
use crate::{
    engine::{SqlUnitOfWork, errors::store_error},
    entities::invitations,
};
use async_trait::async_trait;
use invitations::Column;
use keystead_domain::{
    Error, InvitationId, OrganizationId, Page, PageRequest, Result, RoleId, Timestamp, UserId,
    accounts::Email,
    organizations::{Invitation, InvitationStatus},
};
use keystead_store::InvitationRepository;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait, Statement,
    sea_query::{Expr, ExprTrait},
};

fn invitation(row: invitations::Model) -> Result<Invitation> {
    Ok(Invitation {
        id: InvitationId::from_uuid(row.id),
        organization_id: OrganizationId::from_uuid(row.organization_id),
        email: Email::stored(row.email, row.email_key),
        role_id: RoleId::from_uuid(row.role_id),
        role_organization_id: OrganizationId::from_uuid(row.role_organization_id),
        status: word(InvitationStatus::parse(&row.status), "invitations.status", &row.status)?,
        invited_by: UserId::from_uuid(row.invited_by),
        expires_at: time(row.expires_at),
        answered_at: row.answered_at.map(time),
        accepted_by: row.accepted_by.map(UserId::from_uuid),
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    })
}

#[async_trait]
impl InvitationRepository for SqlUnitOfWork {
    async fn insert(&self, new: &Invitation, token_hash: &[u8]) -> Result<()> {
        self.may_write_in(new.organization_id)?;
        let row = invitations::ActiveModel {
            id: Set(new.id.as_uuid()),
            organization_id: Set(new.organization_id.as_uuid()),
            email: Set(new.email.as_str().to_owned()),
            email_key: Set(new.email.key().to_owned()),
            role_id: Set(new.role_id.as_uuid()),
            role_organization_id: Set(new.role_organization_id.as_uuid()),
            token_hash: Set(token_hash.to_vec()),
            status: Set(new.status.as_str().to_owned()),
            invited_by: Set(new.invited_by.as_uuid()),
            expires_at: Set(new.expires_at.as_datetime()),
            answered_at: Set(new.answered_at.map(Timestamp::as_datetime)),
            accepted_by: Set(new.accepted_by.map(UserId::as_uuid)),
            created_at: Set(new.created_at.as_datetime()),
            updated_at: Set(new.updated_at.as_datetime()),
            version: Set(new.version),
        };
        let done = invitations::Entity::insert(row).exec_without_returning(self.connection()).await;
        done.map(drop).map_err(store_error)
    }

    async fn find(&self, organization: OrganizationId, id: InvitationId) -> Result<Option<Invitation>> {
        let query = invitations::Entity::find()
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(self.of_organization(Column::OrganizationId, organization));
        query.one(self.connection()).await.map_err(store_error)?.map(invitation).transpose()
    }

    async fn find_by_token(&self, token_hash: &[u8]) -> Result<Option<Invitation>> {
        let row = if self.backend() == DbBackend::Postgres {
            let sql = "SELECT * FROM keystead.invitation_by_token($1)";
            let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [token_hash.to_vec().into()]);
            let row = self.connection().query_one_raw(statement).await.map_err(store_error)?;
            row.map(|row| invitations::Model::from_query_result(&row, "")).transpose().map_err(store_error)?
        } else {
            let query = invitations::Entity::find().filter(Column::TokenHash.eq(token_hash.to_vec()));
            query.one(self.connection()).await.map_err(store_error)?
        };
        row.map(invitation).transpose()
    }

    async fn list(
        &self,
        organization: OrganizationId,
        status: Option<InvitationStatus>,
        page: &PageRequest,
    ) -> Result<Page<Invitation>> {
        let mut query = invitations::Entity::find().filter(self.of_organization(Column::OrganizationId, organization));
        if let Some(id) = after(page)? {
            query = query.filter(Column::Id.gt(id));
        }
        if let Some(status) = status {
            query = query.filter(Column::Status.eq(status.as_str()));
        }
        let query = query.order_by_asc(Column::Id).limit(one_more(page));
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        let items = rows.into_iter().map(invitation).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(items, page.limit, |invitation| invitation.id.to_string()))
    }

    async fn update(&self, organization: OrganizationId, changed: &Invitation) -> Result<Invitation> {
        let row = invitations::ActiveModel {
            status: Set(changed.status.as_str().to_owned()),
            answered_at: Set(changed.answered_at.map(Timestamp::as_datetime)),
            accepted_by: Set(changed.accepted_by.map(UserId::as_uuid)),
            updated_at: Set(changed.updated_at.as_datetime()),
            version: Set(changed.version + 1),
            ..Default::default()
        };
        let done = invitations::Entity::update_many()
            .set(row)
            .filter(Column::Id.eq(changed.id.as_uuid()))
            .filter(Column::Version.eq(changed.version))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        if done.rows_affected == 0 {
            return Err(Error::stale());
        }
        Ok(Invitation { version: changed.version + 1, ..changed.clone() })
    }

    async fn revoke_of(
        &self,
        organization: OrganizationId,
        person: UserId,
        address: &Email,
        now: Timestamp,
    ) -> Result<Vec<InvitationId>> {
        let theirs =
            Condition::any().add(Column::InvitedBy.eq(person.as_uuid())).add(Column::EmailKey.eq(address.key()));
        let mut update = invitations::Entity::update_many()
            .col_expr(Column::Status, Expr::value(InvitationStatus::Revoked.as_str()))
            .col_expr(Column::UpdatedAt, Expr::value(now.as_datetime()))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::Status.eq(InvitationStatus::Pending.as_str()))
            .filter(theirs)
            .filter(self.of_organization(Column::OrganizationId, organization))
            .into_query();
        update.returning_col(Column::Id);
        let rows = self.connection().query_all(&update).await.map_err(store_error)?;
        let id = |row: &QueryResult| row.try_get_by_index(0).map(InvitationId::from_uuid).map_err(store_error);
        rows.iter().map(id).collect()
    }
}
