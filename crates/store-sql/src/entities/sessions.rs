//! Rows of `sessions`.

use sea_orm::entity::prelude::*;

/// One sign-in on one device.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub organization_id: Uuid,
    pub profile_id: Option<Uuid>,
    pub session_token: Option<Vec<u8>>,
    pub client_ip: Option<String>,
    pub user_agent: Option<String>,
    pub device_info: Json,
    pub security_context: Json,
    pub created_at: DateTimeUtc,
    pub last_activity_at: DateTimeUtc,
    pub idle_expires_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    pub revoked_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
