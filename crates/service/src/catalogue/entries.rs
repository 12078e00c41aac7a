//! What a document of the catalogue tells of, to be compared.

use super::{CatalogueDocument, DocumentSubMenuItem, Item};
use crate::difference::{Entries, settle_names};
use keystead_domain::{
    Result,
    access::{Feature, Module, View},
    navigation::{MenuItem, SubMenuItem},
};
use serde::Serialize;

/// The kinds of things, in the order in which a difference lists them.
const KINDS: [&str; 5] = [View::MANY, Feature::MANY, Module::MANY, MenuItem::MANY, SubMenuItem::MANY];

/// An item of the menu's second level, and under which of the first it stands.
#[derive(Serialize)]
struct Under<'a> {
    #[serde(flatten)]
    item: &'a DocumentSubMenuItem,
    menu_item: &'a str,
}

/// Everything in a document in which no key of a kind stands twice.
pub(super) fn entries(document: &CatalogueDocument) -> Result<Entries> {
    let mut all = Entries::of_kinds(&KINDS);
    for view in &document.views {
        all.add(View::MANY, &view.key, view)?;
    }
    for feature in &document.features {
        let mut feature = feature.clone();
        settle_names(&mut feature.views);
        all.add(Feature::MANY, &feature.fields.key, &feature)?;
    }
    for module in &document.modules {
        let mut module = module.clone();
        settle_names(&mut module.views);
        settle_names(&mut module.features);
        all.add(Module::MANY, &module.fields.key, &module)?;
    }
    for menu in &document.menu {
        all.add(MenuItem::MANY, &menu.entry.key, &menu.entry)?;
        for item in &menu.items {
            all.add(SubMenuItem::MANY, &item.key, &Under { item, menu_item: &menu.entry.key })?;
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::{DocumentFeature, DocumentMenuItem, FeatureFields, ViewFields},
        difference::Difference,
    };
    use serde_json::json;

    fn document(name: &str, views: &[&str]) -> CatalogueDocument {
        let fields = |key: &str| {
            let (key, name) = (key.to_owned(), "View".to_owned());
            ViewFields { key, name, description: None, path: None, icon: None, is_active: true }
        };
        let (key, name) = ("export".to_owned(), name.to_owned());
        let feature = FeatureFields { key, name, description: None, is_active: true };
        let features =
            vec![DocumentFeature { fields: feature, views: views.iter().map(ToString::to_string).collect() }];
        CatalogueDocument { views: vec![fields("a"), fields("b")], features, ..CatalogueDocument::default() }
    }

    fn between(before: &CatalogueDocument, after: &CatalogueDocument) -> Difference {
        Difference::between(&entries(before).unwrap(), &entries(after).unwrap()).unwrap()
    }

    #[test]
    fn what_is_the_same_in_another_order_does_not_differ() {
        assert!(between(&document("Export", &["a", "b"]), &document("Export", &["b", "a", "b"])).is_empty());
        let difference = between(&document("Export", &["a"]), &document("Exports", &["b", "a"]));
        let [change] = &difference.changed[..] else { panic!("{difference:?}") };
        assert_eq!((change.kind, change.key.as_str()), ("features", "export"));
        assert_eq!(change.before, json!({"name": "Export", "views": ["a"]}));
        assert_eq!(change.after, json!({"name": "Exports", "views": ["a", "b"]}));
    }

    #[test]
    fn an_item_of_the_second_level_says_where_it_stands() {
        let item = |key: &str| DocumentSubMenuItem {
            key: key.to_owned(),
            name: "Item".to_owned(),
            description: None,
            path: None,
            icon: None,
            view: None,
            order_index: 0,
            is_active: true,
        };
        let menu = |under: &[&str; 2]| {
            let one = |(key, items)| DocumentMenuItem { entry: item(key), items };
            let menu = [(under[0], vec![item("open")]), (under[1], vec![])].map(one).into();
            CatalogueDocument { menu, ..CatalogueDocument::default() }
        };
        let difference = between(&CatalogueDocument::default(), &menu(&["orders", "files"]));
        let keys: Vec<_> = difference.added.iter().map(|one| (one.kind, one.key.as_str())).collect();
        assert_eq!(keys, [("menu_items", "files"), ("menu_items", "orders"), ("sub_menu_items", "open")]);
        let difference = between(&menu(&["orders", "files"]), &menu(&["files", "orders"]));
        let [change] = &difference.changed[..] else { panic!("{difference:?}") };
        assert_eq!((change.kind, &change.after), ("sub_menu_items", &json!({"menu_item": "files"})));
    }
}
