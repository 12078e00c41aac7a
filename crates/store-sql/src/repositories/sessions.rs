//! Sessions and their refresh tokens.

use super::{after, one_more, time, word};
use crate::{
    engine::{SqlUnitOfWork, errors::store_error},
    entities::{refresh_tokens, sessions},
    hot,
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, Page, PageRequest, Result, SessionId, Timestamp, UserId,
    sessions::{RefreshFamily, RevokedReason, Session},
};
use keystead_store::{CallerRecord, SessionRepository};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, QueryTrait, prelude::Expr,
};
use sessions::Column;

fn session(row: sessions::Model) -> Result<Session> {
    let revoked_reason = row
        .revoked_reason
        .map(|text| word(RevokedReason::parse(&text), "sessions.revoked_reason", &text))
        .transpose()?;
    Ok(Session {
        id: SessionId::from_uuid(row.id),
        user_id: UserId::from_uuid(row.user_id),
        organization_id: OrganizationId::from_uuid(row.organization_id),
        profile_id: row.profile_id,
        client_ip: row.client_ip,
        user_agent: row.user_agent,
        device_info: row.device_info,
        security_context: row.security_context,
        created_at: time(row.created_at),
        last_activity_at: time(row.last_activity_at),
        idle_expires_at: time(row.idle_expires_at),
        expires_at: time(row.expires_at),
        revoked_at: row.revoked_at.map(time),
        revoked_reason,
    })
}

/// Neither ended nor run out at `now`.
fn live(now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::RevokedAt.is_null())
        .add(Column::IdleExpiresAt.gt(now.as_datetime()))
        .add(Column::ExpiresAt.gt(now.as_datetime()))
}

#[async_trait]
impl SessionRepository for SqlUnitOfWork {
    async fn insert(&self, new: &Session, family: &RefreshFamily) -> Result<()> {
        self.may_write_for(new.user_id)?;
        let row = sessions::ActiveModel {
            id: Set(new.id.as_uuid()),
            user_id: Set(new.user_id.as_uuid()),
            organization_id: Set(new.organization_id.as_uuid()),
            profile_id: Set(new.profile_id),
            session_token: Set(None),
            client_ip: Set(new.client_ip.clone()),
            user_agent: Set(new.user_agent.clone()),
            device_info: Set(new.device_info.clone()),
            security_context: Set(new.security_context.clone()),
            created_at: Set(new.created_at.as_datetime()),
            last_activity_at: Set(new.last_activity_at.as_datetime()),
            idle_expires_at: Set(new.idle_expires_at.as_datetime()),
            expires_at: Set(new.expires_at.as_datetime()),
            revoked_at: Set(new.revoked_at.map(Timestamp::as_datetime)),
            revoked_reason: Set(new.revoked_reason.map(|reason| reason.as_str().to_owned())),
        };
        let session = sessions::Entity::insert(row).build(self.backend());
        let row = refresh_tokens::ActiveModel {
            session_id: Set(family.session_id.as_uuid()),
            user_id: Set(family.user_id.as_uuid()),
            generation: Set(family.generation),
            token_hash: Set(family.token_hash.clone()),
            previous_hash: Set(family.previous_hash.clone()),
            successor_sealed: Set(family.successor_sealed.clone()),
            rotated_at: Set(family.rotated_at.as_datetime()),
            expires_at: Set(family.expires_at.as_datetime()),
            created_at: Set(new.created_at.as_datetime()),
        };
        let family = refresh_tokens::Entity::insert(row).build(self.backend());
        self.connection().execute_both(session, family).await.map_err(store_error)
    }

    async fn find(&self, user: UserId, id: SessionId) -> Result<Option<Session>> {
        let query =
            sessions::Entity::find().filter(Column::Id.eq(id.as_uuid())).filter(self.of_user(Column::UserId, user));
        query.one(self.connection()).await.map_err(store_error)?.map(session).transpose()
    }

    async fn list_live(&self, user: UserId, now: Timestamp, page: &PageRequest) -> Result<Page<Session>> {
        let mut query = sessions::Entity::find().filter(self.of_user(Column::UserId, user)).filter(live(now));
        if let Some(id) = after(page)? {
            query = query.filter(Column::Id.gt(id));
        }
        let query = query.order_by_asc(Column::Id).limit(one_more(page));
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        let items = rows.into_iter().map(session).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(items, page.limit, |session| session.id.to_string()))
    }

    async fn revoke(&self, user: UserId, id: SessionId, reason: RevokedReason, now: Timestamp) -> Result<bool> {
        let done = sessions::Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(now.as_datetime()))
            .col_expr(Column::RevokedReason, Expr::value(reason.as_str()))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(self.of_user(Column::UserId, user))
            .filter(live(now))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        Ok(done.rows_affected > 0)
    }

    async fn revoke_all(
        &self,
        user: UserId,
        except: Option<SessionId>,
        reason: RevokedReason,
        now: Timestamp,
    ) -> Result<Vec<SessionId>> {
        let mut query = sessions::Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(now.as_datetime()))
            .col_expr(Column::RevokedReason, Expr::value(reason.as_str()))
            .filter(self.of_user(Column::UserId, user))
            .filter(live(now));
        if let Some(kept) = except {
            query = query.filter(Column::Id.ne(kept.as_uuid()));
        }
        let mut update = query.into_query();
        update.returning_col(Column::Id);
        let rows = self.connection().query_all(&update).await.map_err(store_error)?;
        let id = |row: &QueryResult| row.try_get_by_index(0).map(SessionId::from_uuid).map_err(store_error);
        rows.iter().map(id).collect()
    }

    async fn caller(
        &self,
        organization: OrganizationId,
        user: UserId,
        id: SessionId,
        now: Timestamp,
    ) -> Result<Option<CallerRecord>> {
        hot::load_caller_within(self, organization, user, id, now).await
    }

    async fn set_organization(&self, user: UserId, id: SessionId, organization: OrganizationId) -> Result<()> {
        let done = sessions::Entity::update_many()
            .col_expr(Column::OrganizationId, Expr::value(organization.as_uuid()))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(self.of_user(Column::UserId, user))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        if done.rows_affected == 0 { Err(Error::not_found("session")) } else { Ok(()) }
    }
}
