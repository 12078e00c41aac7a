//! The product catalogue: views, modules, features, and which belong together. The platform writes it, everyone reads it.

use super::table::{
    CREATED_AT, Class, OnDelete, PLAIN, Right, Table, UPDATED_AT, VERSION, belongs_to, boolean, index, integer, text,
    unique, uuid,
};

pub(super) const VIEWS: Table = Table {
    name: "views",
    feature: "access",
    class: Class::Platform,
    about: "What a product shows: pages and parts of pages.",
    columns: &[
        uuid("id", "Its identifier."),
        text("key", 100, "The word by which programs name it, unique."),
        text("name", 255, "Its name, for people."),
        text("description", 2000, "What it shows.").null(),
        text("path", 500, "Where the product shows it.").null(),
        text("icon", 100, "The name of its icon.").null(),
        boolean("is_active", "Whether anyone can reach it."),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[unique("views_key", &["key"])],
    ..PLAIN
};

pub(super) const MODULES: Table = Table {
    name: "modules",
    feature: "access",
    class: Class::Platform,
    about: "What an organization has or has not: views and features that come together.",
    columns: &[
        uuid("id", "Its identifier."),
        text("key", 100, "The word by which programs name it, unique."),
        text("name", 255, "Its name, for people."),
        text("description", 2000, "What it is for.").null(),
        text("icon", 100, "The name of its icon.").null(),
        integer("order_index", "Its place among the others: the smaller, the earlier."),
        boolean("is_active", "Whether anyone can reach what is in it."),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[unique("modules_key", &["key"])],
    ..PLAIN
};

pub(super) const FEATURES: Table = Table {
    name: "features",
    feature: "access",
    class: Class::Platform,
    about: "What a product can do, on which actions are permitted.",
    columns: &[
        uuid("id", "Its identifier."),
        text("key", 100, "The word by which programs name it, unique."),
        text("name", 255, "Its name, for people."),
        text("description", 2000, "What it does.").null(),
        boolean("is_active", "Whether anyone can reach it."),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[unique("features_key", &["key"])],
    ..PLAIN
};

/// A pair of the catalogue: made, taken away, never changed.
const LINK: Table = Table {
    feature: "access",
    class: Class::Platform,
    app_may: &[Right::Select, Right::Insert, Right::Delete],
    ..PLAIN
};

pub(super) const FEATURE_VIEWS: Table = Table {
    name: "feature_views",
    about: "In which views a feature is.",
    columns: &[uuid("feature_id", "The feature."), uuid("view_id", "The view."), CREATED_AT],
    primary_key: &["feature_id", "view_id"],
    indexes: &[index("feature_views_view", &["view_id"])],
    foreign_keys: &[
        belongs_to(&["feature_id"], "features", &["id"], OnDelete::Cascade),
        belongs_to(&["view_id"], "views", &["id"], OnDelete::Cascade),
    ],
    ..LINK
};

pub(super) const MODULE_VIEWS: Table = Table {
    name: "module_views",
    about: "Which views a module has.",
    columns: &[uuid("module_id", "The module."), uuid("view_id", "The view."), CREATED_AT],
    primary_key: &["module_id", "view_id"],
    indexes: &[index("module_views_view", &["view_id"])],
    foreign_keys: &[
        belongs_to(&["module_id"], "modules", &["id"], OnDelete::Cascade),
        belongs_to(&["view_id"], "views", &["id"], OnDelete::Cascade),
    ],
    ..LINK
};

pub(super) const MODULE_FEATURES: Table = Table {
    name: "module_features",
    about: "Which features a module has.",
    columns: &[uuid("module_id", "The module."), uuid("feature_id", "The feature."), CREATED_AT],
    primary_key: &["module_id", "feature_id"],
    indexes: &[index("module_features_feature", &["feature_id"])],
    foreign_keys: &[
        belongs_to(&["module_id"], "modules", &["id"], OnDelete::Cascade),
        belongs_to(&["feature_id"], "features", &["id"], OnDelete::Cascade),
    ],
    ..LINK
};
