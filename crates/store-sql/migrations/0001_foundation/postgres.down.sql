-- 0001_foundation, taken back.
-- It runs in one transaction, as keystead_owner, in the schema keystead.

DROP POLICY organizations_select ON organizations;
DROP POLICY users_select ON users;
DROP TABLE seeds_applied;
DROP TABLE idempotency_keys;
DROP TABLE schedules;
DROP TABLE jobs;
DROP TABLE audit_logs;
DROP TABLE encryption_keys;
DROP TABLE signing_keys;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE team_members;
DROP TABLE teams;
DROP TABLE invitations;
DROP TABLE access_versions;
DROP TABLE user_roles;
DROP TABLE role_permissions;
DROP TABLE permissions;
DROP TABLE roles;
DROP TABLE memberships;
DROP TABLE sign_in_attempts;
DROP TABLE users;
DROP TABLE organizations;
DROP FUNCTION make_audit_partition(date);
DROP FUNCTION protect_audit_partition(name);
DROP FUNCTION refuse_change();
