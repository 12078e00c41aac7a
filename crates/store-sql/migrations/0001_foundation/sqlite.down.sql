-- 0001_foundation, taken back.

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
