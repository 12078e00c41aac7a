//! Many rows of all that decides. Again the first organization has a seventieth of everything.

use crate::rows::{MEMBERS, ORGANIZATIONS, USERS, Words, id};
use keystead_domain::{FeatureId, MenuItemId, ModuleId, RuleId, ServiceAccountId, UserLevelId, ViewId};

/// Of the catalogue only so many are referred to; the others can go.
const IN_USE: u32 = 2_900;

pub(crate) fn view(number: u32) -> ViewId {
    id(16, number).into()
}
pub(crate) fn module(number: u32) -> ModuleId {
    id(17, number).into()
}
pub(crate) fn feature(number: u32) -> FeatureId {
    id(18, number).into()
}
pub(crate) fn menu_item(number: u32) -> MenuItemId {
    id(19, number).into()
}
pub(crate) fn level(number: u32) -> UserLevelId {
    id(22, number).into()
}
pub(crate) fn rule(number: u32) -> RuleId {
    id(26, number).into()
}
pub(crate) fn account(number: u32) -> ServiceAccountId {
    id(29, number).into()
}

/// The statements that fill the tables.
pub(crate) fn fill(w: &Words) -> Vec<String> {
    let place = w.id(1, &format!("CASE WHEN n < {MEMBERS} THEN 0 ELSE n % {ORGANIZATIONS} END"));
    let share = w.id(1, &format!("CASE WHEN n % 70 = 0 THEN 0 ELSE n % {ORGANIZATIONS} END"));
    // Something that is in the same place as the membership.
    let near = format!(
        "CASE WHEN n < {MEMBERS} THEN 0
              WHEN (n % {ORGANIZATIONS}) % 70 = 0 THEN n % {ORGANIZATIONS} + {ORGANIZATIONS} ELSE n % {ORGANIZATIONS} END"
    );
    let at = w.time("n * 60");
    let times = "created_at, updated_at, version";
    let made = format!("{at}, {at}, 1");
    let text = |sql: &str| sql.to_owned();
    let used = format!("n % {IN_USE}");
    let ahead = w.time("86400 * 40 + n");
    let mostly_ahead = format!("CASE WHEN n % 1000 = 999 THEN {} ELSE {ahead} END", w.time("n - 86400 * 5"));
    let (yes, versions) = (w.truth("1 = 1"), text("1, 1"));
    let mut statements = catalogue(w, &at, &made, &yes);
    statements.extend([
        w.insert("organization_modules", &format!("id, organization_id, module_id, is_active, {times}"), 4_000, &[
            w.id(21, "n"),
            share.clone(),
            w.id(17, &used),
            yes.clone(),
            made.clone(),
        ]),
        w.insert("user_levels", &format!("id, organization_id, name, {times}"), 6_000, &[
            w.id(22, "n"),
            share.clone(),
            text("'level' || n"),
            made.clone(),
        ]),
        w.insert(
            "user_level_view_permissions",
            &format!("id, organization_id, user_level_id, view_id, value, modifiable, {times}"),
            5_800,
            &[w.id(23, "n"), share.clone(), w.id(22, "n"), w.id(16, &used), text("'allow'"), yes.clone(), made.clone()],
        ),
        w.insert(
            "user_level_feature_permissions",
            &format!("id, organization_id, user_level_id, feature_id, action, value, scope, modifiable, {times}"),
            5_800,
            &[
                w.id(24, "n"),
                share.clone(),
                w.id(22, "n"),
                w.id(18, &used),
                text("'read', 'allow', 'own'"),
                yes.clone(),
                made.clone(),
            ],
        ),
        w.insert("user_user_levels", "organization_id, user_id, user_level_id, created_at", USERS, &[
            place.clone(),
            w.id(2, "n"),
            w.id(22, &near),
            at.clone(),
        ]),
        w.insert(
            "effective_view_permissions",
            "organization_id, user_id, view_id, value, access_version, platform_version, computed_at, expires_at",
            USERS,
            &[
                place.clone(),
                w.id(2, "n"),
                w.id(16, &used),
                text("'allow'"),
                versions.clone(),
                at.clone(),
                mostly_ahead.clone(),
            ],
        ),
        w.insert(
            "effective_feature_permissions",
            "organization_id, user_id, feature_id, action, value, scope, access_version, platform_version, computed_at, expires_at",
            USERS,
            &[
                place.clone(),
                w.id(2, "n"),
                w.id(18, &used),
                text("'read', 'allow', 'own'"),
                versions,
                at.clone(),
                mostly_ahead.clone(),
            ],
        ),
        w.insert("nav_trail", "id, organization_id, user_id, view_id, visited_at", USERS, &[
            w.id(25, "n"),
            place,
            w.id(2, "CASE WHEN n < 1000 THEN 0 ELSE n END"),
            w.id(16, &used),
            at.clone(),
        ]),
    ]);
    statements.extend(rules(w, &share, &at, &made, &yes, &mostly_ahead));
    statements
}

fn catalogue(w: &Words, at: &str, made: &str, yes: &str) -> Vec<String> {
    let times = "created_at, updated_at, version";
    let text = |sql: &str| sql.to_owned();
    let used = format!("n % {IN_USE}");
    let link = |table: &str, columns: &str, left: u32, right: u32| {
        w.insert(table, &format!("{columns}, created_at"), IN_USE, &[w.id(left, "n"), w.id(right, "n"), at.to_owned()])
    };
    vec![
        w.insert(
            "views",
            &format!("id, key, name, is_active, {times}"),
            3_000,
            &[w.id(16, "n"), text("'view' || n, 'View'"), yes.to_owned(), made.to_owned()],
        ),
        w.insert(
            "modules",
            &format!("id, key, name, order_index, is_active, {times}"),
            3_000,
            &[w.id(17, "n"), text("'module' || n, 'Module', n"), yes.to_owned(), made.to_owned()],
        ),
        w.insert(
            "features",
            &format!("id, key, name, is_active, {times}"),
            3_000,
            &[w.id(18, "n"), text("'feature' || n, 'Feature'"), yes.to_owned(), made.to_owned()],
        ),
        link("feature_views", "feature_id, view_id", 18, 16),
        link("module_views", "module_id, view_id", 17, 16),
        link("module_features", "module_id, feature_id", 17, 18),
        w.insert(
            "menu_items",
            &format!("id, key, name, view_id, order_index, is_active, {times}"),
            3_000,
            &[w.id(19, "n"), text("'item' || n, 'Item'"), w.id(16, &used), text("n"), yes.to_owned(), made.to_owned()],
        ),
        w.insert(
            "sub_menu_items",
            &format!("id, menu_item_id, key, name, view_id, order_index, is_active, {times}"),
            9_000,
            &[
                w.id(20, "n"),
                w.id(19, &used),
                text("'item' || n, 'Item'"),
                w.id(16, &used),
                text("n"),
                yes.to_owned(),
                made.to_owned(),
            ],
        ),
    ]
}

fn rules(w: &Words, share: &str, at: &str, made: &str, yes: &str, mostly_ahead: &str) -> Vec<String> {
    let times = "created_at, updated_at, version";
    let text = |sql: &str| sql.to_owned();
    vec![
        w.insert(
            "casbin_rules",
            &format!("id, organization_id, ptype, v0, v1, v2, is_active, {times}"),
            40_000,
            &[
                w.id(26, "n"),
                share.to_owned(),
                text("CASE WHEN n % 3500 = 0 THEN 'g2' ELSE 'p' END"),
                text("'subject' || (n % 3000), 'object' || (n % 2000), 'read'"),
                w.truth("n % 2100 <> 0"),
                made.to_owned(),
            ],
        ),
        w.insert(
            "policy_models",
            &format!("id, organization_id, text, {times}"),
            ORGANIZATIONS,
            &[w.id(27, "n"), w.id(1, "n"), text("'[matchers]'"), made.to_owned()],
        ),
        w.insert(
            "policy_entities",
            &format!("id, organization_id, entity_type, entity_id, properties, {times}"),
            20_000,
            &[
                w.id(28, "n"),
                share.to_owned(),
                text("CASE WHEN n % 1400 = 0 THEN 'rare' ELSE 'user' END, 'entity' || n, '{}'"),
                made.to_owned(),
            ],
        ),
        w.insert(
            "access_changes",
            "organization_id, version, ordinal, table_name, row_id, operation, changed_at",
            20_000,
            &[
                w.id(1, &format!("n % {ORGANIZATIONS}")),
                text(&format!("n / {ORGANIZATIONS} + 1, 1, 'roles'")),
                w.id(4, "n"),
                text("'put'"),
                mostly_ahead.to_owned(),
            ],
        ),
        w.insert(
            "service_accounts",
            &format!("id, organization_id, name, is_active, {times}"),
            6_000,
            &[w.id(29, "n"), share.to_owned(), text("'robot' || n"), yes.to_owned(), made.to_owned()],
        ),
        w.insert(
            "api_keys",
            &format!("id, organization_id, service_account_id, prefix, key_hash, scopes, last_used_at, {times}"),
            5_900,
            &[
                w.id(30, "n"),
                share.to_owned(),
                w.id(29, "n"),
                text("'prefix' || n"),
                w.hash("n"),
                text("'[]'"),
                at.to_owned(),
                made.to_owned(),
            ],
        ),
    ]
}
