//! The catalogue, the menu, and the modules of organizations.

use super::*;

const MODULE: &str = "/api/v1/modules/{module_id}";
const FEATURE: &str = "/api/v1/features/{feature_id}";

fn read(operation: &'static str) -> Case {
    case(operation, User).needs("catalogue", Read).shared()
}

fn write(operation: &'static str, action: Action) -> Case {
    case(operation, Platform).needs("catalogue", action).of_the_platform().shared()
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = views();
    cases.extend(modules());
    cases.extend(features());
    cases.extend(menu());
    cases.extend(documents());
    cases.extend(of_organizations());
    cases
}

/// A thing with a key that nothing has yet.
fn thing(world: &World) -> Value {
    json!({ "key": format!("new-{}", &world.team_id[24..]), "name": "New" })
}

fn views() -> Vec<Case> {
    let one = "/api/v1/views/{view_id}";
    vec![
        read("GET /api/v1/views"),
        write("POST /api/v1/views", Create).with(thing).events(&["view.created"]),
        write("PUT /api/v1/views", Create).with(|world| json!({ "items": [thing(world)] })).events(&["view.created"]),
        read("GET /api/v1/views/{view_id}"),
        write("PATCH /api/v1/views/{view_id}", Update)
            .with(|_| json!({ "is_active": false }))
            .version_at(one)
            .events(&["view.updated"]),
        write("DELETE /api/v1/views/{view_id}", Delete).version_at(one).events(&["view.deleted"]),
    ]
}

fn modules() -> Vec<Case> {
    vec![
        read("GET /api/v1/modules"),
        write("POST /api/v1/modules", Create).with(thing).events(&["module.created"]),
        write("PUT /api/v1/modules", Create)
            .with(|world| json!({ "items": [thing(world)] }))
            .events(&["module.created"]),
        read("GET /api/v1/modules/{module_id}"),
        write("PATCH /api/v1/modules/{module_id}", Update)
            .with(|_| json!({ "order_index": 7 }))
            .version_at(MODULE)
            .events(&["module.updated"]),
        write("DELETE /api/v1/modules/{module_id}", Delete).version_at(MODULE).events(&["module.deleted"]),
        read("GET /api/v1/modules/{module_id}/views"),
        write("PUT /api/v1/modules/{module_id}/views", Update)
            .with(|world| json!({ "views": [world.catalogue.view_id] }))
            .version_at(MODULE)
            .events(&["module.views_changed"]),
        read("GET /api/v1/modules/{module_id}/features"),
        write("PUT /api/v1/modules/{module_id}/features", Update)
            .with(|world| json!({ "features": [world.catalogue.feature_id] }))
            .version_at(MODULE)
            .events(&["module.features_changed"]),
    ]
}

fn features() -> Vec<Case> {
    vec![
        read("GET /api/v1/features"),
        write("POST /api/v1/features", Create).with(thing).events(&["feature.created"]),
        write("PUT /api/v1/features", Create)
            .with(|world| json!({ "items": [thing(world)] }))
            .events(&["feature.created"]),
        read("GET /api/v1/features/{feature_id}"),
        write("PATCH /api/v1/features/{feature_id}", Update)
            .with(|_| json!({ "name": "Renamed" }))
            .version_at(FEATURE)
            .events(&["feature.updated"]),
        write("DELETE /api/v1/features/{feature_id}", Delete).version_at(FEATURE).events(&["feature.deleted"]),
        read("GET /api/v1/features/{feature_id}/views"),
        write("PUT /api/v1/features/{feature_id}/views", Update)
            .with(|world| json!({ "views": [world.catalogue.view_id] }))
            .version_at(FEATURE)
            .events(&["feature.views_changed"]),
    ]
}

/// As [`thing`], under the world's item.
fn under(world: &World) -> Value {
    let mut thing = thing(world);
    thing["menu_item_id"] = json!(world.catalogue.menu_item_id);
    thing
}

fn menu() -> Vec<Case> {
    let (item, sub) = ("/api/v1/menu-items/{menu_item_id}", "/api/v1/sub-menu-items/{sub_menu_item_id}");
    vec![
        read("GET /api/v1/menu-items"),
        write("POST /api/v1/menu-items", Create).with(thing).events(&["menu_item.created"]),
        write("PUT /api/v1/menu-items", Create)
            .with(|world| json!({ "items": [thing(world)] }))
            .events(&["menu_item.created"]),
        read("GET /api/v1/menu-items/{menu_item_id}"),
        write("PATCH /api/v1/menu-items/{menu_item_id}", Update)
            .with(|world| json!({ "view_id": world.catalogue.view_id }))
            .version_at(item)
            .events(&["menu_item.updated"]),
        write("DELETE /api/v1/menu-items/{menu_item_id}", Delete).version_at(item).events(&["menu_item.deleted"]),
        read("GET /api/v1/sub-menu-items"),
        write("POST /api/v1/sub-menu-items", Create).with(under).events(&["sub_menu_item.created"]),
        write("PUT /api/v1/sub-menu-items", Create)
            .with(|world| json!({ "items": [under(world)] }))
            .events(&["sub_menu_item.created"]),
        read("GET /api/v1/sub-menu-items/{sub_menu_item_id}"),
        write("PATCH /api/v1/sub-menu-items/{sub_menu_item_id}", Update)
            .with(|_| json!({ "path": "/elsewhere" }))
            .version_at(sub)
            .events(&["sub_menu_item.updated"]),
        write("DELETE /api/v1/sub-menu-items/{sub_menu_item_id}", Delete)
            .version_at(sub)
            .events(&["sub_menu_item.deleted"]),
    ]
}

fn documents() -> Vec<Case> {
    vec![
        read("GET /api/v1/access/catalogue"),
        // Other worlds have things there, too, which are in use.
        write("PUT /api/v1/access/catalogue", Update)
            .query("?keep_others=true")
            .with(|world| json!({ "views": [thing(world)] }))
            .events(&["catalogue.imported", "view.created"]),
    ]
}

fn of_organizations() -> Vec<Case> {
    let write = |operation, action| case(operation, Platform).needs("organization_modules", action).of_the_platform();
    vec![
        case("GET /api/v1/organizations/{organization_id}/modules", User).needs("organization_modules", Read),
        write("PUT /api/v1/organizations/{organization_id}/modules", Update)
            .with(|world| json!({ "modules": [{ "module_id": world.catalogue.module_id }] }))
            .events(&["organization.module_removed", "organization.module_added"]),
        write("PUT /api/v1/organizations/{organization_id}/modules/{module_id}", Update)
            .with(|_| json!({ "is_active": false }))
            .events(&["organization.module_changed"]),
        write("DELETE /api/v1/organizations/{organization_id}/modules/{module_id}", Delete)
            .events(&["organization.module_removed"]),
    ]
}
