//! What is asked of all that decides, and which indexes must answer.

use crate::{
    access_rows::{account, feature, level, menu_item, module, rule, view},
    cases::{Case, PLATFORM_SCOPE, Work, after, case, first, here, read, sql, store, write},
    rows::{hash, id, now, organization, user},
};
use keystead_domain::{
    ApiKeyId, PLATFORM,
    access::{AccessVersions, LevelEditor, RuleFilter},
};
use keystead_store::{ApiKeyUse, SharedStore};

pub(crate) fn all() -> Vec<Case> {
    let mut cases = catalogue();
    cases.extend(menus());
    cases.extend(entitlements());
    cases.extend(rules());
    cases.extend(changes());
    cases.extend(service_accounts());
    cases
}

fn catalogue() -> Vec<Case> {
    vec![
        read!("a view by its key", ["views_key"], here(), |unit| unit.views().find_by_key("view77")),
        read!("a module by its key", ["modules_key"], here(), |unit| unit.modules().find_by_key("module77")),
        read!("a feature by its key", ["features_key"], here(), |unit| unit.features().find_by_key("feature77")),
        read!(
            "a page of views",
            ["views_pkey"],
            here(),
            |unit| async move { unit.views().list(&after(view(9))).await }
        ),
        read!("the modules of a view", ["module_views_view", "modules_pkey"], here(), |unit| unit
            .catalogue_links()
            .modules_of_view(view(7))),
        read!("the modules of a feature", ["module_features_feature", "modules_pkey"], here(), |unit| unit
            .catalogue_links()
            .modules_of_feature(feature(7))),
        read!("the features in a view", ["feature_views_view", "features_pkey"], here(), |unit| unit
            .catalogue_links()
            .features_of_view(view(7))),
        // Nothing refers to those that go.
        write!(
            "a view that goes",
            [
                "feature_views_view",
                "module_views_view",
                "menu_items_view",
                "sub_menu_items_view",
                "nav_trail_view",
                "user_level_view_permissions_view",
                "effective_view_permissions_view"
            ],
            PLATFORM_SCOPE,
            |unit| unit.views().delete(view(2_950), 1)
        ),
        write!(
            "a module that goes",
            ["module_views_pkey", "module_features_pkey", "organization_modules_module"],
            PLATFORM_SCOPE,
            |unit| unit.modules().delete(module(2_950), 1)
        ),
        write!(
            "a feature that goes",
            [
                "feature_views_pkey",
                "module_features_feature",
                "user_level_feature_permissions_feature",
                "effective_feature_permissions_feature"
            ],
            PLATFORM_SCOPE,
            |unit| unit.features().delete(feature(2_950), 1)
        ),
    ]
}

fn menus() -> Vec<Case> {
    vec![
        read!("a menu item by its key", ["menu_items_key"], here(), |unit| unit.menus().find_item_by_key("item77")),
        read!("an item below by its key", ["sub_menu_items_key"], here(), |unit| unit
            .menus()
            .find_sub_item_by_key("item77")),
        read!("what stands under an item", ["sub_menu_items_order"], here(), |unit| unit.menus().under(menu_item(7))),
        write!("a menu item that goes", ["sub_menu_items_order"], PLATFORM_SCOPE, |unit| unit
            .menus()
            .delete_item(menu_item(2_950), 1)),
        sql(
            "the beginning of the menu",
            &["menu_items_order"],
            "SELECT id FROM menu_items ORDER BY order_index, id LIMIT 20",
        ),
        read!("where a person has been", ["nav_trail_recent"], here(), |unit| unit.trail().recent(
            organization(),
            user(0),
            10
        )),
    ]
}

fn entitlements() -> Vec<Case> {
    vec![
        read!(
            "whether an organization has a module",
            ["organization_modules_organization_module|organization_modules_module"],
            here(),
            |unit| { unit.organization_modules().find_by_module(organization(), module(70)) }
        ),
        read!("a page of an organization's modules", ["organization_modules_organization_order"], here(), |unit| {
            async move { unit.organization_modules().list(organization(), &after(id(21, 700))).await }
        }),
        read!("a user level by its name", ["user_levels_organization_name"], here(), |unit| unit
            .user_levels()
            .find_by_name(organization(), "level70")),
        read!("a page of user levels", ["user_levels_organization_id"], here(), |unit| async move {
            unit.user_levels().list(organization(), &after(level(700))).await
        }),
        write!(
            "a user level that goes",
            [
                "user_level_view_permissions_level_view",
                "user_level_feature_permissions_level_feature_action",
                // As good where an organization is small, which is what is taken for granted without values.
                "user_user_levels_level|user_user_levels_pkey"
            ],
            here(),
            |unit| unit.user_levels().delete(organization(), level(5_810), 1)
        ),
        read!("what levels permit on views", ["user_level_view_permissions_level_view"], here(), |unit| async move {
            unit.view_permissions().of_levels(organization(), &[level(70), level(140)]).await
        }),
        read!(
            "what levels permit on features",
            ["user_level_feature_permissions_level_feature_action"],
            here(),
            |unit| async move { unit.feature_permissions().of_levels(organization(), &[level(70), level(140)]).await }
        ),
        read!(
            "a page of permissions on views",
            ["user_level_view_permissions_organization_order"],
            here(),
            |unit| async move { unit.view_permissions().list(organization(), &after(id(23, 700))).await }
        ),
        read!(
            "a page of permissions on features",
            ["user_level_feature_permissions_organization_order"],
            here(),
            |unit| async move { unit.feature_permissions().list(organization(), &after(id(24, 700))).await }
        ),
        write!("a permission that goes", [], here(), |unit| async move {
            // None has this identifier.
            let gone = unit.view_permissions().delete(organization(), id(23, 99_999).into(), 1, LevelEditor::Managers);
            assert!(gone.await.is_err());
            Ok::<_, keystead_domain::Error>(())
        }),
        read!("who has a level", ["user_user_levels_level|user_user_levels_pkey"], here(), |unit| async move {
            unit.level_assignments().list(organization(), level(0), &after(user(900))).await
        }),
        read!("a member's levels", ["user_user_levels_pkey"], here(), |unit| unit
            .level_assignments()
            .levels_of(organization(), user(7))),
        read!("what counts for a person's views", ["effective_view_permissions_pkey"], here(), |unit| unit
            .effective_permissions()
            .views(organization(), user(7), now())),
        read!("what counts for what a person may do", ["effective_feature_permissions_pkey"], here(), |unit| unit
            .effective_permissions()
            .features(organization(), user(7), now())),
    ]
}

fn rules() -> Vec<Case> {
    let value = |text: &str| Some(text.to_owned());
    let filtered = |name, expected, filter: RuleFilter| {
        let work = move |store: SharedStore| -> futures::future::BoxFuture<'static, ()> {
            let filter = filter.clone();
            Box::pin(async move {
                let unit = store.read(here()).await.unwrap();
                unit.rules().list(organization(), &filter, &first()).await.unwrap();
            })
        };
        case(name, expected, Work::Store(Box::new(work)))
    };
    vec![
        read!("a page of rules", ["casbin_rules_organization_order"], here(), |unit| async move {
            unit.rules().list(organization(), &RuleFilter::default(), &after(rule(700))).await
        }),
        read!("how much the rules are that do not count", ["casbin_rules_is_active"], here(), |unit| unit
            .rules()
            .inactive_totals(organization())),
        filtered(
            "rules of a kind",
            &["casbin_rules_ptype"],
            RuleFilter { ptype: value("g2"), ..RuleFilter::default() },
        ),
        filtered(
            "rules of a subject",
            &["casbin_rules_v0"],
            RuleFilter { values: [value("subject70"), None, None, None, None, None], ..RuleFilter::default() },
        ),
        filtered(
            "rules of an object",
            &["casbin_rules_v1"],
            RuleFilter { values: [None, value("object70"), None, None, None, None], ..RuleFilter::default() },
        ),
        filtered(
            "rules that do not count",
            &["casbin_rules_is_active"],
            RuleFilter { is_active: Some(false), ..RuleFilter::default() },
        ),
        read!("the model", ["policy_models_organization"], here(), |unit| unit.policy_models().find(organization())),
        read!("an entity", ["policy_entities_organization_entity"], here(), |unit| unit
            .policy_entities()
            .find_by_entity(organization(), "user", "entity70")),
        read!("a page of entities", ["policy_entities_organization_order"], here(), |unit| async move {
            unit.policy_entities().list(organization(), None, &after(id(28, 700))).await
        }),
        read!("a page of entities of a type", ["policy_entities_type"], here(), |unit| async move {
            unit.policy_entities().list(organization(), Some("rare"), &first()).await
        }),
    ]
}

fn changes() -> Vec<Case> {
    vec![
        read!("what has changed", ["access_changes_pkey", "access_versions_pkey"], here(), |unit| async move {
            unit.access_changes().since(organization(), organization(), 0, 100).await
        }),
        read!("what has changed of a snapshot", ["access_changes_pkey"], here(), |unit| async move {
            let since = AccessVersions { organization: 0, platform: 0 };
            unit.access_snapshots().changed(organization(), since, 100).await
        }),
        store!("the versions that a node keeps", ["access_versions_pkey"], |store| async move {
            store.access_versions(&[organization(), PLATFORM]).await
        }),
        store!(
            "what has expired of access",
            [
                "effective_view_permissions_expires_at",
                "effective_feature_permissions_expires_at",
                "access_changes_changed_at"
            ],
            |store| async move { store.delete_expired_access(now(), 3).await }
        ),
    ]
}

fn service_accounts() -> Vec<Case> {
    vec![
        read!("a service account by its name", ["service_accounts_organization_name"], here(), |unit| unit
            .service_accounts()
            .find_by_name(organization(), "robot70")),
        read!("a page of service accounts", ["service_accounts_organization_id"], here(), |unit| async move {
            unit.service_accounts().list(organization(), &after(account(700))).await
        }),
        write!(
            "a service account that goes",
            ["service_accounts_organization_id|service_accounts_pkey", "api_keys_account"],
            here(),
            |unit| unit.service_accounts().delete(organization(), account(5_950), 1)
        ),
        read!("a page of an account's keys", ["api_keys_account"], here(), |unit| async move {
            unit.api_keys().list(organization(), account(70), &first()).await
        }),
        store!(
            "what a key opens",
            ["api_keys_prefix", "organizations_pkey|organizations_status"],
            |store| async move { store.find_api_key("prefix77", &hash(77), now()).await }
        ),
        store!("the use of keys", ["api_keys_pkey"], |store| async move {
            let uses = [ApiKeyUse { id: ApiKeyId::from_uuid(id(30, 7)), at: now() }];
            store.record_api_key_use(&uses).await
        }),
    ]
}
