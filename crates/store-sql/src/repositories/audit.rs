//! Audit events.

use super::{identifier, no_place, one_more, time, word};
use crate::{
    engine::{SqlUnitOfWork, errors::store_error},
    entities::audit_logs,
};
use async_trait::async_trait;
use audit_logs::Column;
use keystead_domain::{
    AuditEventId, Error, OrganizationId, Page, PageRequest, Result, SessionId, Timestamp, UserId,
    audit::{AuditEvent, AuditFilter, Outcome, Severity},
};
use keystead_store::AuditRepository;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

/// How many events one statement adds: SQLite takes 32,766 values, PostgreSQL 65,535.
const BATCH: usize = 500;

fn event(row: audit_logs::Model) -> Result<AuditEvent> {
    Ok(AuditEvent {
        id: AuditEventId::from_uuid(row.id),
        organization_id: OrganizationId::from_uuid(row.organization_id),
        user_id: row.user_id.map(UserId::from_uuid),
        caller_kind: row.caller_kind,
        session_id: row.session_id.map(SessionId::from_uuid),
        event_type: row.event_type,
        resource_type: row.resource_type,
        resource_id: row.resource_id,
        subject_user_id: row.subject_user_id.map(UserId::from_uuid),
        outcome: word(Outcome::parse(&row.outcome), "audit_logs.outcome", &row.outcome)?,
        severity: word(Severity::parse(&row.severity), "audit_logs.severity", &row.severity)?,
        event_data: row.event_data,
        client_sealed: row.client_sealed,
        client_ip_hash: row.client_ip_hash,
        changes_sealed: row.changes_sealed,
        correlation_id: row.correlation_id,
        source: row.source,
        metadata: row.metadata,
        created_at: time(row.created_at),
    })
}

/// The row of an event.
pub(crate) fn model(event: &AuditEvent) -> audit_logs::ActiveModel {
    audit_logs::ActiveModel {
        id: Set(event.id.as_uuid()),
        organization_id: Set(event.organization_id.as_uuid()),
        user_id: Set(event.user_id.map(UserId::as_uuid)),
        caller_kind: Set(event.caller_kind.clone()),
        session_id: Set(event.session_id.map(SessionId::as_uuid)),
        event_type: Set(event.event_type.clone()),
        resource_type: Set(event.resource_type.clone()),
        resource_id: Set(event.resource_id),
        subject_user_id: Set(event.subject_user_id.map(UserId::as_uuid)),
        outcome: Set(event.outcome.as_str().to_owned()),
        severity: Set(event.severity.as_str().to_owned()),
        event_data: Set(event.event_data.clone()),
        client_sealed: Set(event.client_sealed.clone()),
        client_ip_hash: Set(event.client_ip_hash.clone()),
        changes_sealed: Set(event.changes_sealed.clone()),
        correlation_id: Set(event.correlation_id.clone()),
        source: Set(event.source.clone()),
        metadata: Set(event.metadata.clone()),
        created_at: Set(event.created_at.as_datetime()),
    }
}

/// A place in the list: time and identifier, since many events share a time.
fn key(event: &AuditEvent) -> String {
    format!("{}/{}", event.created_at, event.id)
}

fn place(page: &PageRequest) -> Result<Option<(Timestamp, Uuid)>> {
    let Some(text) = &page.after else { return Ok(None) };
    let (time, id) = text.split_once('/').ok_or_else(no_place)?;
    let at = Timestamp::parse(time).filter(|at| at.to_string() == time).ok_or_else(no_place)?;
    Ok(Some((at, identifier(id).ok_or_else(no_place)?)))
}

fn wanted(filter: &AuditFilter) -> Condition {
    let mut all = Condition::all();
    if let Some(user) = filter.user_id {
        all = all.add(Column::UserId.eq(user.as_uuid()));
    }
    if let Some(event_type) = &filter.event_type {
        all = match event_type.strip_suffix(".*") {
            // The character after the full stop is the slash.
            Some(family) => {
                all.add(Column::EventType.gte(format!("{family}."))).add(Column::EventType.lt(format!("{family}/")))
            }
            None => all.add(Column::EventType.eq(event_type.as_str())),
        };
    }
    if let Some(resource_type) = &filter.resource_type {
        all = all.add(Column::ResourceType.eq(resource_type.as_str()));
    }
    if let Some(resource) = filter.resource_id {
        all = all.add(Column::ResourceId.eq(resource));
    }
    if let Some(correlation) = &filter.correlation_id {
        all = all.add(Column::CorrelationId.eq(correlation.as_str()));
    }
    if let Some(severity) = filter.severity {
        all = all.add(Column::Severity.eq(severity.as_str()));
    }
    if let Some(outcome) = filter.outcome {
        all = all.add(Column::Outcome.eq(outcome.as_str()));
    }
    if let Some(hash) = &filter.client_ip_hash {
        all = all.add(Column::ClientIpHash.eq(hash.clone()));
    }
    if let Some(from) = filter.from {
        all = all.add(Column::CreatedAt.gte(from.as_datetime()));
    }
    if let Some(until) = filter.until {
        all = all.add(Column::CreatedAt.lt(until.as_datetime()));
    }
    all
}

#[async_trait]
impl AuditRepository for SqlUnitOfWork {
    async fn append(&self, organization: OrganizationId, events: &[AuditEvent]) -> Result<()> {
        if events.iter().any(|event| event.organization_id != organization) {
            return Err(Error::internal("audit_logs: an event belongs to another organization"));
        }
        self.may_write_in(organization)?;
        for batch in events.chunks(BATCH) {
            let insert = audit_logs::Entity::insert_many(batch.iter().map(model)).build(self.backend());
            self.connection().execute_along(insert).await.map_err(store_error)?;
        }
        Ok(())
    }

    async fn find(&self, organization: OrganizationId, id: AuditEventId) -> Result<Option<AuditEvent>> {
        let query = audit_logs::Entity::find()
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(self.of_organization(Column::OrganizationId, organization));
        query.one(self.connection()).await.map_err(store_error)?.map(event).transpose()
    }

    async fn list(
        &self,
        organization: OrganizationId,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditEvent>> {
        let mut query = audit_logs::Entity::find()
            .filter(self.of_organization(Column::OrganizationId, organization))
            .filter(wanted(filter));
        if let Some((at, id)) = place(page)? {
            let earlier = Column::CreatedAt.lt(at.as_datetime());
            let same_time = Condition::all().add(Column::CreatedAt.eq(at.as_datetime())).add(Column::Id.lt(id));
            // The first condition bounds the index scan; the second one cuts it at the exact place.
            query = query
                .filter(Column::CreatedAt.lte(at.as_datetime()))
                .filter(Condition::any().add(earlier).add(same_time));
        }
        let query = query.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(one_more(page));
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        let items = rows.into_iter().map(event).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(items, page.limit, key))
    }
}
