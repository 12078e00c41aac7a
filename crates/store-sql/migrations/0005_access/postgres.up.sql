-- 0005_access: the product catalogue, user levels, menus, policy rules, service accounts, and what has changed of them.
-- It runs in one transaction, as keystead_owner, in the schema keystead. Once landed, it is never edited.

-- What a product shows: pages and parts of pages.
CREATE TABLE views (
    id uuid NOT NULL,
    key varchar(100) COLLATE "C" NOT NULL,
    name varchar(255) COLLATE "C" NOT NULL,
    description varchar(2000) COLLATE "C",
    path varchar(500) COLLATE "C",
    icon varchar(100) COLLATE "C",
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT views_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX views_key ON views (key);

-- What an organization has or has not: views and features that come together.
CREATE TABLE modules (
    id uuid NOT NULL,
    key varchar(100) COLLATE "C" NOT NULL,
    name varchar(255) COLLATE "C" NOT NULL,
    description varchar(2000) COLLATE "C",
    icon varchar(100) COLLATE "C",
    order_index integer NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT modules_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX modules_key ON modules (key);

-- What a product can do, on which actions are permitted.
CREATE TABLE features (
    id uuid NOT NULL,
    key varchar(100) COLLATE "C" NOT NULL,
    name varchar(255) COLLATE "C" NOT NULL,
    description varchar(2000) COLLATE "C",
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT features_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX features_key ON features (key);

-- In which views a feature is.
CREATE TABLE feature_views (
    feature_id uuid NOT NULL,
    view_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT feature_views_pkey PRIMARY KEY (feature_id, view_id),
    CONSTRAINT feature_views_feature_fkey FOREIGN KEY (feature_id) REFERENCES features (id) ON DELETE CASCADE,
    CONSTRAINT feature_views_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE CASCADE
);
CREATE INDEX feature_views_view ON feature_views (view_id);

-- Which views a module has.
CREATE TABLE module_views (
    module_id uuid NOT NULL,
    view_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT module_views_pkey PRIMARY KEY (module_id, view_id),
    CONSTRAINT module_views_module_fkey FOREIGN KEY (module_id) REFERENCES modules (id) ON DELETE CASCADE,
    CONSTRAINT module_views_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE CASCADE
);
CREATE INDEX module_views_view ON module_views (view_id);

-- Which features a module has.
CREATE TABLE module_features (
    module_id uuid NOT NULL,
    feature_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT module_features_pkey PRIMARY KEY (module_id, feature_id),
    CONSTRAINT module_features_module_fkey FOREIGN KEY (module_id) REFERENCES modules (id) ON DELETE CASCADE,
    CONSTRAINT module_features_feature_fkey FOREIGN KEY (feature_id) REFERENCES features (id) ON DELETE CASCADE
);
CREATE INDEX module_features_feature ON module_features (feature_id);

-- The first level of the product's menu.
CREATE TABLE menu_items (
    id uuid NOT NULL,
    key varchar(100) COLLATE "C" NOT NULL,
    name varchar(255) COLLATE "C" NOT NULL,
    description varchar(2000) COLLATE "C",
    path varchar(500) COLLATE "C",
    icon varchar(100) COLLATE "C",
    view_id uuid,
    order_index integer NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT menu_items_pkey PRIMARY KEY (id),
    CONSTRAINT menu_items_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX menu_items_key ON menu_items (key);
CREATE INDEX menu_items_order ON menu_items (order_index, id);
CREATE INDEX menu_items_view ON menu_items (view_id);

-- The second level of the product's menu.
CREATE TABLE sub_menu_items (
    id uuid NOT NULL,
    menu_item_id uuid NOT NULL,
    key varchar(100) COLLATE "C" NOT NULL,
    name varchar(255) COLLATE "C" NOT NULL,
    description varchar(2000) COLLATE "C",
    path varchar(500) COLLATE "C",
    icon varchar(100) COLLATE "C",
    view_id uuid,
    order_index integer NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT sub_menu_items_pkey PRIMARY KEY (id),
    CONSTRAINT sub_menu_items_menu_item_fkey FOREIGN KEY (menu_item_id) REFERENCES menu_items (id) ON DELETE CASCADE,
    CONSTRAINT sub_menu_items_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX sub_menu_items_key ON sub_menu_items (key);
CREATE INDEX sub_menu_items_order ON sub_menu_items (menu_item_id, order_index, id);
CREATE INDEX sub_menu_items_view ON sub_menu_items (view_id);

-- A person's recent views, so many at most; colleagues do not see them.
CREATE TABLE nav_trail (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    view_id uuid NOT NULL,
    visited_at timestamptz NOT NULL,
    CONSTRAINT nav_trail_pkey PRIMARY KEY (id),
    CONSTRAINT nav_trail_user_fkey FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE,
    CONSTRAINT nav_trail_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE CASCADE
);
CREATE INDEX nav_trail_recent ON nav_trail (organization_id, user_id, visited_at, id);
CREATE INDEX nav_trail_view ON nav_trail (view_id);

-- Which modules an organization has.
CREATE TABLE organization_modules (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    module_id uuid NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT organization_modules_pkey PRIMARY KEY (id),
    CONSTRAINT organization_modules_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT,
    CONSTRAINT organization_modules_module_fkey FOREIGN KEY (module_id) REFERENCES modules (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX organization_modules_organization_module ON organization_modules (organization_id, module_id);
CREATE INDEX organization_modules_organization_order ON organization_modules (organization_id, id);
CREATE INDEX organization_modules_module ON organization_modules (module_id);

-- Named bundles of view and feature permissions inside an organization.
CREATE TABLE user_levels (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    name varchar(255) COLLATE "C" NOT NULL,
    description varchar(2000) COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT user_levels_pkey PRIMARY KEY (id),
    CONSTRAINT user_levels_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX user_levels_organization_id ON user_levels (organization_id, id);
CREATE UNIQUE INDEX user_levels_organization_name ON user_levels (organization_id, name);

-- Which views a user level opens or closes.
CREATE TABLE user_level_view_permissions (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    user_level_id uuid NOT NULL,
    view_id uuid NOT NULL,
    value varchar(10) COLLATE "C" NOT NULL,
    modifiable boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT user_level_view_permissions_pkey PRIMARY KEY (id),
    CONSTRAINT user_level_view_permissions_value_check CHECK (value IN ('allow', 'deny')),
    CONSTRAINT user_level_view_permissions_user_level_fkey FOREIGN KEY (organization_id, user_level_id) REFERENCES user_levels (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT user_level_view_permissions_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX user_level_view_permissions_level_view ON user_level_view_permissions (organization_id, user_level_id, view_id);
CREATE INDEX user_level_view_permissions_organization_order ON user_level_view_permissions (organization_id, id);
CREATE INDEX user_level_view_permissions_view ON user_level_view_permissions (view_id);

-- Which actions on features a user level allows or denies, and on whose resources.
CREATE TABLE user_level_feature_permissions (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    user_level_id uuid NOT NULL,
    feature_id uuid NOT NULL,
    action varchar(40) COLLATE "C" NOT NULL,
    value varchar(10) COLLATE "C" NOT NULL,
    scope varchar(20) COLLATE "C" NOT NULL,
    modifiable boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT user_level_feature_permissions_pkey PRIMARY KEY (id),
    CONSTRAINT user_level_feature_permissions_value_check CHECK (value IN ('allow', 'deny')),
    CONSTRAINT user_level_feature_permissions_scope_check CHECK (scope IN ('own', 'team', 'organization')),
    CONSTRAINT user_level_feature_permissions_user_level_fkey FOREIGN KEY (organization_id, user_level_id) REFERENCES user_levels (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT user_level_feature_permissions_feature_fkey FOREIGN KEY (feature_id) REFERENCES features (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX user_level_feature_permissions_level_feature_action ON user_level_feature_permissions (organization_id, user_level_id, feature_id, action);
CREATE INDEX user_level_feature_permissions_organization_order ON user_level_feature_permissions (organization_id, id);
CREATE INDEX user_level_feature_permissions_feature ON user_level_feature_permissions (feature_id);

-- The user levels a member has in an organization; they go with the membership.
CREATE TABLE user_user_levels (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_level_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT user_user_levels_pkey PRIMARY KEY (organization_id, user_id, user_level_id),
    CONSTRAINT user_user_levels_user_fkey FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE,
    CONSTRAINT user_user_levels_user_level_fkey FOREIGN KEY (organization_id, user_level_id) REFERENCES user_levels (organization_id, id) ON DELETE RESTRICT
);
CREATE INDEX user_user_levels_level ON user_user_levels (organization_id, user_level_id, user_id);

-- Which views a person may see, worked out at an access version. No row means that nobody has worked it out: ask.
CREATE TABLE effective_view_permissions (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    view_id uuid NOT NULL,
    value varchar(10) COLLATE "C" NOT NULL,
    access_version bigint NOT NULL,
    platform_version bigint NOT NULL,
    computed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT effective_view_permissions_pkey PRIMARY KEY (organization_id, user_id, view_id),
    CONSTRAINT effective_view_permissions_value_check CHECK (value IN ('allow', 'deny')),
    CONSTRAINT effective_view_permissions_user_fkey FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE,
    CONSTRAINT effective_view_permissions_view_fkey FOREIGN KEY (view_id) REFERENCES views (id) ON DELETE CASCADE
);
CREATE INDEX effective_view_permissions_view ON effective_view_permissions (view_id);
CREATE INDEX effective_view_permissions_expires_at ON effective_view_permissions (expires_at);

-- Which actions a person may do, worked out at an access version. No row means that nobody has worked it out: ask.
CREATE TABLE effective_feature_permissions (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    feature_id uuid NOT NULL,
    action varchar(40) COLLATE "C" NOT NULL,
    value varchar(10) COLLATE "C" NOT NULL,
    scope varchar(20) COLLATE "C" NOT NULL,
    access_version bigint NOT NULL,
    platform_version bigint NOT NULL,
    computed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT effective_feature_permissions_pkey PRIMARY KEY (organization_id, user_id, feature_id, action),
    CONSTRAINT effective_feature_permissions_value_check CHECK (value IN ('allow', 'deny')),
    CONSTRAINT effective_feature_permissions_scope_check CHECK (scope IN ('own', 'team', 'organization')),
    CONSTRAINT effective_feature_permissions_user_fkey FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE,
    CONSTRAINT effective_feature_permissions_feature_fkey FOREIGN KEY (feature_id) REFERENCES features (id) ON DELETE CASCADE
);
CREATE INDEX effective_feature_permissions_feature ON effective_feature_permissions (feature_id);
CREATE INDEX effective_feature_permissions_expires_at ON effective_feature_permissions (expires_at);

-- Policy rules: one line `ptype, v0..v5` of Casbin each. The platform's are inherited by every organization.
CREATE TABLE casbin_rules (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    ptype varchar(10) COLLATE "C" NOT NULL,
    v0 varchar(256) COLLATE "C",
    v1 varchar(256) COLLATE "C",
    v2 varchar(2000) COLLATE "C",
    v3 varchar(2000) COLLATE "C",
    v4 varchar(2000) COLLATE "C",
    v5 varchar(2000) COLLATE "C",
    priority integer,
    not_before timestamptz,
    expires_at timestamptz,
    is_active boolean NOT NULL,
    created_by varchar(100) COLLATE "C",
    updated_by varchar(100) COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT casbin_rules_pkey PRIMARY KEY (id),
    CONSTRAINT casbin_rules_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE INDEX casbin_rules_organization_order ON casbin_rules (organization_id, id);
CREATE INDEX casbin_rules_ptype ON casbin_rules (organization_id, ptype, id);
CREATE INDEX casbin_rules_v0 ON casbin_rules (organization_id, v0, id);
CREATE INDEX casbin_rules_v1 ON casbin_rules (organization_id, v1, id);
CREATE INDEX casbin_rules_is_active ON casbin_rules (organization_id, is_active, id);

-- The Casbin model that an organization's rules are read by; without one, the default.
CREATE TABLE policy_models (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    text text COLLATE "C" NOT NULL,
    created_by varchar(100) COLLATE "C",
    updated_by varchar(100) COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT policy_models_pkey PRIMARY KEY (id),
    CONSTRAINT policy_models_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX policy_models_organization ON policy_models (organization_id);

-- The subjects and resources that decisions and searches know, with their properties.
CREATE TABLE policy_entities (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    entity_type varchar(100) COLLATE "C" NOT NULL,
    entity_id varchar(256) COLLATE "C" NOT NULL,
    properties jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT policy_entities_pkey PRIMARY KEY (id),
    CONSTRAINT policy_entities_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX policy_entities_organization_entity ON policy_entities (organization_id, entity_type, entity_id);
CREATE INDEX policy_entities_organization_order ON policy_entities (organization_id, id);
CREATE INDEX policy_entities_type ON policy_entities (organization_id, entity_type, id);

-- What has changed at each access version, so that a node need not read everything again. Old ones are removed.
CREATE TABLE access_changes (
    organization_id uuid NOT NULL,
    version bigint NOT NULL,
    ordinal integer NOT NULL,
    table_name varchar(40) COLLATE "C" NOT NULL,
    row_id uuid,
    operation varchar(10) COLLATE "C" NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT access_changes_pkey PRIMARY KEY (organization_id, version, ordinal),
    CONSTRAINT access_changes_operation_check CHECK (operation IN ('put', 'remove')),
    CONSTRAINT access_changes_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE INDEX access_changes_changed_at ON access_changes (changed_at, organization_id, version, ordinal);

-- Programs that call on behalf of an organization.
CREATE TABLE service_accounts (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    name varchar(255) COLLATE "C" NOT NULL,
    description varchar(2000) COLLATE "C",
    is_active boolean NOT NULL,
    created_by varchar(100) COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT service_accounts_pkey PRIMARY KEY (id),
    CONSTRAINT service_accounts_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX service_accounts_organization_id ON service_accounts (organization_id, id);
CREATE UNIQUE INDEX service_accounts_organization_name ON service_accounts (organization_id, name);

-- Keys of service accounts. Only a hash of each is kept.
CREATE TABLE api_keys (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    service_account_id uuid NOT NULL,
    prefix varchar(32) COLLATE "C" NOT NULL,
    key_hash bytea NOT NULL,
    scopes jsonb NOT NULL,
    replaces_id uuid,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    created_by varchar(100) COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    CONSTRAINT api_keys_service_account_fkey FOREIGN KEY (organization_id, service_account_id) REFERENCES service_accounts (organization_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX api_keys_prefix ON api_keys (prefix);
CREATE INDEX api_keys_account ON api_keys (organization_id, service_account_id, id);

-- Who may see and write which rows. A transaction names its organization and its person; an unset one sees nothing.

ALTER TABLE views ENABLE ROW LEVEL SECURITY;
ALTER TABLE views FORCE ROW LEVEL SECURITY;
GRANT SELECT ON views TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON views TO keystead_app;
CREATE POLICY views_owner ON views TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY views_backup ON views FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY views_select ON views FOR SELECT TO keystead_app
    USING (true);
CREATE POLICY views_insert ON views FOR INSERT TO keystead_app
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY views_update ON views FOR UPDATE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid)
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY views_delete ON views FOR DELETE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);

ALTER TABLE modules ENABLE ROW LEVEL SECURITY;
ALTER TABLE modules FORCE ROW LEVEL SECURITY;
GRANT SELECT ON modules TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON modules TO keystead_app;
CREATE POLICY modules_owner ON modules TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY modules_backup ON modules FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY modules_select ON modules FOR SELECT TO keystead_app
    USING (true);
CREATE POLICY modules_insert ON modules FOR INSERT TO keystead_app
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY modules_update ON modules FOR UPDATE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid)
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY modules_delete ON modules FOR DELETE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);

ALTER TABLE features ENABLE ROW LEVEL SECURITY;
ALTER TABLE features FORCE ROW LEVEL SECURITY;
GRANT SELECT ON features TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON features TO keystead_app;
CREATE POLICY features_owner ON features TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY features_backup ON features FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY features_select ON features FOR SELECT TO keystead_app
    USING (true);
CREATE POLICY features_insert ON features FOR INSERT TO keystead_app
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY features_update ON features FOR UPDATE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid)
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY features_delete ON features FOR DELETE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);

ALTER TABLE feature_views ENABLE ROW LEVEL SECURITY;
ALTER TABLE feature_views FORCE ROW LEVEL SECURITY;
GRANT SELECT ON feature_views TO keystead_backup;
GRANT SELECT, INSERT, DELETE ON feature_views TO keystead_app;
CREATE POLICY feature_views_owner ON feature_views TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY feature_views_backup ON feature_views FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY feature_views_select ON feature_views FOR SELECT TO keystead_app
    USING (true);
CREATE POLICY feature_views_insert ON feature_views FOR INSERT TO keystead_app
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY feature_views_delete ON feature_views FOR DELETE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);

ALTER TABLE module_views ENABLE ROW LEVEL SECURITY;
ALTER TABLE module_views FORCE ROW LEVEL SECURITY;
GRANT SELECT ON module_views TO keystead_backup;
GRANT SELECT, INSERT, DELETE ON module_views TO keystead_app;
CREATE POLICY module_views_owner ON module_views TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY module_views_backup ON module_views FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY module_views_select ON module_views FOR SELECT TO keystead_app
    USING (true);
CREATE POLICY module_views_insert ON module_views FOR INSERT TO keystead_app
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY module_views_delete ON module_views FOR DELETE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);

ALTER TABLE module_features ENABLE ROW LEVEL SECURITY;
ALTER TABLE module_features FORCE ROW LEVEL SECURITY;
GRANT SELECT ON module_features TO keystead_backup;
GRANT SELECT, INSERT, DELETE ON module_features TO keystead_app;
CREATE POLICY module_features_owner ON module_features TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY module_features_backup ON module_features FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY module_features_select ON module_features FOR SELECT TO keystead_app
    USING (true);
CREATE POLICY module_features_insert ON module_features FOR INSERT TO keystead_app
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY module_features_delete ON module_features FOR DELETE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);

ALTER TABLE menu_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE menu_items FORCE ROW LEVEL SECURITY;
GRANT SELECT ON menu_items TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON menu_items TO keystead_app;
CREATE POLICY menu_items_owner ON menu_items TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY menu_items_backup ON menu_items FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY menu_items_select ON menu_items FOR SELECT TO keystead_app
    USING (true);
CREATE POLICY menu_items_insert ON menu_items FOR INSERT TO keystead_app
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY menu_items_update ON menu_items FOR UPDATE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid)
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY menu_items_delete ON menu_items FOR DELETE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);

ALTER TABLE sub_menu_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE sub_menu_items FORCE ROW LEVEL SECURITY;
GRANT SELECT ON sub_menu_items TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON sub_menu_items TO keystead_app;
CREATE POLICY sub_menu_items_owner ON sub_menu_items TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY sub_menu_items_backup ON sub_menu_items FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY sub_menu_items_select ON sub_menu_items FOR SELECT TO keystead_app
    USING (true);
CREATE POLICY sub_menu_items_insert ON sub_menu_items FOR INSERT TO keystead_app
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY sub_menu_items_update ON sub_menu_items FOR UPDATE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid)
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY sub_menu_items_delete ON sub_menu_items FOR DELETE TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);

ALTER TABLE nav_trail ENABLE ROW LEVEL SECURITY;
ALTER TABLE nav_trail FORCE ROW LEVEL SECURITY;
GRANT SELECT ON nav_trail TO keystead_backup;
GRANT SELECT, INSERT, DELETE ON nav_trail TO keystead_app;
CREATE POLICY nav_trail_owner ON nav_trail TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY nav_trail_backup ON nav_trail FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY nav_trail_select ON nav_trail FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) AND user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY nav_trail_insert ON nav_trail FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) AND user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY nav_trail_delete ON nav_trail FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) AND user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));

ALTER TABLE organization_modules ENABLE ROW LEVEL SECURITY;
ALTER TABLE organization_modules FORCE ROW LEVEL SECURITY;
GRANT SELECT ON organization_modules TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON organization_modules TO keystead_app;
CREATE POLICY organization_modules_owner ON organization_modules TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY organization_modules_backup ON organization_modules FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY organization_modules_select ON organization_modules FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY organization_modules_insert ON organization_modules FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY organization_modules_update ON organization_modules FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY organization_modules_delete ON organization_modules FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE user_levels ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_levels FORCE ROW LEVEL SECURITY;
GRANT SELECT ON user_levels TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON user_levels TO keystead_app;
CREATE POLICY user_levels_owner ON user_levels TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY user_levels_backup ON user_levels FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY user_levels_select ON user_levels FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_levels_insert ON user_levels FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_levels_update ON user_levels FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_levels_delete ON user_levels FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE user_level_view_permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_level_view_permissions FORCE ROW LEVEL SECURITY;
GRANT SELECT ON user_level_view_permissions TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON user_level_view_permissions TO keystead_app;
CREATE POLICY user_level_view_permissions_owner ON user_level_view_permissions TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY user_level_view_permissions_backup ON user_level_view_permissions FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY user_level_view_permissions_select ON user_level_view_permissions FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_level_view_permissions_insert ON user_level_view_permissions FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_level_view_permissions_update ON user_level_view_permissions FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_level_view_permissions_delete ON user_level_view_permissions FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE user_level_feature_permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_level_feature_permissions FORCE ROW LEVEL SECURITY;
GRANT SELECT ON user_level_feature_permissions TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON user_level_feature_permissions TO keystead_app;
CREATE POLICY user_level_feature_permissions_owner ON user_level_feature_permissions TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY user_level_feature_permissions_backup ON user_level_feature_permissions FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY user_level_feature_permissions_select ON user_level_feature_permissions FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_level_feature_permissions_insert ON user_level_feature_permissions FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_level_feature_permissions_update ON user_level_feature_permissions FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_level_feature_permissions_delete ON user_level_feature_permissions FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE user_user_levels ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_user_levels FORCE ROW LEVEL SECURITY;
GRANT SELECT ON user_user_levels TO keystead_backup;
GRANT SELECT, INSERT, DELETE ON user_user_levels TO keystead_app;
CREATE POLICY user_user_levels_owner ON user_user_levels TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY user_user_levels_backup ON user_user_levels FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY user_user_levels_select ON user_user_levels FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_user_levels_insert ON user_user_levels FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_user_levels_delete ON user_user_levels FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE effective_view_permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE effective_view_permissions FORCE ROW LEVEL SECURITY;
GRANT SELECT ON effective_view_permissions TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON effective_view_permissions TO keystead_app;
CREATE POLICY effective_view_permissions_owner ON effective_view_permissions TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY effective_view_permissions_backup ON effective_view_permissions FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY effective_view_permissions_select ON effective_view_permissions FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY effective_view_permissions_insert ON effective_view_permissions FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY effective_view_permissions_update ON effective_view_permissions FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY effective_view_permissions_delete ON effective_view_permissions FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE effective_feature_permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE effective_feature_permissions FORCE ROW LEVEL SECURITY;
GRANT SELECT ON effective_feature_permissions TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON effective_feature_permissions TO keystead_app;
CREATE POLICY effective_feature_permissions_owner ON effective_feature_permissions TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY effective_feature_permissions_backup ON effective_feature_permissions FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY effective_feature_permissions_select ON effective_feature_permissions FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY effective_feature_permissions_insert ON effective_feature_permissions FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY effective_feature_permissions_update ON effective_feature_permissions FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY effective_feature_permissions_delete ON effective_feature_permissions FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE casbin_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE casbin_rules FORCE ROW LEVEL SECURITY;
GRANT SELECT ON casbin_rules TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON casbin_rules TO keystead_app;
CREATE POLICY casbin_rules_owner ON casbin_rules TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY casbin_rules_backup ON casbin_rules FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY casbin_rules_select ON casbin_rules FOR SELECT TO keystead_app
    USING (CASE WHEN organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) THEN true WHEN (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) IS NOT NULL THEN organization_id = '00000000-0000-7000-8000-000000000001'::uuid ELSE false END);
CREATE POLICY casbin_rules_insert ON casbin_rules FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY casbin_rules_update ON casbin_rules FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY casbin_rules_delete ON casbin_rules FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE policy_models ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy_models FORCE ROW LEVEL SECURITY;
GRANT SELECT ON policy_models TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON policy_models TO keystead_app;
CREATE POLICY policy_models_owner ON policy_models TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY policy_models_backup ON policy_models FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY policy_models_select ON policy_models FOR SELECT TO keystead_app
    USING (CASE WHEN organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) THEN true WHEN (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) IS NOT NULL THEN organization_id = '00000000-0000-7000-8000-000000000001'::uuid ELSE false END);
CREATE POLICY policy_models_insert ON policy_models FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY policy_models_update ON policy_models FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY policy_models_delete ON policy_models FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE policy_entities ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy_entities FORCE ROW LEVEL SECURITY;
GRANT SELECT ON policy_entities TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON policy_entities TO keystead_app;
CREATE POLICY policy_entities_owner ON policy_entities TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY policy_entities_backup ON policy_entities FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY policy_entities_select ON policy_entities FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY policy_entities_insert ON policy_entities FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY policy_entities_update ON policy_entities FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY policy_entities_delete ON policy_entities FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE access_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_changes FORCE ROW LEVEL SECURITY;
GRANT SELECT ON access_changes TO keystead_backup;
GRANT SELECT, INSERT ON access_changes TO keystead_app;
CREATE POLICY access_changes_owner ON access_changes TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY access_changes_backup ON access_changes FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY access_changes_select ON access_changes FOR SELECT TO keystead_app
    USING (CASE WHEN organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) THEN true WHEN (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) IS NOT NULL THEN organization_id = '00000000-0000-7000-8000-000000000001'::uuid ELSE false END);
CREATE POLICY access_changes_insert ON access_changes FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE service_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_accounts FORCE ROW LEVEL SECURITY;
GRANT SELECT ON service_accounts TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON service_accounts TO keystead_app;
CREATE POLICY service_accounts_owner ON service_accounts TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY service_accounts_backup ON service_accounts FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY service_accounts_select ON service_accounts FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY service_accounts_insert ON service_accounts FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY service_accounts_update ON service_accounts FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY service_accounts_delete ON service_accounts FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
GRANT SELECT ON api_keys TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON api_keys TO keystead_app;
CREATE POLICY api_keys_owner ON api_keys TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY api_keys_backup ON api_keys FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY api_keys_select ON api_keys FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY api_keys_insert ON api_keys FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY api_keys_update ON api_keys FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY api_keys_delete ON api_keys FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

-- What was worked out and counts now: of the current access versions, and not expired. No row means: ask the server.
CREATE VIEW current_view_permissions WITH (security_invoker = true) AS
SELECT e.organization_id, e.user_id, e.view_id, e.value, e.access_version, e.platform_version, e.computed_at, e.expires_at
FROM effective_view_permissions e
WHERE e.expires_at > now()
    AND e.access_version = coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = e.organization_id), 0)
    AND e.platform_version = coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = '00000000-0000-7000-8000-000000000001'), 0);
CREATE VIEW current_feature_permissions WITH (security_invoker = true) AS
SELECT e.organization_id, e.user_id, e.feature_id, e.action, e.value, e.scope, e.access_version, e.platform_version, e.computed_at, e.expires_at
FROM effective_feature_permissions e
WHERE e.expires_at > now()
    AND e.access_version = coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = e.organization_id), 0)
    AND e.platform_version = coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = '00000000-0000-7000-8000-000000000001'), 0);
GRANT SELECT ON current_view_permissions, current_feature_permissions TO keystead_app, keystead_backup;

-- What a key opens, before anyone is signed in. No row unless the hash is that of the key with the prefix, the key is live, and
-- its account and organization are active.
CREATE FUNCTION find_api_key(p_prefix text, p_key_hash bytea, p_now timestamptz)
RETURNS TABLE (
    id uuid, organization_id uuid, service_account_id uuid, name varchar, scopes jsonb, expires_at timestamptz,
    last_used_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
    SELECT k.id, k.organization_id, k.service_account_id, a.name, k.scopes, k.expires_at, k.last_used_at
    FROM api_keys k
    JOIN service_accounts a ON a.organization_id = k.organization_id AND a.id = k.service_account_id AND a.is_active
    JOIN organizations o ON o.id = k.organization_id AND o.status = 'active'
    WHERE k.prefix = p_prefix AND k.key_hash = p_key_hash AND k.revoked_at IS NULL
        AND (k.expires_at IS NULL OR k.expires_at > p_now)
$function$;

-- Writes the last use of many keys. Times never move backwards.
CREATE FUNCTION record_api_key_use(p_uses jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
    WITH used AS (
        SELECT u.id, max(u.at) AS at FROM jsonb_to_recordset(p_uses) AS u (id uuid, at timestamptz) GROUP BY u.id
    ), locked AS (
        -- In one order, so that two nodes that write the same keys never wait for each other.
        SELECT k.id FROM api_keys k WHERE k.id = ANY (ARRAY(SELECT used.id FROM used))
        ORDER BY k.id FOR NO KEY UPDATE OF k
    )
    UPDATE api_keys k SET last_used_at = used.at
    FROM locked JOIN used ON used.id = locked.id
    WHERE k.id = locked.id AND (k.last_used_at IS NULL OR k.last_used_at < used.at)
$function$;

-- The access versions of the organizations that a node keeps in memory: numbers, and nothing else about them.
CREATE FUNCTION access_versions_of(p_organizations jsonb) RETURNS TABLE (organization_id uuid, version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
    SELECT v.organization_id, v.version FROM access_versions v
    WHERE v.organization_id = ANY (ARRAY(SELECT o.id::uuid FROM jsonb_array_elements_text(p_organizations) AS o (id)))
$function$;

-- Deletes at most so many rows of each kind that no longer count, the oldest first: the order keeps the scan on the index.
CREATE FUNCTION delete_expired_access(p_now timestamptz, p_changes_before timestamptz, p_batch integer)
RETURNS TABLE (effective_views bigint, effective_features bigint, changes bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
BEGIN
    DELETE FROM effective_view_permissions t WHERE t.ctid = ANY (ARRAY(
        SELECT x.ctid FROM effective_view_permissions x WHERE x.expires_at < p_now ORDER BY x.expires_at LIMIT p_batch));
    GET DIAGNOSTICS effective_views = ROW_COUNT;
    DELETE FROM effective_feature_permissions t WHERE t.ctid = ANY (ARRAY(
        SELECT x.ctid FROM effective_feature_permissions x WHERE x.expires_at < p_now ORDER BY x.expires_at LIMIT p_batch));
    GET DIAGNOSTICS effective_features = ROW_COUNT;
    DELETE FROM access_changes t WHERE t.ctid = ANY (ARRAY(
        SELECT x.ctid FROM access_changes x WHERE x.changed_at < p_changes_before ORDER BY x.changed_at, x.organization_id, x.version, x.ordinal LIMIT p_batch));
    GET DIAGNOSTICS changes = ROW_COUNT;
    RETURN NEXT;
END
$function$;

DO $grants$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN
        SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'keystead'::regnamespace AND p.proname IN (
            'find_api_key', 'record_api_key_use', 'access_versions_of', 'delete_expired_access')
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO keystead_app', f);
    END LOOP;
END
$grants$;
