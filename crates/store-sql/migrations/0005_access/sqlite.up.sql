-- 0005_access: the product catalogue, user levels, menus, policy rules, service accounts, and what has changed of them.
-- It runs in one transaction, foreign keys checked at its end. Once landed, it is never edited.

-- What a product shows: pages and parts of pages.
CREATE TABLE views (
    id BLOB NOT NULL CHECK (length(id) = 16),
    key TEXT NOT NULL CHECK (length(key) <= 100),
    name TEXT NOT NULL CHECK (length(name) <= 255),
    description TEXT CHECK (length(description) <= 2000),
    path TEXT CHECK (length(path) <= 500),
    icon TEXT CHECK (length(icon) <= 100),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT views_pkey PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX views_key ON views (key);

-- What an organization has or has not: views and features that come together.
CREATE TABLE modules (
    id BLOB NOT NULL CHECK (length(id) = 16),
    key TEXT NOT NULL CHECK (length(key) <= 100),
    name TEXT NOT NULL CHECK (length(name) <= 255),
    description TEXT CHECK (length(description) <= 2000),
    icon TEXT CHECK (length(icon) <= 100),
    order_index INTEGER NOT NULL CHECK (order_index BETWEEN -2147483648 AND 2147483647),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT modules_pkey PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX modules_key ON modules (key);

-- What a product can do, on which actions are permitted.
CREATE TABLE features (
    id BLOB NOT NULL CHECK (length(id) = 16),
    key TEXT NOT NULL CHECK (length(key) <= 100),
    name TEXT NOT NULL CHECK (length(name) <= 255),
    description TEXT CHECK (length(description) <= 2000),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT features_pkey PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX features_key ON features (key);

-- In which views a feature is.
CREATE TABLE feature_views (
    feature_id BLOB NOT NULL CHECK (length(feature_id) = 16),
    view_id BLOB NOT NULL CHECK (length(view_id) = 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    CONSTRAINT feature_views_pkey PRIMARY KEY (feature_id, view_id),
    CONSTRAINT feature_views_feature_fkey FOREIGN KEY (feature_id) REFERENCES features (id) ON DELETE CASCADE,
    CONSTRAINT feature_views_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX feature_views_view ON feature_views (view_id);

-- Which views a module has.
CREATE TABLE module_views (
    module_id BLOB NOT NULL CHECK (length(module_id) = 16),
    view_id BLOB NOT NULL CHECK (length(view_id) = 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    CONSTRAINT module_views_pkey PRIMARY KEY (module_id, view_id),
    CONSTRAINT module_views_module_fkey FOREIGN KEY (module_id) REFERENCES modules (id) ON DELETE CASCADE,
    CONSTRAINT module_views_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX module_views_view ON module_views (view_id);

-- Which features a module has.
CREATE TABLE module_features (
    module_id BLOB NOT NULL CHECK (length(module_id) = 16),
    feature_id BLOB NOT NULL CHECK (length(feature_id) = 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    CONSTRAINT module_features_pkey PRIMARY KEY (module_id, feature_id),
    CONSTRAINT module_features_module_fkey FOREIGN KEY (module_id) REFERENCES modules (id) ON DELETE CASCADE,
    CONSTRAINT module_features_feature_fkey FOREIGN KEY (feature_id) REFERENCES features (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX module_features_feature ON module_features (feature_id);

-- The first level of the product's menu.
CREATE TABLE menu_items (
    id BLOB NOT NULL CHECK (length(id) = 16),
    key TEXT NOT NULL CHECK (length(key) <= 100),
    name TEXT NOT NULL CHECK (length(name) <= 255),
    description TEXT CHECK (length(description) <= 2000),
    path TEXT CHECK (length(path) <= 500),
    icon TEXT CHECK (length(icon) <= 100),
    view_id BLOB CHECK (length(view_id) = 16),
    order_index INTEGER NOT NULL CHECK (order_index BETWEEN -2147483648 AND 2147483647),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT menu_items_pkey PRIMARY KEY (id),
    CONSTRAINT menu_items_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX menu_items_key ON menu_items (key);
CREATE INDEX menu_items_order ON menu_items (order_index, id);
CREATE INDEX menu_items_view ON menu_items (view_id);

-- The second level of the product's menu.
CREATE TABLE sub_menu_items (
    id BLOB NOT NULL CHECK (length(id) = 16),
    menu_item_id BLOB NOT NULL CHECK (length(menu_item_id) = 16),
    key TEXT NOT NULL CHECK (length(key) <= 100),
    name TEXT NOT NULL CHECK (length(name) <= 255),
    description TEXT CHECK (length(description) <= 2000),
    path TEXT CHECK (length(path) <= 500),
    icon TEXT CHECK (length(icon) <= 100),
    view_id BLOB CHECK (length(view_id) = 16),
    order_index INTEGER NOT NULL CHECK (order_index BETWEEN -2147483648 AND 2147483647),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT sub_menu_items_pkey PRIMARY KEY (id),
    CONSTRAINT sub_menu_items_menu_item_fkey FOREIGN KEY (menu_item_id) REFERENCES menu_items (id) ON DELETE CASCADE,
    CONSTRAINT sub_menu_items_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX sub_menu_items_key ON sub_menu_items (key);
CREATE INDEX sub_menu_items_order ON sub_menu_items (menu_item_id, order_index, id);
CREATE INDEX sub_menu_items_view ON sub_menu_items (view_id);

-- A person's recent views, so many at most; colleagues do not see them.
CREATE TABLE nav_trail (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    view_id BLOB NOT NULL CHECK (length(view_id) = 16),
    visited_at TEXT NOT NULL CHECK (visited_at GLOB '*+00:00'),
    CONSTRAINT nav_trail_pkey PRIMARY KEY (id),
    CONSTRAINT nav_trail_user_fkey FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE,
    CONSTRAINT nav_trail_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX nav_trail_recent ON nav_trail (organization_id, user_id, visited_at, id);
CREATE INDEX nav_trail_view ON nav_trail (view_id);

-- Which modules an organization has.
CREATE TABLE organization_modules (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    module_id BLOB NOT NULL CHECK (length(module_id) = 16),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT organization_modules_pkey PRIMARY KEY (id),
    CONSTRAINT organization_modules_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT,
    CONSTRAINT organization_modules_module_fkey FOREIGN KEY (module_id) REFERENCES modules (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX organization_modules_organization_module ON organization_modules (organization_id, module_id);
CREATE INDEX organization_modules_organization_order ON organization_modules (organization_id, id);
CREATE INDEX organization_modules_module ON organization_modules (module_id);

-- Named bundles of view and feature permissions inside an organization.
CREATE TABLE user_levels (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    name TEXT NOT NULL CHECK (length(name) <= 255),
    description TEXT CHECK (length(description) <= 2000),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT user_levels_pkey PRIMARY KEY (id),
    CONSTRAINT user_levels_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX user_levels_organization_id ON user_levels (organization_id, id);
CREATE UNIQUE INDEX user_levels_organization_name ON user_levels (organization_id, name);

-- Which views a user level opens or closes.
CREATE TABLE user_level_view_permissions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    user_level_id BLOB NOT NULL CHECK (length(user_level_id) = 16),
    view_id BLOB NOT NULL CHECK (length(view_id) = 16),
    value TEXT NOT NULL CHECK (length(value) <= 10),
    modifiable INTEGER NOT NULL CHECK (modifiable IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT user_level_view_permissions_pkey PRIMARY KEY (id),
    CONSTRAINT user_level_view_permissions_value_check CHECK (value IN ('allow', 'deny')),
    CONSTRAINT user_level_view_permissions_user_level_fkey FOREIGN KEY (organization_id, user_level_id) REFERENCES user_levels (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT user_level_view_permissions_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX user_level_view_permissions_level_view ON user_level_view_permissions (organization_id, user_level_id, view_id);
CREATE INDEX user_level_view_permissions_organization_order ON user_level_view_permissions (organization_id, id);
CREATE INDEX user_level_view_permissions_view ON user_level_view_permissions (view_id);

-- Which actions on features a user level allows or denies, and on whose resources.
CREATE TABLE user_level_feature_permissions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    user_level_id BLOB NOT NULL CHECK (length(user_level_id) = 16),
    feature_id BLOB NOT NULL CHECK (length(feature_id) = 16),
    action TEXT NOT NULL CHECK (length(action) <= 40),
    value TEXT NOT NULL CHECK (length(value) <= 10),
    scope TEXT NOT NULL CHECK (length(scope) <= 20),
    modifiable INTEGER NOT NULL CHECK (modifiable IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT user_level_feature_permissions_pkey PRIMARY KEY (id),
    CONSTRAINT user_level_feature_permissions_value_check CHECK (value IN ('allow', 'deny')),
    CONSTRAINT user_level_feature_permissions_scope_check CHECK (scope IN ('own', 'team', 'organization')),
    CONSTRAINT user_level_feature_permissions_user_level_fkey FOREIGN KEY (organization_id, user_level_id) REFERENCES user_levels (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT user_level_feature_permissions_feature_fkey FOREIGN KEY (feature_id) REFERENCES features (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX user_level_feature_permissions_level_feature_action ON user_level_feature_permissions (organization_id, user_level_id, feature_id, action);
CREATE INDEX user_level_feature_permissions_organization_order ON user_level_feature_permissions (organization_id, id);
CREATE INDEX user_level_feature_permissions_feature ON user_level_feature_permissions (feature_id);

-- The user levels a member has in an organization; they go with the membership.
CREATE TABLE user_user_levels (
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    user_level_id BLOB NOT NULL CHECK (length(user_level_id) = 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    CONSTRAINT user_user_levels_pkey PRIMARY KEY (organization_id, user_id, user_level_id),
    CONSTRAINT user_user_levels_user_fkey FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE,
    CONSTRAINT user_user_levels_user_level_fkey FOREIGN KEY (organization_id, user_level_id) REFERENCES user_levels (organization_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX user_user_levels_level ON user_user_levels (organization_id, user_level_id, user_id);

-- Which views a person may see, worked out at an access version. No row means that nobody has worked it out: ask.
CREATE TABLE effective_view_permissions (
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    view_id BLOB NOT NULL CHECK (length(view_id) = 16),
    value TEXT NOT NULL CHECK (length(value) <= 10),
    access_version INTEGER NOT NULL,
    platform_version INTEGER NOT NULL,
    computed_at TEXT NOT NULL CHECK (computed_at GLOB '*+00:00'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '*+00:00'),
    CONSTRAINT effective_view_permissions_pkey PRIMARY KEY (organization_id, user_id, view_id),
    CONSTRAINT effective_view_permissions_value_check CHECK (value IN ('allow', 'deny')),
    CONSTRAINT effective_view_permissions_user_fkey FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE,
    CONSTRAINT effective_view_permissions_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX effective_view_permissions_view ON effective_view_permissions (view_id);
CREATE INDEX effective_view_permissions_expires_at ON effective_view_permissions (expires_at);

-- Which actions a person may do, worked out at an access version. No row means that nobody has worked it out: ask.
CREATE TABLE effective_feature_permissions (
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    feature_id BLOB NOT NULL CHECK (length(feature_id) = 16),
    action TEXT NOT NULL CHECK (length(action) <= 40),
    value TEXT NOT NULL CHECK (length(value) <= 10),
    scope TEXT NOT NULL CHECK (length(scope) <= 20),
    access_version INTEGER NOT NULL,
    platform_version INTEGER NOT NULL,
    computed_at TEXT NOT NULL CHECK (computed_at GLOB '*+00:00'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '*+00:00'),
    CONSTRAINT effective_feature_permissions_pkey PRIMARY KEY (organization_id, user_id, feature_id, action),
    CONSTRAINT effective_feature_permissions_value_check CHECK (value IN ('allow', 'deny')),
    CONSTRAINT effective_feature_permissions_scope_check CHECK (scope IN ('own', 'team', 'organization')),
    CONSTRAINT effective_feature_permissions_user_fkey FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE,
    CONSTRAINT effective_feature_permissions_feature_fkey FOREIGN KEY (feature_id) REFERENCES features (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX effective_feature_permissions_feature ON effective_feature_permissions (feature_id);
CREATE INDEX effective_feature_permissions_expires_at ON effective_feature_permissions (expires_at);

-- Policy rules: one line `ptype, v0..v5` of Casbin each. The platform's are inherited by every organization.
CREATE TABLE casbin_rules (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    ptype TEXT NOT NULL CHECK (length(ptype) <= 10),
    v0 TEXT CHECK (length(v0) <= 256),
    v1 TEXT CHECK (length(v1) <= 256),
    v2 TEXT CHECK (length(v2) <= 2000),
    v3 TEXT CHECK (length(v3) <= 2000),
    v4 TEXT CHECK (length(v4) <= 2000),
    v5 TEXT CHECK (length(v5) <= 2000),
    priority INTEGER CHECK (priority BETWEEN -2147483648 AND 2147483647),
    not_before TEXT CHECK (not_before GLOB '*+00:00'),
    expires_at TEXT CHECK (expires_at GLOB '*+00:00'),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_by TEXT CHECK (length(created_by) <= 100),
    updated_by TEXT CHECK (length(updated_by) <= 100),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT casbin_rules_pkey PRIMARY KEY (id),
    CONSTRAINT casbin_rules_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX casbin_rules_organization_order ON casbin_rules (organization_id, id);
CREATE INDEX casbin_rules_ptype ON casbin_rules (organization_id, ptype, id);
CREATE INDEX casbin_rules_v0 ON casbin_rules (organization_id, v0, id);
CREATE INDEX casbin_rules_v1 ON casbin_rules (organization_id, v1, id);
CREATE INDEX casbin_rules_is_active ON casbin_rules (organization_id, is_active, id);

-- The Casbin model that an organization's rules are read by; without one, the default.
CREATE TABLE policy_models (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    text TEXT NOT NULL,
    created_by TEXT CHECK (length(created_by) <= 100),
    updated_by TEXT CHECK (length(updated_by) <= 100),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT policy_models_pkey PRIMARY KEY (id),
    CONSTRAINT policy_models_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX policy_models_organization ON policy_models (organization_id);

-- The subjects and resources that decisions and searches know, with their properties.
CREATE TABLE policy_entities (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    entity_type TEXT NOT NULL CHECK (length(entity_type) <= 100),
    entity_id TEXT NOT NULL CHECK (length(entity_id) <= 256),
    properties TEXT NOT NULL CHECK (json_valid(properties)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT policy_entities_pkey PRIMARY KEY (id),
    CONSTRAINT policy_entities_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX policy_entities_organization_entity ON policy_entities (organization_id, entity_type, entity_id);
CREATE INDEX policy_entities_organization_order ON policy_entities (organization_id, id);
CREATE INDEX policy_entities_type ON policy_entities (organization_id, entity_type, id);

-- What has changed at each access version, so that a node need not read everything again. Old ones are removed.
CREATE TABLE access_changes (
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    version INTEGER NOT NULL,
    ordinal INTEGER NOT NULL CHECK (ordinal BETWEEN -2147483648 AND 2147483647),
    table_name TEXT NOT NULL CHECK (length(table_name) <= 40),
    row_id BLOB CHECK (length(row_id) = 16),
    operation TEXT NOT NULL CHECK (length(operation) <= 10),
    changed_at TEXT NOT NULL CHECK (changed_at GLOB '*+00:00'),
    CONSTRAINT access_changes_pkey PRIMARY KEY (organization_id, version, ordinal),
    CONSTRAINT access_changes_operation_check CHECK (operation IN ('put', 'remove')),
    CONSTRAINT access_changes_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX access_changes_changed_at ON access_changes (changed_at, organization_id, version, ordinal);

-- Programs that call on behalf of an organization.
CREATE TABLE service_accounts (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    name TEXT NOT NULL CHECK (length(name) <= 255),
    description TEXT CHECK (length(description) <= 2000),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_by TEXT CHECK (length(created_by) <= 100),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT service_accounts_pkey PRIMARY KEY (id),
    CONSTRAINT service_accounts_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX service_accounts_organization_id ON service_accounts (organization_id, id);
CREATE UNIQUE INDEX service_accounts_organization_name ON service_accounts (organization_id, name);

-- Keys of service accounts. Only a hash of each is kept.
CREATE TABLE api_keys (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    service_account_id BLOB NOT NULL CHECK (length(service_account_id) = 16),
    prefix TEXT NOT NULL CHECK (length(prefix) <= 32),
    key_hash BLOB NOT NULL,
    scopes TEXT NOT NULL CHECK (json_valid(scopes)),
    replaces_id BLOB CHECK (length(replaces_id) = 16),
    expires_at TEXT CHECK (expires_at GLOB '*+00:00'),
    last_used_at TEXT CHECK (last_used_at GLOB '*+00:00'),
    revoked_at TEXT CHECK (revoked_at GLOB '*+00:00'),
    created_by TEXT CHECK (length(created_by) <= 100),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    CONSTRAINT api_keys_service_account_fkey FOREIGN KEY (organization_id, service_account_id) REFERENCES service_accounts (organization_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX api_keys_prefix ON api_keys (prefix);
CREATE INDEX api_keys_account ON api_keys (organization_id, service_account_id, id);

-- What was worked out and counts now: of the current access versions, and not expired. No row means: ask the server.
CREATE VIEW current_view_permissions AS
SELECT e.organization_id, e.user_id, e.view_id, e.value, e.access_version, e.platform_version, e.computed_at, e.expires_at
FROM effective_view_permissions e
WHERE e.expires_at > strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')
    AND e.access_version = coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = e.organization_id), 0)
    AND e.platform_version = coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = X'00000000000070008000000000000001'), 0);
CREATE VIEW current_feature_permissions AS
SELECT e.organization_id, e.user_id, e.feature_id, e.action, e.value, e.scope, e.access_version, e.platform_version, e.computed_at, e.expires_at
FROM effective_feature_permissions e
WHERE e.expires_at > strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')
    AND e.access_version = coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = e.organization_id), 0)
    AND e.platform_version = coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = X'00000000000070008000000000000001'), 0);
