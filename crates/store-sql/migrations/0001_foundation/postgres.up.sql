-- 0001_foundation: the tables of accounts, organizations, access, sessions, keys, audit and jobs.
-- It runs in one transaction, as keystead_owner, in the schema keystead.

-- The unit of isolation. Its own identifier takes the place of organization_id.
CREATE TABLE organizations (
    id uuid NOT NULL,
    name varchar(255) COLLATE "C" NOT NULL,
    kind varchar(20) COLLATE "C" NOT NULL,
    isolation varchar(20) COLLATE "C" NOT NULL,
    status varchar(20) COLLATE "C" NOT NULL,
    metadata jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT organizations_pkey PRIMARY KEY (id),
    CONSTRAINT organizations_kind_check CHECK (kind IN ('platform', 'personal', 'shared')),
    CONSTRAINT organizations_isolation_check CHECK (isolation IN ('shared', 'schema')),
    CONSTRAINT organizations_status_check CHECK (status IN ('active', 'archived'))
);
CREATE INDEX organizations_status ON organizations (status, id);

-- A person's account. Its own identifier takes the place of user_id.
CREATE TABLE users (
    id uuid NOT NULL,
    username varchar(50) COLLATE "C" NOT NULL,
    username_key varchar(50) COLLATE "C" NOT NULL,
    email varchar(254) COLLATE "C" NOT NULL,
    email_key varchar(254) COLLATE "C" NOT NULL,
    password_hash varchar(512) COLLATE "C" NOT NULL,
    status varchar(20) COLLATE "C" NOT NULL,
    tier varchar(20) COLLATE "C" NOT NULL,
    first_name varchar(255) COLLATE "C",
    last_name varchar(255) COLLATE "C",
    must_change_password boolean NOT NULL,
    failed_login_attempts integer NOT NULL,
    locked_until timestamptz,
    last_login_at timestamptz,
    password_changed_at timestamptz NOT NULL,
    email_verified_at timestamptz,
    profile_data jsonb NOT NULL,
    preferences jsonb NOT NULL,
    metadata jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_status_check CHECK (status IN ('pending', 'active', 'disabled'))
);
CREATE UNIQUE INDEX users_username_key ON users (username_key);
CREATE UNIQUE INDEX users_email_key ON users (email_key);
CREATE INDEX users_status ON users (status, id);
CREATE INDEX users_tier ON users (tier, id);
CREATE INDEX users_created_at ON users (created_at);
CREATE INDEX users_preferences ON users USING gin (preferences);

-- Failed sign-ins per account and network, and the networks an account is known from.
CREATE TABLE sign_in_attempts (
    account_key varchar(100) COLLATE "C" NOT NULL,
    network_hash bytea NOT NULL,
    failed_attempts integer NOT NULL,
    last_failed_at timestamptz,
    locked_until timestamptz,
    last_success_at timestamptz,
    expires_at timestamptz NOT NULL,
    CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (account_key, network_hash)
);
CREATE INDEX sign_in_attempts_expires_at ON sign_in_attempts (expires_at);

-- A person's place in an organization; a person may belong to several.
CREATE TABLE memberships (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    status varchar(20) COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT memberships_pkey PRIMARY KEY (id),
    CONSTRAINT memberships_status_check CHECK (status IN ('active', 'suspended')),
    CONSTRAINT memberships_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT,
    CONSTRAINT memberships_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX memberships_organization_user ON memberships (organization_id, user_id);
CREATE INDEX memberships_organization_order ON memberships (organization_id, id);
CREATE INDEX memberships_user ON memberships (user_id, organization_id);

-- Named sets of permissions. The platform's are inherited by every organization.
CREATE TABLE roles (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    name varchar(50) COLLATE "C" NOT NULL,
    description varchar(2000) COLLATE "C",
    is_builtin boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT roles_pkey PRIMARY KEY (id),
    CONSTRAINT roles_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX roles_organization_id ON roles (organization_id, id);
CREATE UNIQUE INDEX roles_organization_name ON roles (organization_id, name);

-- What can be permitted: resource:action:scope.
CREATE TABLE permissions (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    resource varchar(40) COLLATE "C" NOT NULL,
    action varchar(40) COLLATE "C" NOT NULL,
    scope varchar(20) COLLATE "C" NOT NULL,
    description varchar(2000) COLLATE "C",
    created_at timestamptz NOT NULL,
    CONSTRAINT permissions_pkey PRIMARY KEY (id),
    CONSTRAINT permissions_scope_check CHECK (scope IN ('own', 'organization', 'any')),
    CONSTRAINT permissions_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX permissions_organization_id ON permissions (organization_id, id);
CREATE UNIQUE INDEX permissions_organization_name ON permissions (organization_id, resource, action, scope);

-- What a role permits.
CREATE TABLE role_permissions (
    organization_id uuid NOT NULL,
    role_id uuid NOT NULL,
    permission_organization_id uuid NOT NULL,
    permission_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT role_permissions_pkey PRIMARY KEY (organization_id, role_id, permission_id),
    CONSTRAINT role_permissions_permission_check CHECK (permission_organization_id = organization_id OR permission_organization_id = '00000000-0000-7000-8000-000000000001'::uuid),
    CONSTRAINT role_permissions_role_fkey FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT role_permissions_permission_fkey FOREIGN KEY (permission_organization_id, permission_id) REFERENCES permissions (organization_id, id) ON DELETE RESTRICT
);
CREATE INDEX role_permissions_permission ON role_permissions (permission_organization_id, permission_id);

-- The roles a member holds in an organization; they go with the membership.
CREATE TABLE user_roles (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role_organization_id uuid NOT NULL,
    role_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT user_roles_pkey PRIMARY KEY (organization_id, user_id, role_id),
    CONSTRAINT user_roles_role_check CHECK (role_organization_id = organization_id OR role_organization_id = '00000000-0000-7000-8000-000000000001'::uuid),
    CONSTRAINT user_roles_user_fkey FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE,
    CONSTRAINT user_roles_role_fkey FOREIGN KEY (role_organization_id, role_id) REFERENCES roles (organization_id, id) ON DELETE RESTRICT
);
CREATE INDEX user_roles_role ON user_roles (role_organization_id, role_id, organization_id);

-- How often an organization's rules have changed: raised under lock in the changing transaction.
CREATE TABLE access_versions (
    organization_id uuid NOT NULL,
    version bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT access_versions_pkey PRIMARY KEY (organization_id),
    CONSTRAINT access_versions_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);

-- Invitations into an organization.
CREATE TABLE invitations (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    email varchar(254) COLLATE "C" NOT NULL,
    email_key varchar(254) COLLATE "C" NOT NULL,
    role_id uuid NOT NULL,
    role_organization_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    status varchar(20) COLLATE "C" NOT NULL,
    invited_by uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    answered_at timestamptz,
    accepted_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT invitations_pkey PRIMARY KEY (id),
    CONSTRAINT invitations_status_check CHECK (status IN ('pending', 'accepted', 'declined', 'revoked')),
    CONSTRAINT invitations_role_check CHECK (role_organization_id = organization_id OR role_organization_id = '00000000-0000-7000-8000-000000000001'::uuid),
    CONSTRAINT invitations_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT,
    CONSTRAINT invitations_role_fkey FOREIGN KEY (role_organization_id, role_id) REFERENCES roles (organization_id, id) ON DELETE RESTRICT,
    CONSTRAINT invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT invitations_accepted_by_fkey FOREIGN KEY (accepted_by) REFERENCES users (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX invitations_token_hash ON invitations (token_hash);
CREATE INDEX invitations_organization_order ON invitations (organization_id, id);
CREATE INDEX invitations_email_key ON invitations (organization_id, email_key);
CREATE INDEX invitations_role ON invitations (role_organization_id, role_id);
CREATE INDEX invitations_invited_by ON invitations (invited_by);
CREATE INDEX invitations_accepted_by ON invitations (accepted_by);
CREATE INDEX invitations_expires_at ON invitations (expires_at);

-- Teams inside an organization.
CREATE TABLE teams (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    name varchar(255) COLLATE "C" NOT NULL,
    description varchar(2000) COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT teams_pkey PRIMARY KEY (id),
    CONSTRAINT teams_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX teams_organization_id ON teams (organization_id, id);
CREATE UNIQUE INDEX teams_organization_name ON teams (organization_id, name);

-- Who is in a team; they are members of its organization, and leave the team when they leave that.
CREATE TABLE team_members (
    organization_id uuid NOT NULL,
    team_id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT team_members_pkey PRIMARY KEY (organization_id, team_id, user_id),
    CONSTRAINT team_members_team_fkey FOREIGN KEY (organization_id, team_id) REFERENCES teams (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT team_members_user_fkey FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE
);
CREATE INDEX team_members_user ON team_members (organization_id, user_id);

-- One sign-in on one device.
CREATE TABLE sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    profile_id uuid,
    session_token bytea,
    client_ip varchar(45) COLLATE "C",
    user_agent text COLLATE "C",
    device_info jsonb NOT NULL,
    security_context jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    last_activity_at timestamptz NOT NULL,
    idle_expires_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_reason varchar(40) COLLATE "C",
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX sessions_user_id ON sessions (user_id, id);
CREATE INDEX sessions_live ON sessions (user_id) WHERE revoked_at IS NULL;
CREATE UNIQUE INDEX sessions_session_token ON sessions (session_token) WHERE session_token IS NOT NULL;
CREATE INDEX sessions_organization ON sessions (organization_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
CREATE INDEX sessions_revoked_at ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

-- The refresh tokens of a session: one row for the whole family. A token names its session, so the primary key finds it.
CREATE TABLE refresh_tokens (
    session_id uuid NOT NULL,
    user_id uuid NOT NULL,
    generation integer NOT NULL,
    token_hash bytea NOT NULL,
    previous_hash bytea,
    successor_sealed bytea,
    rotated_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (session_id),
    CONSTRAINT refresh_tokens_session_fkey FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id, session_id);

-- Keys that sign access tokens.
CREATE TABLE signing_keys (
    id uuid NOT NULL,
    kid varchar(100) COLLATE "C" NOT NULL,
    algorithm varchar(20) COLLATE "C" NOT NULL,
    public_jwk jsonb NOT NULL,
    private_sealed bytea NOT NULL,
    active_from timestamptz NOT NULL,
    retires_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT signing_keys_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX signing_keys_kid ON signing_keys (kid);
CREATE INDEX signing_keys_expires_at ON signing_keys (expires_at);

-- Keys that seal an organization's or a person's values. Destroying one makes what it sealed unreadable.
CREATE TABLE encryption_keys (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    user_id uuid,
    purpose varchar(20) COLLATE "C" NOT NULL,
    key_sealed bytea,
    created_at timestamptz NOT NULL,
    destroyed_at timestamptz,
    CONSTRAINT encryption_keys_pkey PRIMARY KEY (id),
    CONSTRAINT encryption_keys_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX encryption_keys_organization ON encryption_keys (organization_id, purpose) WHERE user_id IS NULL;
CREATE INDEX encryption_keys_organization_order ON encryption_keys (organization_id, id);
CREATE UNIQUE INDEX encryption_keys_user ON encryption_keys (user_id, purpose) WHERE user_id IS NOT NULL;

-- Who did what, where, and with what outcome. Rows can be added and read, never changed; personal values are sealed.
CREATE TABLE audit_logs (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    user_id uuid,
    caller_kind varchar(20) COLLATE "C" NOT NULL,
    session_id uuid,
    event_type varchar(100) COLLATE "C" NOT NULL,
    resource_type varchar(40) COLLATE "C" NOT NULL,
    resource_id uuid,
    subject_user_id uuid,
    outcome varchar(20) COLLATE "C" NOT NULL,
    severity varchar(20) COLLATE "C" NOT NULL,
    event_data jsonb NOT NULL,
    client_sealed bytea,
    client_ip_hash bytea,
    changes_sealed bytea,
    correlation_id varchar(100) COLLATE "C" NOT NULL,
    source varchar(100) COLLATE "C" NOT NULL,
    metadata jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT audit_logs_pkey PRIMARY KEY (id, created_at),
    CONSTRAINT audit_logs_outcome_check CHECK (outcome IN ('success', 'failure', 'denied')),
    CONSTRAINT audit_logs_severity_check CHECK (severity IN ('info', 'warning', 'critical'))
) PARTITION BY RANGE (created_at);
CREATE INDEX audit_logs_created_at ON audit_logs (organization_id, created_at, id);
CREATE INDEX audit_logs_user ON audit_logs (organization_id, user_id, created_at, id);
CREATE INDEX audit_logs_event_type ON audit_logs (organization_id, event_type, created_at, id);
CREATE INDEX audit_logs_resource ON audit_logs (organization_id, resource_type, resource_id, created_at);
CREATE INDEX audit_logs_correlation_id ON audit_logs (organization_id, correlation_id);
CREATE INDEX audit_logs_severity ON audit_logs (organization_id, severity, created_at, id);
CREATE INDEX audit_logs_client_ip ON audit_logs (organization_id, client_ip_hash, created_at);

-- Work for later, written in the transaction of the change that asks for it.
CREATE TABLE jobs (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    kind varchar(100) COLLATE "C" NOT NULL,
    payload jsonb NOT NULL,
    status varchar(20) COLLATE "C" NOT NULL,
    unique_key varchar(200) COLLATE "C",
    run_at timestamptz NOT NULL,
    attempts integer NOT NULL,
    max_attempts integer NOT NULL,
    locked_by varchar(100) COLLATE "C",
    locked_until timestamptz,
    last_error text COLLATE "C",
    progress integer NOT NULL,
    result jsonb,
    created_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT jobs_pkey PRIMARY KEY (id),
    CONSTRAINT jobs_status_check CHECK (status IN ('queued', 'running', 'succeeded', 'dead', 'cancelled')),
    CONSTRAINT jobs_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE INDEX jobs_organization_order ON jobs (organization_id, id);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE status = 'queued';
CREATE INDEX jobs_leases ON jobs (locked_until) WHERE status = 'running';
CREATE INDEX jobs_finished_at ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_status ON jobs (organization_id, status, id);
CREATE UNIQUE INDEX jobs_unique_key ON jobs (organization_id, unique_key) WHERE unique_key IS NOT NULL AND status IN ('queued', 'running');

-- What starts jobs again and again.
CREATE TABLE schedules (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    name varchar(100) COLLATE "C" NOT NULL,
    kind varchar(100) COLLATE "C" NOT NULL,
    payload jsonb NOT NULL,
    every_seconds bigint NOT NULL,
    next_run_at timestamptz NOT NULL,
    last_run_at timestamptz,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT schedules_pkey PRIMARY KEY (id),
    CONSTRAINT schedules_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX schedules_organization_name ON schedules (organization_id, name);
CREATE INDEX schedules_due ON schedules (next_run_at) WHERE is_active = true;

-- Answers kept so that a repeated request does not act twice.
CREATE TABLE idempotency_keys (
    organization_id uuid NOT NULL,
    key_hash bytea NOT NULL,
    body_hash bytea NOT NULL,
    is_answered boolean NOT NULL,
    answer jsonb,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (organization_id, key_hash),
    CONSTRAINT idempotency_keys_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);
CREATE INDEX idempotency_keys_expires_at ON idempotency_keys (expires_at);

-- Seeds that were applied.
CREATE TABLE seeds_applied (
    name varchar(100) COLLATE "C" NOT NULL,
    environment varchar(20) COLLATE "C" NOT NULL,
    applied_at timestamptz NOT NULL,
    CONSTRAINT seeds_applied_pkey PRIMARY KEY (name, environment)
);

-- Who may see and write which rows. A transaction names its organization and its person; an unset one sees nothing.

ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
GRANT SELECT ON organizations TO keystead_backup;
GRANT SELECT, INSERT, UPDATE ON organizations TO keystead_app;
CREATE POLICY organizations_owner ON organizations TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY organizations_backup ON organizations FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY organizations_select ON organizations FOR SELECT TO keystead_app
    USING (id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid)
        OR (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid
        OR EXISTS (SELECT 1 FROM memberships m WHERE m.organization_id = organizations.id AND m.user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid)));
CREATE POLICY organizations_insert ON organizations FOR INSERT TO keystead_app
    WITH CHECK (id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY organizations_update ON organizations FOR UPDATE TO keystead_app
    USING (id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
GRANT SELECT ON users TO keystead_backup;
GRANT SELECT, INSERT, UPDATE ON users TO keystead_app;
CREATE POLICY users_owner ON users TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY users_backup ON users FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY users_select ON users FOR SELECT TO keystead_app
    USING (id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid)
        OR (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid
        OR EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = users.id AND m.organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid)));
CREATE POLICY users_insert ON users FOR INSERT TO keystead_app
    WITH CHECK (id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY users_update ON users FOR UPDATE TO keystead_app
    USING (id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))
    WITH CHECK (id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));

ALTER TABLE sign_in_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_attempts FORCE ROW LEVEL SECURITY;
GRANT SELECT ON sign_in_attempts TO keystead_backup;
CREATE POLICY sign_in_attempts_owner ON sign_in_attempts TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY sign_in_attempts_backup ON sign_in_attempts FOR SELECT TO keystead_backup
    USING (true);

ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
GRANT SELECT ON memberships TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON memberships TO keystead_app;
CREATE POLICY memberships_owner ON memberships TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY memberships_backup ON memberships FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY memberships_select ON memberships FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid)
        OR user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid)
        OR (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);
CREATE POLICY memberships_insert ON memberships FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY memberships_update ON memberships FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY memberships_delete ON memberships FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
GRANT SELECT ON roles TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON roles TO keystead_app;
CREATE POLICY roles_owner ON roles TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY roles_backup ON roles FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY roles_select ON roles FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid)
        OR (organization_id = '00000000-0000-7000-8000-000000000001'::uuid AND (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) IS NOT NULL));
CREATE POLICY roles_insert ON roles FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY roles_update ON roles FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY roles_delete ON roles FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE permissions FORCE ROW LEVEL SECURITY;
GRANT SELECT ON permissions TO keystead_backup;
GRANT SELECT, INSERT, DELETE ON permissions TO keystead_app;
CREATE POLICY permissions_owner ON permissions TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY permissions_backup ON permissions FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY permissions_select ON permissions FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid)
        OR (organization_id = '00000000-0000-7000-8000-000000000001'::uuid AND (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) IS NOT NULL));
CREATE POLICY permissions_insert ON permissions FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY permissions_delete ON permissions FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE role_permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE role_permissions FORCE ROW LEVEL SECURITY;
GRANT SELECT ON role_permissions TO keystead_backup;
GRANT SELECT, INSERT, DELETE ON role_permissions TO keystead_app;
CREATE POLICY role_permissions_owner ON role_permissions TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY role_permissions_backup ON role_permissions FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY role_permissions_select ON role_permissions FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid)
        OR (organization_id = '00000000-0000-7000-8000-000000000001'::uuid AND (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) IS NOT NULL));
CREATE POLICY role_permissions_insert ON role_permissions FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY role_permissions_delete ON role_permissions FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE user_roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_roles FORCE ROW LEVEL SECURITY;
GRANT SELECT ON user_roles TO keystead_backup;
GRANT SELECT, INSERT, DELETE ON user_roles TO keystead_app;
CREATE POLICY user_roles_owner ON user_roles TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY user_roles_backup ON user_roles FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY user_roles_select ON user_roles FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_roles_insert ON user_roles FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY user_roles_delete ON user_roles FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE access_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_versions FORCE ROW LEVEL SECURITY;
GRANT SELECT ON access_versions TO keystead_backup;
GRANT SELECT, INSERT, UPDATE ON access_versions TO keystead_app;
CREATE POLICY access_versions_owner ON access_versions TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY access_versions_backup ON access_versions FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY access_versions_select ON access_versions FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid)
        OR (organization_id = '00000000-0000-7000-8000-000000000001'::uuid AND (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) IS NOT NULL));
CREATE POLICY access_versions_insert ON access_versions FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY access_versions_update ON access_versions FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
GRANT SELECT ON invitations TO keystead_backup;
GRANT SELECT, INSERT, UPDATE ON invitations TO keystead_app;
CREATE POLICY invitations_owner ON invitations TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY invitations_backup ON invitations FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY invitations_select ON invitations FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY invitations_insert ON invitations FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY invitations_update ON invitations FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE teams ENABLE ROW LEVEL SECURITY;
ALTER TABLE teams FORCE ROW LEVEL SECURITY;
GRANT SELECT ON teams TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON teams TO keystead_app;
CREATE POLICY teams_owner ON teams TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY teams_backup ON teams FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY teams_select ON teams FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY teams_insert ON teams FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY teams_update ON teams FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY teams_delete ON teams FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE team_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE team_members FORCE ROW LEVEL SECURITY;
GRANT SELECT ON team_members TO keystead_backup;
GRANT SELECT, INSERT, DELETE ON team_members TO keystead_app;
CREATE POLICY team_members_owner ON team_members TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY team_members_backup ON team_members FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY team_members_select ON team_members FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY team_members_insert ON team_members FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY team_members_delete ON team_members FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
GRANT SELECT ON sessions TO keystead_backup;
GRANT SELECT, INSERT, UPDATE ON sessions TO keystead_app;
CREATE POLICY sessions_owner ON sessions TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY sessions_backup ON sessions FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY sessions_select ON sessions FOR SELECT TO keystead_app
    USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY sessions_insert ON sessions FOR INSERT TO keystead_app
    WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY sessions_update ON sessions FOR UPDATE TO keystead_app
    USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))
    WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));

ALTER TABLE refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens FORCE ROW LEVEL SECURITY;
GRANT SELECT ON refresh_tokens TO keystead_backup;
GRANT SELECT, INSERT ON refresh_tokens TO keystead_app;
CREATE POLICY refresh_tokens_owner ON refresh_tokens TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY refresh_tokens_backup ON refresh_tokens FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY refresh_tokens_select ON refresh_tokens FOR SELECT TO keystead_app
    USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY refresh_tokens_insert ON refresh_tokens FOR INSERT TO keystead_app
    WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));

ALTER TABLE signing_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE signing_keys FORCE ROW LEVEL SECURITY;
GRANT SELECT ON signing_keys TO keystead_backup;
GRANT SELECT, INSERT ON signing_keys TO keystead_app;
CREATE POLICY signing_keys_owner ON signing_keys TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY signing_keys_backup ON signing_keys FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY signing_keys_select ON signing_keys FOR SELECT TO keystead_app
    USING (true);
CREATE POLICY signing_keys_insert ON signing_keys FOR INSERT TO keystead_app
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);

ALTER TABLE encryption_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE encryption_keys FORCE ROW LEVEL SECURITY;
GRANT SELECT ON encryption_keys TO keystead_backup;
GRANT SELECT, INSERT ON encryption_keys TO keystead_app;
CREATE POLICY encryption_keys_owner ON encryption_keys TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY encryption_keys_backup ON encryption_keys FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY encryption_keys_select ON encryption_keys FOR SELECT TO keystead_app
    USING ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) IS NOT NULL
        OR (SELECT nullif(current_setting('app.user_id', true), '')::uuid) IS NOT NULL);
CREATE POLICY encryption_keys_insert ON encryption_keys FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid)
        OR (organization_id = '00000000-0000-7000-8000-000000000001'::uuid AND user_id IS NOT NULL));

ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_logs FORCE ROW LEVEL SECURITY;
GRANT SELECT ON audit_logs TO keystead_backup;
GRANT SELECT, INSERT ON audit_logs TO keystead_app;
CREATE POLICY audit_logs_owner ON audit_logs TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY audit_logs_backup ON audit_logs FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY audit_logs_select ON audit_logs FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY audit_logs_insert ON audit_logs FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE jobs FORCE ROW LEVEL SECURITY;
GRANT SELECT ON jobs TO keystead_backup;
GRANT SELECT, INSERT, UPDATE ON jobs TO keystead_app;
CREATE POLICY jobs_owner ON jobs TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY jobs_backup ON jobs FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY jobs_select ON jobs FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY jobs_insert ON jobs FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY jobs_update ON jobs FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE schedules ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedules FORCE ROW LEVEL SECURITY;
GRANT SELECT ON schedules TO keystead_backup;
GRANT SELECT, INSERT ON schedules TO keystead_app;
CREATE POLICY schedules_owner ON schedules TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY schedules_backup ON schedules FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY schedules_select ON schedules FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY schedules_insert ON schedules FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
GRANT SELECT ON idempotency_keys TO keystead_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO keystead_app;
CREATE POLICY idempotency_keys_owner ON idempotency_keys TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY idempotency_keys_backup ON idempotency_keys FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY idempotency_keys_select ON idempotency_keys FOR SELECT TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY idempotency_keys_insert ON idempotency_keys FOR INSERT TO keystead_app
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY idempotency_keys_update ON idempotency_keys FOR UPDATE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY idempotency_keys_delete ON idempotency_keys FOR DELETE TO keystead_app
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE seeds_applied ENABLE ROW LEVEL SECURITY;
ALTER TABLE seeds_applied FORCE ROW LEVEL SECURITY;
GRANT SELECT ON seeds_applied TO keystead_backup;
GRANT SELECT, INSERT ON seeds_applied TO keystead_app;
CREATE POLICY seeds_applied_owner ON seeds_applied TO keystead_owner
    USING (true)
    WITH CHECK (true);
CREATE POLICY seeds_applied_backup ON seeds_applied FOR SELECT TO keystead_backup
    USING (true);
CREATE POLICY seeds_applied_select ON seeds_applied FOR SELECT TO keystead_app
    USING (true);
CREATE POLICY seeds_applied_insert ON seeds_applied FOR INSERT TO keystead_app
    WITH CHECK ((SELECT nullif(current_setting('app.organization_id', true), '')::uuid) = '00000000-0000-7000-8000-000000000001'::uuid);

-- Rows of an append-only table can be added and read, by whomever: the triggers bind the owner, too.
CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RAISE EXCEPTION 'rows of % can be added, never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$function$;
REVOKE EXECUTE ON FUNCTION refuse_change() FROM PUBLIC;

-- Refuses changes of audit_logs itself. The trigger for each row is copied to every partition, whoever makes it;
-- the one for each statement is not, so each partition gets its own.
CREATE TRIGGER audit_logs_refuse_row BEFORE UPDATE OR DELETE ON audit_logs
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_logs_refuse_statement BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What a partition needs of its own: nobody but the backup reads it, and nobody changes it. The server goes through audit_logs.
CREATE FUNCTION protect_audit_partition(partition name) RETURNS void
LANGUAGE plpgsql
SET search_path = keystead, pg_temp
AS $function$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', partition);
    EXECUTE format('CREATE POLICY %I ON %I TO keystead_owner USING (true) WITH CHECK (true)', partition || '_owner', partition);
    EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO keystead_backup USING (true)', partition || '_backup', partition);
    EXECUTE format('GRANT SELECT ON %I TO keystead_backup', partition);
    EXECUTE format(
        'CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
        partition || '_refuse_statement', partition
    );
END
$function$;
REVOKE EXECUTE ON FUNCTION protect_audit_partition(name) FROM PUBLIC;

-- An insert never fails for want of a partition.
CREATE TABLE audit_logs_default PARTITION OF audit_logs DEFAULT;
SELECT protect_audit_partition('audit_logs_default');

-- Makes the partition of the month (UTC) that holds `month`. Returns whether it made one: not when it is there already, and
-- not when rows of that month lie in the default partition, where they stay, because rows are never moved.
CREATE FUNCTION make_audit_partition(month date) RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = keystead, pg_temp
AS $function$
DECLARE
    first_day timestamp := date_trunc('month', month::timestamp);
    begins timestamptz := first_day AT TIME ZONE 'UTC';
    ends timestamptz := (first_day + interval '1 month') AT TIME ZONE 'UTC';
    partition name := 'audit_logs_' || to_char(first_day, 'YYYY_MM');
BEGIN
    IF to_regclass(partition::text) IS NOT NULL THEN
        RETURN false;
    END IF;
    -- Two servers may ask at once.
    PERFORM pg_advisory_xact_lock(hashtext('keystead'), hashtext('audit partitions'));
    IF to_regclass(partition::text) IS NOT NULL
        OR EXISTS (SELECT FROM audit_logs_default d WHERE d.created_at >= begins AND d.created_at < ends)
    THEN
        RETURN false;
    END IF;
    -- Attaching a finished table locks less than making it a partition from the start.
    EXECUTE format('CREATE TABLE %I (LIKE audit_logs INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
    PERFORM protect_audit_partition(partition);
    EXECUTE format('ALTER TABLE audit_logs ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition, begins, ends);
    RETURN true;
END
$function$;
REVOKE EXECUTE ON FUNCTION make_audit_partition(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_audit_partition(date) TO keystead_app;

-- This month and the next two; a job goes on from there.
SELECT make_audit_partition((now() AT TIME ZONE 'UTC' + make_interval(months => ahead))::date) FROM generate_series(0, 2) AS ahead;
