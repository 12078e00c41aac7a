//! Accounts.

use super::{after, one_more, time, word};
use crate::{
    engine::{
        SqlUnitOfWork,
        conditions::of_user,
        errors::{store_error, unique_violation},
    },
    entities::{memberships, users},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, PLATFORM, Page, PageRequest, Result, Timestamp, UserId,
    accounts::{Email, NewUser, PasswordHash, User, UserFilter, UserStatus, Username},
};
use keystead_store::{UnitOfWork, UserRepository};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    prelude::Expr, sea_query::ExprTrait,
};
use users::Column;

/// The account of a row.
pub(crate) fn user(row: users::Model) -> Result<User> {
    Ok(User {
        id: UserId::from_uuid(row.id),
        username: Username::new(&row.username).map_err(unreadable)?,
        email: Email::new(&row.email).map_err(unreadable)?,
        status: word(UserStatus::parse(&row.status), "users.status", &row.status)?,
        tier: row.tier,
        first_name: row.first_name,
        last_name: row.last_name,
        must_change_password: row.must_change_password,
        failed_login_attempts: row.failed_login_attempts,
        locked_until: row.locked_until.map(time),
        last_login_at: row.last_login_at.map(time),
        password_changed_at: time(row.password_changed_at),
        email_verified_at: row.email_verified_at.map(time),
        profile_data: row.profile_data,
        preferences: row.preferences,
        metadata: row.metadata,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    })
}

fn unreadable(error: Error) -> Error {
    Error::internal(format!("users: a stored value is no longer valid: {}", error.message))
}

/// Every column but the password hash and the version.
fn model(user: &User) -> users::ActiveModel {
    users::ActiveModel {
        id: Set(user.id.as_uuid()),
        username: Set(user.username.as_str().to_owned()),
        username_key: Set(user.username.key().to_owned()),
        email: Set(user.email.as_str().to_owned()),
        email_key: Set(user.email.key().to_owned()),
        status: Set(user.status.as_str().to_owned()),
        tier: Set(user.tier.clone()),
        first_name: Set(user.first_name.clone()),
        last_name: Set(user.last_name.clone()),
        must_change_password: Set(user.must_change_password),
        failed_login_attempts: Set(user.failed_login_attempts),
        locked_until: Set(user.locked_until.map(Timestamp::as_datetime)),
        last_login_at: Set(user.last_login_at.map(Timestamp::as_datetime)),
        password_changed_at: Set(user.password_changed_at.as_datetime()),
        email_verified_at: Set(user.email_verified_at.map(Timestamp::as_datetime)),
        profile_data: Set(user.profile_data.clone()),
        preferences: Set(user.preferences.clone()),
        metadata: Set(user.metadata.clone()),
        created_at: Set(user.created_at.as_datetime()),
        updated_at: Set(user.updated_at.as_datetime()),
        ..Default::default()
    }
}

fn taken(error: DbErr) -> Error {
    match unique_violation(&error).as_deref() {
        Some(what) if what.contains("username_key") => {
            Error::conflict("username_taken", "This username is taken: choose another one.")
        }
        Some(what) if what.contains("email_key") => {
            Error::conflict("email_taken", "There is an account with this address: sign in, or use another address.")
        }
        _ => store_error(error),
    }
}

/// The accounts that `organization` may see: its members; all where it is the platform.
fn seen_by(organization: OrganizationId) -> Condition {
    if organization == PLATFORM || cfg!(feature = "rls-only") {
        return Condition::all();
    }
    let members = memberships::Entity::find()
        .select_only()
        .column(memberships::Column::UserId)
        .filter(memberships::Column::OrganizationId.eq(organization.as_uuid()))
        .into_query();
    Condition::all().add(Column::Id.in_subquery(members))
}

/// The range of keys that begin with `text`, in bytewise order.
fn begins_with(column: Column, text: &str) -> Condition {
    Condition::all().add(column.gte(text)).add(column.lt(format!("{text}{}", char::MAX)))
}

#[async_trait]
impl UserRepository for SqlUnitOfWork {
    async fn insert(&self, new: &NewUser) -> Result<()> {
        let mut row = model(&new.user);
        row.password_hash = Set(new.password_hash.expose().to_owned());
        row.version = Set(new.user.version);
        users::Entity::insert(row).exec_without_returning(self.connection()).await.map_err(taken)?;
        Ok(())
    }

    async fn find_own(&self, id: UserId) -> Result<Option<User>> {
        let query = users::Entity::find().filter(Column::Id.eq(id.as_uuid())).filter(of_user(Column::Id, id));
        if self.scope().user != Some(id) && !cfg!(feature = "rls-only") {
            return Ok(None);
        }
        query.one(self.connection()).await.map_err(store_error)?.map(user).transpose()
    }

    async fn find(&self, organization: OrganizationId, id: UserId) -> Result<Option<User>> {
        let query = users::Entity::find().filter(Column::Id.eq(id.as_uuid())).filter(seen_by(organization));
        query.one(self.connection()).await.map_err(store_error)?.map(user).transpose()
    }

    async fn list(&self, organization: OrganizationId, filter: &UserFilter, page: &PageRequest) -> Result<Page<User>> {
        let mut query = users::Entity::find().filter(seen_by(organization));
        if let Some(id) = after(page)? {
            query = query.filter(Column::Id.gt(id));
        }
        if let Some(status) = filter.status {
            query = query.filter(Column::Status.eq(status.as_str()));
        }
        if let Some(tier) = &filter.tier {
            query = query.filter(Column::Tier.eq(tier.as_str()));
        }
        if let Some(search) = &filter.search {
            let key = search.trim().to_lowercase();
            let either =
                Condition::any().add(begins_with(Column::UsernameKey, &key)).add(begins_with(Column::EmailKey, &key));
            query = query.filter(either);
        }
        let rows =
            query.order_by_asc(Column::Id).limit(one_more(page)).all(self.connection()).await.map_err(store_error)?;
        let items = rows.into_iter().map(user).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(items, page.limit, |user| user.id.to_string()))
    }

    async fn update(&self, organization: OrganizationId, changed: &User) -> Result<User> {
        let own = self.scope().user == Some(changed.id);
        let mut row = model(changed);
        row.version = Set(changed.version + 1);
        let mut query = users::Entity::update_many()
            .set(row)
            .filter(Column::Id.eq(changed.id.as_uuid()))
            .filter(Column::Version.eq(changed.version));
        if !own {
            query = query.filter(seen_by(organization));
        }
        let done = query.exec(self.connection()).await.map_err(taken)?;
        if done.rows_affected == 0 {
            return Err(Error::stale());
        }
        Ok(User { version: changed.version + 1, ..changed.clone() })
    }

    async fn password_hash(&self, id: UserId) -> Result<Option<PasswordHash>> {
        if self.scope().user != Some(id) && !cfg!(feature = "rls-only") {
            return Ok(None);
        }
        let hash: Option<String> = users::Entity::find()
            .select_only()
            .column(Column::PasswordHash)
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(of_user(Column::Id, id))
            .into_tuple()
            .one(self.connection())
            .await
            .map_err(store_error)?;
        Ok(hash.map(PasswordHash::new))
    }

    async fn set_password_hash(&self, id: UserId, hash: &PasswordHash, changed_at: Option<Timestamp>) -> Result<()> {
        if self.scope().user != Some(id) && !cfg!(feature = "rls-only") {
            return Err(Error::not_found("user"));
        }
        let mut query = users::Entity::update_many()
            .col_expr(Column::PasswordHash, Expr::value(hash.expose()))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1));
        if let Some(at) = changed_at {
            query = query
                .col_expr(Column::MustChangePassword, Expr::value(false))
                .col_expr(Column::PasswordChangedAt, Expr::value(at.as_datetime()))
                .col_expr(Column::UpdatedAt, Expr::value(at.as_datetime()));
        }
        let query = query.filter(Column::Id.eq(id.as_uuid())).filter(of_user(Column::Id, id));
        let done = query.exec(self.connection()).await.map_err(store_error)?;
        if done.rows_affected == 0 { Err(Error::not_found("user")) } else { Ok(()) }
    }

    async fn record_sign_in(&self, id: UserId, now: Timestamp) -> Result<()> {
        if self.scope().user != Some(id) && !cfg!(feature = "rls-only") {
            return Ok(());
        }
        users::Entity::update_many()
            .col_expr(Column::LastLoginAt, Expr::value(now.as_datetime()))
            .col_expr(Column::FailedLoginAttempts, Expr::value(0))
            .col_expr(Column::LockedUntil, Expr::value(Option::<sea_orm::prelude::DateTimeUtc>::None))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(of_user(Column::Id, id))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        Ok(())
    }
}
