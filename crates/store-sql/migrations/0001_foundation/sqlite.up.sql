-- 0001_foundation: the tables of accounts, organizations, access, sessions, keys, audit and jobs.

-- The unit of isolation. Its own identifier takes the place of organization_id.
CREATE TABLE organizations (
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL CHECK (length(name) <= 255),
    kind TEXT NOT NULL CHECK (length(kind) <= 20),
    isolation TEXT NOT NULL CHECK (length(isolation) <= 20),
    status TEXT NOT NULL CHECK (length(status) <= 20),
    metadata TEXT NOT NULL CHECK (json_valid(metadata)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT organizations_pkey PRIMARY KEY (id),
    CONSTRAINT organizations_kind_check CHECK (kind IN ('platform', 'personal', 'shared')),
    CONSTRAINT organizations_isolation_check CHECK (isolation IN ('shared', 'schema')),
    CONSTRAINT organizations_status_check CHECK (status IN ('active', 'archived'))
) STRICT;
CREATE INDEX organizations_status ON organizations (status, id);

-- A person's account. Its own identifier takes the place of user_id.
CREATE TABLE users (
    id BLOB NOT NULL CHECK (length(id) = 16),
    username TEXT NOT NULL CHECK (length(username) <= 50),
    username_key TEXT NOT NULL CHECK (length(username_key) <= 50),
    email TEXT NOT NULL CHECK (length(email) <= 254),
    email_key TEXT NOT NULL CHECK (length(email_key) <= 254),
    password_hash TEXT NOT NULL CHECK (length(password_hash) <= 512),
    status TEXT NOT NULL CHECK (length(status) <= 20),
    tier TEXT NOT NULL CHECK (length(tier) <= 20),
    first_name TEXT CHECK (length(first_name) <= 255),
    last_name TEXT CHECK (length(last_name) <= 255),
    must_change_password INTEGER NOT NULL CHECK (must_change_password IN (0, 1)),
    failed_login_attempts INTEGER NOT NULL CHECK (failed_login_attempts BETWEEN -2147483648 AND 2147483647),
    locked_until TEXT CHECK (locked_until GLOB '*+00:00'),
    last_login_at TEXT CHECK (last_login_at GLOB '*+00:00'),
    password_changed_at TEXT NOT NULL CHECK (password_changed_at GLOB '*+00:00'),
    email_verified_at TEXT CHECK (email_verified_at GLOB '*+00:00'),
    profile_data TEXT NOT NULL CHECK (json_valid(profile_data)),
    preferences TEXT NOT NULL CHECK (json_valid(preferences)),
    metadata TEXT NOT NULL CHECK (json_valid(metadata)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_status_check CHECK (status IN ('pending', 'active', 'disabled'))
) STRICT;
CREATE UNIQUE INDEX users_username_key ON users (username_key);
CREATE UNIQUE INDEX users_email_key ON users (email_key);
CREATE INDEX users_status ON users (status, id);
CREATE INDEX users_tier ON users (tier, id);
CREATE INDEX users_created_at ON users (created_at);

-- Failed sign-ins per account and network, and the networks an account is known from.
CREATE TABLE sign_in_attempts (
    account_key TEXT NOT NULL CHECK (length(account_key) <= 100),
    network_hash BLOB NOT NULL,
    failed_attempts INTEGER NOT NULL CHECK (failed_attempts BETWEEN -2147483648 AND 2147483647),
    last_failed_at TEXT CHECK (last_failed_at GLOB '*+00:00'),
    locked_until TEXT CHECK (locked_until GLOB '*+00:00'),
    last_success_at TEXT CHECK (last_success_at GLOB '*+00:00'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '*+00:00'),
    CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (account_key, network_hash)
) STRICT;
CREATE INDEX sign_in_attempts_expires_at ON sign_in_attempts (expires_at);

-- A person's place in an organization; a person may belong to several.
CREATE TABLE memberships (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    status TEXT NOT NULL CHECK (length(status) <= 20),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT memberships_pkey PRIMARY KEY (id),
    CONSTRAINT memberships_status_check CHECK (status IN ('active', 'suspended')),
    CONSTRAINT memberships_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT,
    CONSTRAINT memberships_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX memberships_organization_user ON memberships (organization_id, user_id);
CREATE INDEX memberships_organization_order ON memberships (organization_id, id);
CREATE INDEX memberships_user ON memberships (user_id, organization_id);

-- Named sets of permissions. The platform's are inherited by every organization.
CREATE TABLE roles (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    name TEXT NOT NULL CHECK (length(name) <= 50),
    description TEXT CHECK (length(description) <= 2000),
    is_builtin INTEGER NOT NULL CHECK (is_builtin IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT roles_pkey PRIMARY KEY (id),
    CONSTRAINT roles_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX roles_organization_id ON roles (organization_id, id);
CREATE UNIQUE INDEX roles_organization_name ON roles (organization_id, name);

-- What can be permitted: resource:action:scope.
CREATE TABLE permissions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    resource TEXT NOT NULL CHECK (length(resource) <= 40),
    action TEXT NOT NULL CHECK (length(action) <= 40),
    scope TEXT NOT NULL CHECK (length(scope) <= 20),
    description TEXT CHECK (length(description) <= 2000),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    CONSTRAINT permissions_pkey PRIMARY KEY (id),
    CONSTRAINT permissions_scope_check CHECK (scope IN ('own', 'organization', 'any')),
    CONSTRAINT permissions_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX permissions_organization_id ON permissions (organization_id, id);
CREATE UNIQUE INDEX permissions_organization_name ON permissions (organization_id, resource, action, scope);

-- What a role permits.
CREATE TABLE role_permissions (
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    role_id BLOB NOT NULL CHECK (length(role_id) = 16),
    permission_organization_id BLOB NOT NULL CHECK (length(permission_organization_id) = 16),
    permission_id BLOB NOT NULL CHECK (length(permission_id) = 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    CONSTRAINT role_permissions_pkey PRIMARY KEY (organization_id, role_id, permission_id),
    CONSTRAINT role_permissions_permission_check CHECK (permission_organization_id = organization_id OR permission_organization_id = X'00000000000070008000000000000001'),
    CONSTRAINT role_permissions_role_fkey FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT role_permissions_permission_fkey FOREIGN KEY (permission_organization_id, permission_id) REFERENCES permissions (organization_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX role_permissions_permission ON role_permissions (permission_organization_id, permission_id);

-- The roles a member holds in an organization; they go with the membership.
CREATE TABLE user_roles (
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    role_organization_id BLOB NOT NULL CHECK (length(role_organization_id) = 16),
    role_id BLOB NOT NULL CHECK (length(role_id) = 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    CONSTRAINT user_roles_pkey PRIMARY KEY (organization_id, user_id, role_id),
    CONSTRAINT user_roles_role_check CHECK (role_organization_id = organization_id OR role_organization_id = X'00000000000070008000000000000001'),
    CONSTRAINT user_roles_user_fkey FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE,
    CONSTRAINT user_roles_role_fkey FOREIGN KEY (role_organization_id, role_id) REFERENCES roles (organization_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX user_roles_role ON user_roles (role_organization_id, role_id, organization_id);

-- How often an organization's rules have changed: raised under lock in the changing transaction.
CREATE TABLE access_versions (
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    version INTEGER NOT NULL,
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    CONSTRAINT access_versions_pkey PRIMARY KEY (organization_id),
    CONSTRAINT access_versions_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;

-- Invitations into an organization.
CREATE TABLE invitations (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    email TEXT NOT NULL CHECK (length(email) <= 254),
    email_key TEXT NOT NULL CHECK (length(email_key) <= 254),
    role_id BLOB NOT NULL CHECK (length(role_id) = 16),
    role_organization_id BLOB NOT NULL CHECK (length(role_organization_id) = 16),
    token_hash BLOB NOT NULL,
    status TEXT NOT NULL CHECK (length(status) <= 20),
    invited_by BLOB NOT NULL CHECK (length(invited_by) = 16),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '*+00:00'),
    answered_at TEXT CHECK (answered_at GLOB '*+00:00'),
    accepted_by BLOB CHECK (length(accepted_by) = 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT invitations_pkey PRIMARY KEY (id),
    CONSTRAINT invitations_status_check CHECK (status IN ('pending', 'accepted', 'declined', 'revoked')),
    CONSTRAINT invitations_role_check CHECK (role_organization_id = organization_id OR role_organization_id = X'00000000000070008000000000000001'),
    CONSTRAINT invitations_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT,
    CONSTRAINT invitations_role_fkey FOREIGN KEY (role_organization_id, role_id) REFERENCES roles (organization_id, id) ON DELETE RESTRICT,
    CONSTRAINT invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT invitations_accepted_by_fkey FOREIGN KEY (accepted_by) REFERENCES users (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX invitations_token_hash ON invitations (token_hash);
CREATE INDEX invitations_organization_order ON invitations (organization_id, id);
CREATE INDEX invitations_email_key ON invitations (organization_id, email_key);
CREATE INDEX invitations_role ON invitations (role_organization_id, role_id);
CREATE INDEX invitations_invited_by ON invitations (invited_by);
CREATE INDEX invitations_accepted_by ON invitations (accepted_by);
CREATE INDEX invitations_expires_at ON invitations (expires_at);

-- Teams inside an organization.
CREATE TABLE teams (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    name TEXT NOT NULL CHECK (length(name) <= 255),
    description TEXT CHECK (length(description) <= 2000),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT teams_pkey PRIMARY KEY (id),
    CONSTRAINT teams_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX teams_organization_id ON teams (organization_id, id);
CREATE UNIQUE INDEX teams_organization_name ON teams (organization_id, name);

-- Who is in a team; they are members of its organization, and leave the team when they leave that.
CREATE TABLE team_members (
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    team_id BLOB NOT NULL CHECK (length(team_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    CONSTRAINT team_members_pkey PRIMARY KEY (organization_id, team_id, user_id),
    CONSTRAINT team_members_team_fkey FOREIGN KEY (organization_id, team_id) REFERENCES teams (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT team_members_user_fkey FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX team_members_user ON team_members (organization_id, user_id);

-- One sign-in on one device.
CREATE TABLE sessions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    profile_id BLOB CHECK (length(profile_id) = 16),
    session_token BLOB,
    client_ip TEXT CHECK (length(client_ip) <= 45),
    user_agent TEXT,
    device_info TEXT NOT NULL CHECK (json_valid(device_info)),
    security_context TEXT NOT NULL CHECK (json_valid(security_context)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    last_activity_at TEXT NOT NULL CHECK (last_activity_at GLOB '*+00:00'),
    idle_expires_at TEXT NOT NULL CHECK (idle_expires_at GLOB '*+00:00'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '*+00:00'),
    revoked_at TEXT CHECK (revoked_at GLOB '*+00:00'),
    revoked_reason TEXT CHECK (length(revoked_reason) <= 40),
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX sessions_user_id ON sessions (user_id, id);
CREATE INDEX sessions_live ON sessions (user_id) WHERE revoked_at IS NULL;
CREATE UNIQUE INDEX sessions_session_token ON sessions (session_token) WHERE session_token IS NOT NULL;
CREATE INDEX sessions_organization ON sessions (organization_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
CREATE INDEX sessions_revoked_at ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

-- The refresh tokens of a session: one row for the whole family. A token names its session, so the primary key finds it.
CREATE TABLE refresh_tokens (
    session_id BLOB NOT NULL CHECK (length(session_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    generation INTEGER NOT NULL CHECK (generation BETWEEN -2147483648 AND 2147483647),
    token_hash BLOB NOT NULL,
    previous_hash BLOB,
    successor_sealed BLOB,
    rotated_at TEXT NOT NULL CHECK (rotated_at GLOB '*+00:00'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '*+00:00'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (session_id),
    CONSTRAINT refresh_tokens_session_fkey FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id, session_id);

-- Keys that sign access tokens.
CREATE TABLE signing_keys (
    id BLOB NOT NULL CHECK (length(id) = 16),
    kid TEXT NOT NULL CHECK (length(kid) <= 100),
    algorithm TEXT NOT NULL CHECK (length(algorithm) <= 20),
    public_jwk TEXT NOT NULL CHECK (json_valid(public_jwk)),
    private_sealed BLOB NOT NULL,
    active_from TEXT NOT NULL CHECK (active_from GLOB '*+00:00'),
    retires_at TEXT NOT NULL CHECK (retires_at GLOB '*+00:00'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '*+00:00'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    CONSTRAINT signing_keys_pkey PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX signing_keys_kid ON signing_keys (kid);
CREATE INDEX signing_keys_expires_at ON signing_keys (expires_at);

-- Keys that seal an organization's or a person's values. Destroying one makes what it sealed unreadable.
CREATE TABLE encryption_keys (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    user_id BLOB CHECK (length(user_id) = 16),
    purpose TEXT NOT NULL CHECK (length(purpose) <= 20),
    key_sealed BLOB,
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    destroyed_at TEXT CHECK (destroyed_at GLOB '*+00:00'),
    CONSTRAINT encryption_keys_pkey PRIMARY KEY (id),
    CONSTRAINT encryption_keys_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX encryption_keys_organization ON encryption_keys (organization_id, purpose) WHERE user_id IS NULL;
CREATE INDEX encryption_keys_organization_order ON encryption_keys (organization_id, id);
CREATE UNIQUE INDEX encryption_keys_user ON encryption_keys (user_id, purpose) WHERE user_id IS NOT NULL;

-- Who did what, where, and with what outcome. Rows can be added and read, never changed; personal values are sealed.
CREATE TABLE audit_logs (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    user_id BLOB CHECK (length(user_id) = 16),
    caller_kind TEXT NOT NULL CHECK (length(caller_kind) <= 20),
    session_id BLOB CHECK (length(session_id) = 16),
    event_type TEXT NOT NULL CHECK (length(event_type) <= 100),
    resource_type TEXT NOT NULL CHECK (length(resource_type) <= 40),
    resource_id BLOB CHECK (length(resource_id) = 16),
    subject_user_id BLOB CHECK (length(subject_user_id) = 16),
    outcome TEXT NOT NULL CHECK (length(outcome) <= 20),
    severity TEXT NOT NULL CHECK (length(severity) <= 20),
    event_data TEXT NOT NULL CHECK (json_valid(event_data)),
    client_sealed BLOB,
    client_ip_hash BLOB,
    changes_sealed BLOB,
    correlation_id TEXT NOT NULL CHECK (length(correlation_id) <= 100),
    source TEXT NOT NULL CHECK (length(source) <= 100),
    metadata TEXT NOT NULL CHECK (json_valid(metadata)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    CONSTRAINT audit_logs_pkey PRIMARY KEY (id, created_at),
    CONSTRAINT audit_logs_outcome_check CHECK (outcome IN ('success', 'failure', 'denied')),
    CONSTRAINT audit_logs_severity_check CHECK (severity IN ('info', 'warning', 'critical'))
) STRICT;
CREATE INDEX audit_logs_created_at ON audit_logs (organization_id, created_at, id);
CREATE INDEX audit_logs_user ON audit_logs (organization_id, user_id, created_at, id);
CREATE INDEX audit_logs_event_type ON audit_logs (organization_id, event_type, created_at, id);
CREATE INDEX audit_logs_resource ON audit_logs (organization_id, resource_type, resource_id, created_at);
CREATE INDEX audit_logs_correlation_id ON audit_logs (organization_id, correlation_id);
CREATE INDEX audit_logs_severity ON audit_logs (organization_id, severity, created_at, id);
CREATE INDEX audit_logs_client_ip ON audit_logs (organization_id, client_ip_hash, created_at);
CREATE TRIGGER audit_logs_refuse_update BEFORE UPDATE ON audit_logs
BEGIN
    SELECT RAISE(ABORT, 'rows of audit_logs can be added, never changed or removed');
END;
CREATE TRIGGER audit_logs_refuse_delete BEFORE DELETE ON audit_logs
BEGIN
    SELECT RAISE(ABORT, 'rows of audit_logs can be added, never changed or removed');
END;
CREATE TRIGGER audit_logs_refuse_replace BEFORE INSERT ON audit_logs
WHEN EXISTS (SELECT 1 FROM audit_logs old WHERE old.id = NEW.id AND old.created_at = NEW.created_at)
BEGIN
    SELECT RAISE(ABORT, 'rows of audit_logs can be added, never changed or removed');
END;

-- Work for later, written in the transaction of the change that asks for it.
CREATE TABLE jobs (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    kind TEXT NOT NULL CHECK (length(kind) <= 100),
    payload TEXT NOT NULL CHECK (json_valid(payload)),
    status TEXT NOT NULL CHECK (length(status) <= 20),
    unique_key TEXT CHECK (length(unique_key) <= 200),
    run_at TEXT NOT NULL CHECK (run_at GLOB '*+00:00'),
    attempts INTEGER NOT NULL CHECK (attempts BETWEEN -2147483648 AND 2147483647),
    max_attempts INTEGER NOT NULL CHECK (max_attempts BETWEEN -2147483648 AND 2147483647),
    locked_by TEXT CHECK (length(locked_by) <= 100),
    locked_until TEXT CHECK (locked_until GLOB '*+00:00'),
    last_error TEXT,
    progress INTEGER NOT NULL CHECK (progress BETWEEN -2147483648 AND 2147483647),
    result TEXT CHECK (json_valid(result)),
    created_by BLOB CHECK (length(created_by) = 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    finished_at TEXT CHECK (finished_at GLOB '*+00:00'),
    CONSTRAINT jobs_pkey PRIMARY KEY (id),
    CONSTRAINT jobs_status_check CHECK (status IN ('queued', 'running', 'succeeded', 'dead', 'cancelled')),
    CONSTRAINT jobs_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX jobs_organization_order ON jobs (organization_id, id);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE status = 'queued';
CREATE INDEX jobs_leases ON jobs (locked_until) WHERE status = 'running';
CREATE INDEX jobs_finished_at ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_status ON jobs (organization_id, status, id);
CREATE UNIQUE INDEX jobs_unique_key ON jobs (organization_id, unique_key) WHERE unique_key IS NOT NULL AND status IN ('queued', 'running');

-- What starts jobs again and again.
CREATE TABLE schedules (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    name TEXT NOT NULL CHECK (length(name) <= 100),
    kind TEXT NOT NULL CHECK (length(kind) <= 100),
    payload TEXT NOT NULL CHECK (json_valid(payload)),
    every_seconds INTEGER NOT NULL,
    next_run_at TEXT NOT NULL CHECK (next_run_at GLOB '*+00:00'),
    last_run_at TEXT CHECK (last_run_at GLOB '*+00:00'),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'),
    version INTEGER NOT NULL,
    CONSTRAINT schedules_pkey PRIMARY KEY (id),
    CONSTRAINT schedules_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX schedules_organization_name ON schedules (organization_id, name);
CREATE INDEX schedules_due ON schedules (next_run_at) WHERE is_active = 1;

-- Answers kept so that a repeated request does not act twice.
CREATE TABLE idempotency_keys (
    organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
    key_hash BLOB NOT NULL,
    body_hash BLOB NOT NULL,
    is_answered INTEGER NOT NULL CHECK (is_answered IN (0, 1)),
    answer TEXT CHECK (json_valid(answer)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '*+00:00'),
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (organization_id, key_hash),
    CONSTRAINT idempotency_keys_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX idempotency_keys_expires_at ON idempotency_keys (expires_at);

-- Seeds that were applied.
CREATE TABLE seeds_applied (
    name TEXT NOT NULL CHECK (length(name) <= 100),
    environment TEXT NOT NULL CHECK (length(environment) <= 20),
    applied_at TEXT NOT NULL CHECK (applied_at GLOB '*+00:00'),
    CONSTRAINT seeds_applied_pkey PRIMARY KEY (name, environment)
) STRICT;
