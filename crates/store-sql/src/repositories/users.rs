//! Accounts.

use super::{after, one_more, time, word};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{store_error, unique_violation},
    },
    entities::{memberships, users},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, PLATFORM, Page, PageRequest, Result, Timestamp, UserId,
    access::{AccessChange, AccessTable},
    accounts::{Email, NewUser, PasswordHash, User, UserFilter, UserStatus, Username},
};
use keystead_store::UserRepository;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    prelude::Expr,
    sea_query::ExprTrait,
};
use users::Column;

/// The account of a row.
pub(crate) fn user(row: users::Model) -> Result<User> {
    Ok(User {
        id: UserId::from_uuid(row.id),
        username: Username::stored(row.username, row.username_key),
        email: Email::stored(row.email, row.email_key),
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

/// Every column of a new account but the password hash.
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
        version: Set(user.version),
        password_hash: NotSet,
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

impl SqlUnitOfWork {
    /// The accounts that `organization` may see: its members; all where it is the platform.
    fn users_seen_by(&self, organization: OrganizationId) -> Condition {
        if self.sees_all(organization) {
            return Condition::all();
        }
        let members = memberships::Entity::find()
            .select_only()
            .column(memberships::Column::UserId)
            .filter(self.of_organization(memberships::Column::OrganizationId, organization))
            .into_query();
        Condition::all().add(Column::Id.in_subquery(members))
    }

    /// The status that the account has at this version. It cannot change without the version, so that it is still the same
    /// when a write of this version succeeds.
    async fn status_at(&self, user: &User) -> Result<Option<String>> {
        let query = users::Entity::find()
            .select_only()
            .column(Column::Status)
            .filter(Column::Id.eq(user.id.as_uuid()))
            .filter(Column::Version.eq(user.version))
            .filter(self.of_user(Column::Id, user.id));
        query.into_tuple().one(self.connection()).await.map_err(store_error)
    }

    /// Whose account is active decides everywhere: it is noted with the platform, whose version every organization follows.
    fn note_status(&self, user: UserId) {
        self.note(PLATFORM, AccessChange::put(AccessTable::Users, user));
    }
}

/// The range of keys that begin with `text`, in bytewise order.
fn begins_with(column: Column, text: &str) -> Condition {
    Condition::all().add(column.gte(text)).add(column.lt(format!("{text}{}", char::MAX)))
}

#[async_trait]
impl UserRepository for SqlUnitOfWork {
    async fn insert(&self, new: &NewUser) -> Result<()> {
        self.may_write_for(new.user.id)?;
        let row = users::ActiveModel { password_hash: Set(new.password_hash.expose().to_owned()), ..model(&new.user) };
        users::Entity::insert(row).exec_without_returning(self.connection()).await.map_err(taken)?;
        if new.user.status != UserStatus::Active {
            self.note_status(new.user.id);
        }
        Ok(())
    }

    async fn find_own(&self, id: UserId) -> Result<Option<User>> {
        let query = users::Entity::find().filter(Column::Id.eq(id.as_uuid())).filter(self.of_user(Column::Id, id));
        query.one(self.connection()).await.map_err(store_error)?.map(user).transpose()
    }

    async fn find(&self, organization: OrganizationId, id: UserId) -> Result<Option<User>> {
        let query = users::Entity::find().filter(Column::Id.eq(id.as_uuid())).filter(self.users_seen_by(organization));
        query.one(self.connection()).await.map_err(store_error)?.map(user).transpose()
    }

    async fn list(&self, organization: OrganizationId, filter: &UserFilter, page: &PageRequest) -> Result<Page<User>> {
        let mut query = users::Entity::find().filter(self.users_seen_by(organization));
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
            let search = search.trim();
            let lower = search.to_lowercase();
            // The beginning of a name or an address is mostly one, too, and then folded as one.
            let name = Username::new(search).map_or_else(|_| lower.clone(), |name| name.key().to_owned());
            let address = Email::new(search).map_or_else(|_| lower.clone(), |address| address.key().to_owned());
            let either = Condition::any()
                .add(begins_with(Column::UsernameKey, &name))
                .add(begins_with(Column::EmailKey, &address));
            query = query.filter(either);
        }
        let rows =
            query.order_by_asc(Column::Id).limit(one_more(page)).all(self.connection()).await.map_err(store_error)?;
        let items = rows.into_iter().map(user).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(items, page.limit, |user| user.id.to_string()))
    }

    async fn update(&self, _: OrganizationId, changed: &User) -> Result<User> {
        let before = self.status_at(changed).await?;
        let row = users::ActiveModel {
            // Signing in writes these without raising the version: an edit must not undo a lock that it has not seen.
            failed_login_attempts: NotSet,
            locked_until: NotSet,
            last_login_at: NotSet,
            version: Set(changed.version + 1),
            ..model(changed)
        };
        let done = users::Entity::update_many()
            .set(row)
            .filter(Column::Id.eq(changed.id.as_uuid()))
            .filter(Column::Version.eq(changed.version))
            .filter(self.of_user(Column::Id, changed.id))
            .exec(self.connection())
            .await
            .map_err(taken)?;
        if done.rows_affected == 0 {
            return Err(Error::stale());
        }
        if before.as_deref() != Some(changed.status.as_str()) {
            self.note_status(changed.id);
        }
        Ok(User { version: changed.version + 1, ..changed.clone() })
    }

    async fn password_hash(&self, id: UserId) -> Result<Option<PasswordHash>> {
        let hash: Option<String> = users::Entity::find()
            .select_only()
            .column(Column::PasswordHash)
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(self.of_user(Column::Id, id))
            .into_tuple()
            .one(self.connection())
            .await
            .map_err(store_error)?;
        Ok(hash.map(PasswordHash::new))
    }

    async fn set_password_hash(&self, id: UserId, hash: &PasswordHash, changed_at: Option<Timestamp>) -> Result<()> {
        let mut query = users::Entity::update_many()
            .col_expr(Column::PasswordHash, Expr::value(hash.expose()))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1));
        if let Some(at) = changed_at {
            query = query
                .col_expr(Column::MustChangePassword, Expr::value(false))
                .col_expr(Column::PasswordChangedAt, Expr::value(at.as_datetime()))
                .col_expr(Column::UpdatedAt, Expr::value(at.as_datetime()));
        }
        let query = query.filter(Column::Id.eq(id.as_uuid())).filter(self.of_user(Column::Id, id));
        let done = query.exec(self.connection()).await.map_err(store_error)?;
        if done.rows_affected == 0 { Err(Error::not_found("user")) } else { Ok(()) }
    }

    async fn record_sign_in(&self, user: &User) -> Result<()> {
        self.may_write_for(user.id)?;
        let update = users::Entity::update_many()
            .col_expr(Column::LastLoginAt, Expr::value(user.last_login_at.map(Timestamp::as_datetime)))
            .col_expr(Column::FailedLoginAttempts, Expr::value(user.failed_login_attempts))
            .col_expr(Column::LockedUntil, Expr::value(user.locked_until.map(Timestamp::as_datetime)))
            .filter(Column::Id.eq(user.id.as_uuid()))
            .filter(self.of_user(Column::Id, user.id))
            .build(self.backend());
        self.connection().execute_along(update).await.map_err(store_error)
    }
}
