//! Menus, and where people have been.

use super::table::{
    CREATED_AT, Class, OnDelete, PLAIN, Right, Table, UPDATED_AT, VERSION, belongs_to, boolean, index, integer, text,
    time, unique, uuid,
};

pub(super) const MENU_ITEMS: Table = Table {
    name: "menu_items",
    feature: "navigation",
    class: Class::Platform,
    about: "The first level of the product's menu.",
    columns: &[
        uuid("id", "Its identifier."),
        text("key", 100, "The word by which programs name it, unique."),
        text("name", 255, "What people read."),
        text("description", 2000, "What is found there.").null(),
        text("path", 500, "Where it leads.").null(),
        text("icon", 100, "The name of its icon.").null(),
        uuid("view_id", "Who may not see this view does not see the item; none for one that only holds others.").null(),
        integer("order_index", "Its place among the others: the smaller, the earlier."),
        boolean("is_active", "Whether anyone sees it."),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("menu_items_key", &["key"]),
        index("menu_items_order", &["order_index", "id"]),
        index("menu_items_view", &["view_id"]),
    ],
    foreign_keys: &[belongs_to(&["view_id"], "views", &["id"], OnDelete::Restrict)],
    ..PLAIN
};

pub(super) const SUB_MENU_ITEMS: Table = Table {
    name: "sub_menu_items",
    feature: "navigation",
    class: Class::Platform,
    about: "The second level of the product's menu.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("menu_item_id", "Under which item it stands."),
        text("key", 100, "The word by which programs name it, unique."),
        text("name", 255, "What people read."),
        text("description", 2000, "What is found there.").null(),
        text("path", 500, "Where it leads.").null(),
        text("icon", 100, "The name of its icon.").null(),
        uuid("view_id", "Who may not see this view does not see the item; none for one that everyone sees.").null(),
        integer("order_index", "Its place among the others: the smaller, the earlier."),
        boolean("is_active", "Whether anyone sees it."),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("sub_menu_items_key", &["key"]),
        index("sub_menu_items_order", &["menu_item_id", "order_index", "id"]),
        index("sub_menu_items_view", &["view_id"]),
    ],
    foreign_keys: &[
        belongs_to(&["menu_item_id"], "menu_items", &["id"], OnDelete::Cascade),
        belongs_to(&["view_id"], "views", &["id"], OnDelete::Restrict),
    ],
    ..PLAIN
};

/// A person's own, inside of an organization: colleagues do not see it.
const OWN: &str = "organization_id = {org} AND user_id = {user}";

pub(super) const NAV_TRAIL: Table = Table {
    name: "nav_trail",
    feature: "navigation",
    may_read: Some(OWN),
    may_write: Some(OWN),
    app_may: &[Right::Select, Right::Insert, Right::Delete],
    about: "A person's recent views, so many at most; colleagues do not see them.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "Where the person was."),
        uuid("user_id", "The person."),
        uuid("view_id", "What they saw.").personal(),
        time("visited_at", "When they saw it.").personal(),
    ],
    indexes: &[
        index("nav_trail_recent", &["organization_id", "user_id", "visited_at", "id"]),
        index("nav_trail_view", &["view_id"]),
    ],
    foreign_keys: &[
        belongs_to(&["organization_id", "user_id"], "memberships", &["organization_id", "user_id"], OnDelete::Cascade),
        belongs_to(&["view_id"], "views", &["id"], OnDelete::Cascade),
    ],
    ..PLAIN
};
