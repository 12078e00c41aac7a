//! The product catalogue: views, modules, features, what belongs together, and the menu. Who works in the platform writes
//! it, everybody else reads it.
//!
//! The five kinds have the same use cases, each written once over [`Item`].

mod apply;
mod checked;
mod create;
mod delete;
mod document;
mod entries;
mod export;
mod features;
mod get;
mod import;
mod item;
mod kept;
mod limits;
mod links;
mod list;
mod menu_items;
mod modules;
mod permitted;
mod put;
mod replace_linked;
mod settle;
mod sub_menu_items;
mod update;
mod views;

pub use create::create_item;
pub use delete::delete_item;
pub use document::{CatalogueDocument, DocumentFeature, DocumentMenuItem, DocumentModule, DocumentSubMenuItem};
pub use export::export_catalogue;
pub use features::{FeatureChange, FeatureFields};
pub use get::get_item;
pub use import::{ImportCatalogue, import_catalogue};
pub use item::{Head, Item};
pub use kept::Kept;
pub(crate) use limits::some_of;
pub use limits::{MOST_AT_ONCE, MOST_IN_DOCUMENT, MOST_LINKED};
pub use links::{FeatureViews, Link, ModuleFeatures, ModuleViews, get_linked};
pub use list::{ListItems, list_items};
pub use menu_items::{MenuItemChange, MenuItemFields};
pub use modules::{ModuleChange, ModuleFields};
pub use put::{PutItem, PutOutcome, put_items};
pub use replace_linked::{ReplaceLinked, replace_linked};
pub use sub_menu_items::{SubMenuItemChange, SubMenuItemFields};
pub use update::{UpdateItem, update_item};
pub use views::{ViewChange, ViewFields};
