//! Rows of `audit_logs`.

use sea_orm::entity::prelude::*;

/// Who did what, where, and with what outcome.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_logs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub user_id: Option<Uuid>,
    pub caller_kind: String,
    pub session_id: Option<Uuid>,
    pub event_type: String,
    pub resource_type: String,
    pub resource_id: Option<Uuid>,
    pub subject_user_id: Option<Uuid>,
    pub outcome: String,
    pub severity: String,
    pub event_data: Json,
    pub client_sealed: Option<Vec<u8>>,
    pub client_ip_hash: Option<Vec<u8>>,
    pub changes_sealed: Option<Vec<u8>>,
    pub correlation_id: String,
    pub source: String,
    pub metadata: Json,
    #[sea_orm(primary_key, auto_increment = false)]
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
