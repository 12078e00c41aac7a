//! Rows of `sub_menu_items`.

use sea_orm::entity::prelude::*;

/// The second level of the product's menu.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sub_menu_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub menu_item_id: Uuid,
    pub key: String,
    pub name: String,
    pub description: Option<String>,
    pub path: Option<String>,
    pub icon: Option<String>,
    pub view_id: Option<Uuid>,
    pub order_index: i32,
    pub is_active: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
