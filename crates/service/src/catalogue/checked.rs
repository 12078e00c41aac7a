//! A document is held against the rules before anything is read.

use super::{
    Head, Item,
    document::{CatalogueDocument, DocumentMenuItem, DocumentSubMenuItem},
    limits::{MOST_IN_DOCUMENT, MOST_LINKED, inside},
    menu_items::MenuItemFields,
};
use keystead_domain::{
    Error, Result, Timestamp,
    access::{Feature, Module, View},
    navigation::MenuItem,
};
use std::collections::HashSet;
use uuid::Uuid;

/// The document with its texts as they are kept.
///
/// # Errors
/// `Invalid`, naming the place: too many things, a field that breaks its rule, a key that stands there twice.
pub(super) fn checked(document: CatalogueDocument) -> Result<CatalogueDocument> {
    let CatalogueDocument { mut views, mut features, mut modules, mut menu } = document;
    let under: usize = menu.iter().map(|menu| menu.items.len()).sum();
    if views.len() + features.len() + modules.len() + menu.len() + under > MOST_IN_DOCUMENT {
        return Err(Error::invalid("document", format!("must hold at most {MOST_IN_DOCUMENT} things")));
    }
    let mut keys = Keys::default();
    for (place, view) in views.iter_mut().enumerate() {
        let place = format!("views[{place}]");
        *view = normal::<View>(&place, view.clone())?;
        keys.take(&place, &view.key)?;
    }
    let mut keys = Keys::default();
    for (place, feature) in features.iter_mut().enumerate() {
        let place = format!("features[{place}]");
        feature.fields = normal::<Feature>(&place, feature.fields.clone())?;
        keys.take(&place, &feature.fields.key)?;
        few(&place, "views", &feature.views)?;
    }
    let mut keys = Keys::default();
    for (place, module) in modules.iter_mut().enumerate() {
        let place = format!("modules[{place}]");
        module.fields = normal::<Module>(&place, module.fields.clone())?;
        keys.take(&place, &module.fields.key)?;
        few(&place, "views", &module.views)?;
        few(&place, "features", &module.features)?;
    }
    check_menu(&mut menu)?;
    Ok(CatalogueDocument { views, features, modules, menu })
}

fn check_menu(menu: &mut [DocumentMenuItem]) -> Result<()> {
    let (mut above, mut under) = (Keys::default(), Keys::default());
    for (place, menu) in menu.iter_mut().enumerate() {
        let place = format!("menu[{place}]");
        menu.entry = normal_entry(&place, &menu.entry)?;
        above.take(&place, &menu.entry.key)?;
        for (number, item) in menu.items.iter_mut().enumerate() {
            let place = format!("{place}.items[{number}]");
            *item = normal_entry(&place, item)?;
            under.take(&place, &item.key)?;
        }
    }
    Ok(())
}

/// The keys of one kind.
#[derive(Default)]
struct Keys(HashSet<String>);

impl Keys {
    fn take(&mut self, place: &str, key: &str) -> Result<()> {
        if self.0.insert(key.to_owned()) {
            return Ok(());
        }
        Err(Error::invalid(format!("{place}.key"), format!("{key} stands there twice")))
    }
}

fn normal<T: Item>(place: &str, fields: T::Fields) -> Result<T::Fields> {
    let head = Head::new(T::Id::from(Uuid::nil()), Timestamp::from_unix_seconds(0));
    T::build(head, fields).map(|item| item.fields()).map_err(|error| inside(place, error))
}

/// Both levels of the menu have the same rules.
fn normal_entry(place: &str, entry: &DocumentSubMenuItem) -> Result<DocumentSubMenuItem> {
    let DocumentSubMenuItem { key, name, description, path, icon, view, order_index, is_active } = entry.clone();
    let fields = MenuItemFields { key, name, description, path, icon, view_id: None, order_index, is_active };
    let MenuItemFields { key, name, description, path, icon, .. } = normal::<MenuItem>(place, fields)?;
    Ok(DocumentSubMenuItem { key, name, description, path, icon, view, order_index, is_active })
}

fn few(place: &str, what: &str, keys: &[String]) -> Result<()> {
    if keys.len() > MOST_LINKED {
        return Err(Error::invalid(format!("{place}.{what}"), format!("must be at most {MOST_LINKED}")));
    }
    Ok(())
}
