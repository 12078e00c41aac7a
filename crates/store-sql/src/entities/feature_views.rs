//! Rows of `feature_views`.

use sea_orm::entity::prelude::*;

/// In which views a feature is.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "feature_views")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub feature_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub view_id: Uuid,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
