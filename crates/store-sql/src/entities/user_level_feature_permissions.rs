//! Rows of `user_level_feature_permissions`.

use sea_orm::entity::prelude::*;

/// Which actions on features a user level allows or denies, and on whose resources.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "user_level_feature_permissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub user_level_id: Uuid,
    pub feature_id: Uuid,
    pub action: String,
    pub value: String,
    pub scope: String,
    pub modifiable: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
