//! Writes a document into the catalogue.

use super::{
    Item,
    document::{CatalogueDocument, DocumentSubMenuItem, Rows},
    menu_items::MenuItemFields,
    settle::{Settled, settle},
    sub_menu_items::SubMenuItemFields,
};
use crate::App;
use keystead_domain::{
    Result, ViewId,
    access::{CatalogueLinks, Feature, FeatureView, Module, ModuleFeature, ModuleView, View},
    navigation::{MenuItem, SubMenuItem},
};
use keystead_store::UnitOfWork;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The identifier of everything that there was or is, by kind and key.
pub(super) type Ids = HashMap<(&'static str, String), Uuid>;

/// Makes the catalogue what the document says. What it does not name stays when `others_stay`, and is removed else.
///
/// # Errors
/// `Invalid` for a key that names nothing; `Conflict` with code `catalogue_in_use` when what is to be removed is in use.
pub(super) async fn apply(
    unit: &dyn UnitOfWork,
    app: &App,
    rows: Rows,
    document: &CatalogueDocument,
    others_stay: bool,
) -> Result<Ids> {
    let views: Settled<View> = settle(unit, app, rows.views, document.views.clone()).await?;
    let of_features = document.features.iter().map(|one| one.fields.clone()).collect();
    let features: Settled<Feature> = settle(unit, app, rows.features, of_features).await?;
    let of_modules = document.modules.iter().map(|one| one.fields.clone()).collect();
    let modules: Settled<Module> = settle(unit, app, rows.modules, of_modules).await?;
    let wanted = wanted_links(document, &views, &features, &modules, others_stay)?;
    let lefts = Lefts::of(document, &features, &modules)?;
    unit.catalogue_links().unlink(&without(&lefts.only(&rows.links), &wanted)).await?;
    unit.catalogue_links().link(&without(&wanted, &rows.links), app.now()).await?;

    let (mut above, mut under) = (Vec::new(), Vec::new());
    for menu in rows.menu {
        above.push(menu.item);
        under.extend(menu.items);
    }
    let items = menu_fields(document, &views, others_stay)?;
    let items: Settled<MenuItem> = settle(unit, app, above, items).await?;
    let sub_items = sub_menu_fields(document, &views, &items, others_stay)?;
    let sub_items: Settled<SubMenuItem> = settle(unit, app, under, sub_items).await?;
    if !others_stay {
        // What refers to others goes first.
        sub_items.remove_others(unit).await?;
        items.remove_others(unit).await?;
        modules.remove_others(unit).await?;
        features.remove_others(unit).await?;
        views.remove_others(unit).await?;
    }
    let ids = views.ids().chain(features.ids()).chain(modules.ids());
    Ok(ids.chain(items.ids()).chain(sub_items.ids()).collect())
}

/// The features and modules of a document: of these, it says all links.
struct Lefts {
    features: HashSet<<Feature as Item>::Id>,
    modules: HashSet<<Module as Item>::Id>,
}

impl Lefts {
    fn of(document: &CatalogueDocument, features: &Settled<Feature>, modules: &Settled<Module>) -> Result<Self> {
        let of_features = document.features.iter().map(|one| features.find(&one.fields.key, false, String::new));
        let of_modules = document.modules.iter().map(|one| modules.find(&one.fields.key, false, String::new));
        Ok(Self { features: of_features.collect::<Result<_>>()?, modules: of_modules.collect::<Result<_>>()? })
    }
    /// Those of `links` that are theirs.
    fn only(&self, links: &CatalogueLinks) -> CatalogueLinks {
        let (features, modules) = (&self.features, &self.modules);
        let CatalogueLinks { feature_views, module_views, module_features } = links;
        CatalogueLinks {
            feature_views: feature_views.iter().copied().filter(|link| features.contains(&link.feature_id)).collect(),
            module_views: module_views.iter().copied().filter(|link| modules.contains(&link.module_id)).collect(),
            module_features: module_features.iter().copied().filter(|one| modules.contains(&one.module_id)).collect(),
        }
    }
}

/// Those of `links` that are not among `others`.
fn without(links: &CatalogueLinks, others: &CatalogueLinks) -> CatalogueLinks {
    fn only<L: Copy + Eq + std::hash::Hash>(links: &[L], others: &[L]) -> Vec<L> {
        let others: HashSet<L> = others.iter().copied().collect();
        links.iter().copied().filter(|link| !others.contains(link)).collect()
    }
    CatalogueLinks {
        feature_views: only(&links.feature_views, &others.feature_views),
        module_views: only(&links.module_views, &others.module_views),
        module_features: only(&links.module_features, &others.module_features),
    }
}

fn wanted_links(
    document: &CatalogueDocument,
    views: &Settled<View>,
    features: &Settled<Feature>,
    modules: &Settled<Module>,
    others_stay: bool,
) -> Result<CatalogueLinks> {
    let mut links = CatalogueLinks::default();
    for (place, one) in document.features.iter().enumerate() {
        let feature_id = features.find(&one.fields.key, false, String::new)?;
        for (number, key) in one.views.iter().enumerate() {
            let view_id = views.find(key, others_stay, || format!("features[{place}].views[{number}]"))?;
            links.feature_views.push(FeatureView { feature_id, view_id });
        }
    }
    for (place, one) in document.modules.iter().enumerate() {
        let module_id = modules.find(&one.fields.key, false, String::new)?;
        for (number, key) in one.views.iter().enumerate() {
            let view_id = views.find(key, others_stay, || format!("modules[{place}].views[{number}]"))?;
            links.module_views.push(ModuleView { module_id, view_id });
        }
        for (number, key) in one.features.iter().enumerate() {
            let feature_id = features.find(key, others_stay, || format!("modules[{place}].features[{number}]"))?;
            links.module_features.push(ModuleFeature { module_id, feature_id });
        }
    }
    Ok(links)
}

fn view_of(
    entry: &DocumentSubMenuItem,
    views: &Settled<View>,
    others_stay: bool,
    place: impl FnOnce() -> String,
) -> Result<Option<ViewId>> {
    entry.view.as_deref().map(|key| views.find(key, others_stay, || format!("{}.view", place()))).transpose()
}

fn menu_fields(document: &CatalogueDocument, views: &Settled<View>, others_stay: bool) -> Result<Vec<MenuItemFields>> {
    let one = |(place, menu): (usize, &super::DocumentMenuItem)| {
        let view_id = view_of(&menu.entry, views, others_stay, || format!("menu[{place}]"))?;
        let DocumentSubMenuItem { key, name, description, path, icon, order_index, is_active, .. } = menu.entry.clone();
        Ok(MenuItemFields { key, name, description, path, icon, view_id, order_index, is_active })
    };
    document.menu.iter().enumerate().map(one).collect()
}

fn sub_menu_fields(
    document: &CatalogueDocument,
    views: &Settled<View>,
    items: &Settled<MenuItem>,
    others_stay: bool,
) -> Result<Vec<SubMenuItemFields>> {
    let mut all = Vec::new();
    for (place, menu) in document.menu.iter().enumerate() {
        let menu_item_id = items.find(&menu.entry.key, false, String::new)?;
        for (number, item) in menu.items.iter().enumerate() {
            let view_id = view_of(item, views, others_stay, || format!("menu[{place}].items[{number}]"))?;
            let DocumentSubMenuItem { key, name, description, path, icon, order_index, is_active, .. } = item.clone();
            all.push(SubMenuItemFields {
                menu_item_id,
                key,
                name,
                description,
                path,
                icon,
                view_id,
                order_index,
                is_active,
            });
        }
    }
    Ok(all)
}
