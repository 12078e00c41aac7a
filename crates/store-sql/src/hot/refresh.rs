//! Presents a refresh token: one transaction with its audit event.

use super::get;
use crate::{
    engine::{SqlStore, SqlUnitOfWork, errors::store_error},
    entities::{refresh_tokens, sessions, users},
    repositories::audit_model,
};
use keystead_domain::{
    OrganizationId, Result, Scope, Timestamp,
    accounts::UserStatus,
    audit::{AuditEvent, Outcome, Severity},
    organizations::{MembershipStatus, OrganizationStatus},
    sessions::{RefreshOutcome, RefreshRotation, Refreshed, RevokedReason},
};
use keystead_store::{MembershipRepository, OrganizationRepository, UnitOfWork};
use sea_orm::{ActiveValue::Set, ColumnTrait, DbBackend, EntityTrait, QueryFilter, Statement, prelude::DateTimeUtc};
use uuid::Uuid;

const FUNCTION: &str = "SELECT * FROM keystead.rotate_refresh_token($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

/// Rotates, repeats or revokes; none where there is nothing to present the token to.
pub(crate) async fn rotate_refresh_token(
    store: &SqlStore,
    rotation: RefreshRotation,
    event: AuditEvent,
) -> Result<Option<Refreshed>> {
    if store.backend() == DbBackend::Postgres {
        return by_function(store, rotation, event).await;
    }
    let scope = Scope { organization: None, user: Some(rotation.user_id) };
    let mut work = store.begin_sql(scope).await?;
    let refreshed = by_statements(&mut work, rotation, event).await?;
    if refreshed.is_some() {
        work.commit_sql().await?;
    }
    Ok(refreshed)
}

/// The earliest rotation whose predecessor is still answered.
fn grace_from(rotation: &RefreshRotation) -> Timestamp {
    rotation.now.plus_seconds(-rotation.grace_seconds)
}

async fn by_function(store: &SqlStore, rotation: RefreshRotation, event: AuditEvent) -> Result<Option<Refreshed>> {
    let grace_from = grace_from(&rotation);
    let values = vec![
        rotation.session_id.as_uuid().into(),
        rotation.user_id.as_uuid().into(),
        rotation.presented_generation.into(),
        rotation.presented_hash.into(),
        rotation.next_hash.into(),
        rotation.successor_sealed.into(),
        rotation.now.as_datetime().into(),
        grace_from.as_datetime().into(),
        rotation.idle_expires_at.as_datetime().into(),
        event.id.as_uuid().into(),
        event.caller_kind.into(),
        event.client_sealed.into(),
        event.client_ip_hash.into(),
        event.correlation_id.into(),
        event.source.into(),
        event.event_data.into(),
        event.metadata.into(),
    ];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, FUNCTION, values);
    let Some(row) = store.query_one(statement).await? else { return Ok(None) };
    let outcome: String = get(&row, "outcome")?;
    let outcome = match outcome.as_str() {
        "rotated" => RefreshOutcome::Rotated,
        "repeated" => {
            let sealed: Option<Vec<u8>> = get(&row, "successor_sealed")?;
            RefreshOutcome::Grace { successor_sealed: sealed.unwrap_or_default() }
        }
        _ => RefreshOutcome::Replayed,
    };
    let roles: Option<String> = get(&row, "roles")?;
    let roles = roles.unwrap_or_default();
    Ok(Some(Refreshed {
        outcome,
        organization_id: OrganizationId::from_uuid(get::<Uuid>(&row, "organization_id")?),
        roles: roles.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        session_ends: Timestamp::new(get::<DateTimeUtc>(&row, "session_ends")?),
    }))
}

async fn by_statements(
    work: &mut SqlUnitOfWork,
    rotation: RefreshRotation,
    event: AuditEvent,
) -> Result<Option<Refreshed>> {
    let session_id = rotation.session_id.as_uuid();
    let now = rotation.now.as_datetime();
    let family = refresh_tokens::Entity::find_by_id(session_id)
        .filter(refresh_tokens::Column::UserId.eq(rotation.user_id.as_uuid()))
        .filter(refresh_tokens::Column::ExpiresAt.gt(now));
    let Some(family) = family.one(work.connection()).await.map_err(store_error)? else { return Ok(None) };
    let Some(session) = live_session(work, &rotation).await? else { return Ok(None) };

    let is_current = family.generation == rotation.presented_generation;
    let is_predecessor = family.generation == rotation.presented_generation.saturating_add(1);
    let outcome = if is_current && family.token_hash == rotation.presented_hash {
        rotate(work, &family, &session, &rotation).await?;
        RefreshOutcome::Rotated
    } else if is_predecessor {
        if family.previous_hash.as_ref() != Some(&rotation.presented_hash) {
            return Ok(None);
        }
        if Timestamp::new(family.rotated_at) >= grace_from(&rotation) {
            RefreshOutcome::Grace { successor_sealed: family.successor_sealed.unwrap_or_default() }
        } else {
            RefreshOutcome::Replayed
        }
    } else if family.generation > rotation.presented_generation {
        RefreshOutcome::Replayed
    } else {
        return Ok(None);
    };
    if outcome == RefreshOutcome::Replayed {
        revoke(work, &rotation).await?;
    }
    let organization_id = OrganizationId::from_uuid(session.organization_id);
    work.enter(Scope::person(organization_id, rotation.user_id)).await?;
    record(work, &rotation, &outcome, organization_id, event).await?;
    let roles = roles(work, organization_id, &rotation).await?;
    Ok(Some(Refreshed { outcome, organization_id, roles, session_ends: Timestamp::new(session.expires_at) }))
}

async fn live_session(work: &SqlUnitOfWork, rotation: &RefreshRotation) -> Result<Option<sessions::Model>> {
    let now = rotation.now.as_datetime();
    let session = sessions::Entity::find_by_id(rotation.session_id.as_uuid())
        .filter(sessions::Column::UserId.eq(rotation.user_id.as_uuid()))
        .filter(sessions::Column::RevokedAt.is_null())
        .filter(sessions::Column::IdleExpiresAt.gt(now))
        .filter(sessions::Column::ExpiresAt.gt(now))
        .one(work.connection())
        .await
        .map_err(store_error)?;
    let person = users::Entity::find_by_id(rotation.user_id.as_uuid())
        .filter(users::Column::Status.eq(UserStatus::Active.as_str()))
        .one(work.connection())
        .await
        .map_err(store_error)?;
    Ok(session.filter(|_| person.is_some()))
}

async fn rotate(
    work: &SqlUnitOfWork,
    family: &refresh_tokens::Model,
    session: &sessions::Model,
    rotation: &RefreshRotation,
) -> Result<()> {
    let now = rotation.now.as_datetime();
    let row = refresh_tokens::ActiveModel {
        generation: Set(family.generation.saturating_add(1)),
        previous_hash: Set(Some(family.token_hash.clone())),
        token_hash: Set(rotation.next_hash.clone()),
        successor_sealed: Set(Some(rotation.successor_sealed.clone())),
        rotated_at: Set(now),
        ..Default::default()
    };
    refresh_tokens::Entity::update_many()
        .set(row)
        .filter(refresh_tokens::Column::SessionId.eq(session.id))
        .exec(work.connection())
        .await
        .map_err(store_error)?;
    let row = sessions::ActiveModel {
        idle_expires_at: Set(rotation.idle_expires_at.as_datetime().min(session.expires_at)),
        last_activity_at: Set(session.last_activity_at.max(now)),
        ..Default::default()
    };
    sessions::Entity::update_many()
        .set(row)
        .filter(sessions::Column::Id.eq(session.id))
        .exec(work.connection())
        .await
        .map_err(store_error)?;
    Ok(())
}

async fn revoke(work: &SqlUnitOfWork, rotation: &RefreshRotation) -> Result<()> {
    let row = sessions::ActiveModel {
        revoked_at: Set(Some(rotation.now.as_datetime())),
        revoked_reason: Set(Some(RevokedReason::RefreshTokenReplayed.as_str().to_owned())),
        ..Default::default()
    };
    sessions::Entity::update_many()
        .set(row)
        .filter(sessions::Column::Id.eq(rotation.session_id.as_uuid()))
        .exec(work.connection())
        .await
        .map_err(store_error)?;
    Ok(())
}

async fn record(
    work: &SqlUnitOfWork,
    rotation: &RefreshRotation,
    outcome: &RefreshOutcome,
    organization_id: OrganizationId,
    event: AuditEvent,
) -> Result<()> {
    let (event_type, result, severity) = match outcome {
        RefreshOutcome::Rotated => ("session.refreshed", Outcome::Success, Severity::Info),
        RefreshOutcome::Grace { .. } => ("session.refresh_repeated", Outcome::Success, Severity::Warning),
        RefreshOutcome::Replayed => ("session.refresh_replayed", Outcome::Denied, Severity::Critical),
    };
    let event = AuditEvent {
        organization_id,
        user_id: Some(rotation.user_id),
        session_id: Some(rotation.session_id),
        event_type: event_type.to_owned(),
        resource_type: "sessions".to_owned(),
        resource_id: Some(rotation.session_id.as_uuid()),
        subject_user_id: Some(rotation.user_id),
        outcome: result,
        severity,
        changes_sealed: None,
        created_at: rotation.now,
        ..event
    };
    let insert = crate::entities::audit_logs::Entity::insert(audit_model(&event));
    insert.exec_without_returning(work.connection()).await.map_err(store_error)?;
    Ok(())
}

async fn roles(work: &SqlUnitOfWork, organization: OrganizationId, rotation: &RefreshRotation) -> Result<Vec<String>> {
    let open = OrganizationRepository::find(work, organization, organization).await?;
    let is_open = open.is_some_and(|organization| organization.status == OrganizationStatus::Active);
    let member = MembershipRepository::find(work, organization, rotation.user_id).await?;
    let Some(member) = member.filter(|member| is_open && member.membership.status == MembershipStatus::Active) else {
        return Ok(Vec::new());
    };
    Ok(member.roles.into_iter().map(|(_, name)| name).collect())
}
