-- 0005_access, taken back.
-- It runs in one transaction, as keystead_owner, in the schema keystead. Once landed, it is never edited.

DROP FUNCTION delete_expired_access(timestamptz, timestamptz, integer);
DROP FUNCTION access_versions_of(jsonb);
DROP FUNCTION record_api_key_use(jsonb);
DROP FUNCTION find_api_key(text, bytea, timestamptz);
DROP VIEW current_feature_permissions;
DROP VIEW current_view_permissions;
DROP TABLE api_keys;
DROP TABLE service_accounts;
DROP TABLE access_changes;
DROP TABLE policy_entities;
DROP TABLE policy_models;
DROP TABLE casbin_rules;
DROP TABLE effective_feature_permissions;
DROP TABLE effective_view_permissions;
DROP TABLE user_user_levels;
DROP TABLE user_level_feature_permissions;
DROP TABLE user_level_view_permissions;
DROP TABLE user_levels;
DROP TABLE organization_modules;
DROP TABLE nav_trail;
DROP TABLE sub_menu_items;
DROP TABLE menu_items;
DROP TABLE module_features;
DROP TABLE module_views;
DROP TABLE feature_views;
DROP TABLE features;
DROP TABLE modules;
DROP TABLE views;
