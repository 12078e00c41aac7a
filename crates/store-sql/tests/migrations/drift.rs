//! `check` finds nothing in a migrated database, and every difference that is made on purpose.

use crate::place::{Place, both, postgres};
use keystead_store_sql::migrate::Run;

async fn migrated(place: Place) -> Place {
    place.migrator().up(Run::Apply, |_| ()).await.unwrap();
    place
}

#[tokio::test]
async fn both_engines_end_at_the_declared_schema() {
    for place in both().await {
        let place = migrated(place).await;
        assert_eq!(place.migrator().check().await.unwrap(), Vec::<String>::new());
        assert_eq!(place.migrator().compare_register().await.unwrap(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_empty_database_lacks_everything() {
    for place in both().await {
        let found = place.migrator().check().await.unwrap();
        assert!(found.contains(&"table users: it is missing".to_owned()), "{found:?}");
        assert!(!place.migrator().compare_register().await.unwrap().is_empty());
    }
}

/// Makes each difference in the same database; each must be found, and by its own words.
async fn finds(place: Place, differences: &[(&str, &str)]) {
    let place = migrated(place).await;
    for (sql, _) in differences {
        if let Err(error) = place.run(sql).await {
            panic!("{sql}: {error}");
        }
    }
    let found = place.migrator().check().await.unwrap();
    for (sql, words) in differences {
        assert!(found.iter().any(|found| found.contains(words)), "{sql} is not found as {words:?} in {found:#?}");
    }
    assert_eq!(found.len(), differences.len(), "{found:#?}");
}

#[tokio::test]
async fn differences_on_sqlite_are_found() {
    let [place, _] = both().await;
    finds(
        place,
        &[
            ("ALTER TABLE users ADD COLUMN nickname TEXT", "table users, column nickname: it is not declared"),
            ("ALTER TABLE jobs DROP COLUMN last_error", "table jobs, column last_error: it is missing"),
            ("CREATE TABLE strange (id INTEGER)", "table strange: it is not declared"),
            ("DROP TABLE seeds_applied", "table seeds_applied: it is missing"),
            ("DROP INDEX sessions_live", "table sessions, index sessions_live: it is missing"),
            (
                "DROP INDEX memberships_user; CREATE INDEX memberships_user ON memberships (user_id)",
                "table memberships, index memberships_user: it is",
            ),
            (
                "DROP INDEX jobs_due; CREATE INDEX jobs_due ON jobs (run_at, id)",
                "table jobs, index jobs_due: it is (run_at, id), not (run_at, id) where status = 'queued'",
            ),
            ("CREATE INDEX strange_index ON users (tier)", "table users, index strange_index: it is not declared"),
            ("DROP TRIGGER audit_logs_refuse_delete", "trigger audit_logs_refuse_delete: it is missing"),
            (
                "DROP TABLE idempotency_keys; CREATE TABLE idempotency_keys (organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
                    key_hash BLOB NOT NULL, body_hash BLOB NOT NULL, is_answered INTEGER NOT NULL CHECK (is_answered IN (0, 1)),
                    answer TEXT CHECK (json_valid(answer)), created_at TEXT NOT NULL CHECK (created_at GLOB '*+00:00'),
                    expires_at TEXT NOT NULL CHECK (expires_at GLOB '*+00:00'),
                    PRIMARY KEY (organization_id, key_hash)) STRICT;
                 CREATE INDEX idempotency_keys_expires_at ON idempotency_keys (expires_at)",
                "table idempotency_keys, foreign key idempotency_keys_organization_fkey: it is missing",
            ),
            (
                "DROP TABLE access_versions; CREATE TABLE access_versions (organization_id BLOB NOT NULL CHECK (length(organization_id) = 16),
                    version INTEGER NOT NULL, updated_at TEXT NOT NULL CHECK (updated_at GLOB '*+00:00'), CONSTRAINT access_versions_pkey PRIMARY KEY (organization_id),
                    CONSTRAINT access_versions_organization_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT)",
                "table access_versions: it does not enforce types",
            ),
            (
                "DROP TABLE sign_in_attempts; CREATE TABLE sign_in_attempts (account_key TEXT NOT NULL CHECK (length(account_key) <= 200),
                    network_hash BLOB NOT NULL, failed_attempts INTEGER NOT NULL CHECK (failed_attempts BETWEEN -2147483648 AND 2147483647),
                    last_failed_at TEXT CHECK (last_failed_at GLOB '*+00:00'), locked_until TEXT CHECK (locked_until GLOB '*+00:00'),
                    last_success_at TEXT CHECK (last_success_at GLOB '*+00:00'), expires_at TEXT NOT NULL CHECK (expires_at GLOB '*+00:00'),
                    PRIMARY KEY (account_key, network_hash)) STRICT;
                 CREATE INDEX sign_in_attempts_expires_at ON sign_in_attempts (expires_at)",
                "table sign_in_attempts, check length account_key < = 100: it is missing",
            ),
            ("SELECT 1", "table sign_in_attempts, check length account_key < = 200: it is not declared"),
        ],
    )
    .await;
}

#[tokio::test]
async fn differences_on_postgres_are_found() {
    finds(
        postgres().await,
        &[
            ("ALTER TABLE users ADD COLUMN nickname text", "table users, column nickname: it is not declared"),
            ("ALTER TABLE jobs DROP COLUMN last_error", "table jobs, column last_error: it is missing"),
            ("ALTER TABLE users ALTER COLUMN tier TYPE varchar(21) COLLATE \"C\"", "table users, column tier: it is"),
            ("ALTER TABLE users ALTER COLUMN first_name TYPE varchar(255) COLLATE \"POSIX\"", "table users, column first_name: it is"),
            ("ALTER TABLE teams ALTER COLUMN name DROP NOT NULL", "table teams, column name: it is"),
            ("CREATE TABLE strange (id integer)", "table strange: it is not declared"),
            ("DROP TABLE seeds_applied", "table seeds_applied: it is missing"),
            ("ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_pkey", "table idempotency_keys, primary key: it is ()"),
            ("DROP INDEX sessions_live", "table sessions, index sessions_live: it is missing"),
            ("DROP INDEX jobs_due; CREATE INDEX jobs_due ON jobs (run_at, id)", "table jobs, index jobs_due: it is"),
            ("DROP INDEX users_email_key; CREATE INDEX users_email_key ON users (email_key)", "table users, index users_email_key: it is"),
            ("ALTER TABLE teams DROP CONSTRAINT teams_organization_fkey", "foreign key teams_organization_fkey: it is missing"),
            (
                "ALTER TABLE schedules DROP CONSTRAINT schedules_organization_fkey, ADD CONSTRAINT schedules_organization_fkey
                    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE",
                "foreign key schedules_organization_fkey: it is",
            ),
            ("ALTER TABLE users DROP CONSTRAINT users_status_check", "check users_status_check: it is missing"),
            (
                "ALTER TABLE memberships DROP CONSTRAINT memberships_status_check, ADD CONSTRAINT memberships_status_check
                    CHECK (status IN ('active', 'suspended', 'gone'))",
                "check memberships_status_check: it is",
            ),
            ("ALTER TABLE roles NO FORCE ROW LEVEL SECURITY", "table roles: row-level security is not"),
            ("ALTER TABLE permissions DISABLE ROW LEVEL SECURITY", "table permissions: row-level security is not"),
            ("DROP POLICY teams_update ON teams", "policy teams_update: it is missing"),
            ("ALTER POLICY teams_select ON teams USING (true)", "policy teams_select: it is"),
            ("ALTER POLICY teams_delete ON teams TO PUBLIC", "policy teams_delete: it is"),
            ("CREATE POLICY strange ON sessions USING (true)", "policy strange: it is not declared"),
            ("GRANT DELETE ON users TO keystead_app", "table users: keystead_app may DELETE, which is not declared"),
            ("GRANT UPDATE (name) ON schema_migrations TO keystead_app", "keystead_app may UPDATE (name), which is not declared"),
            ("REVOKE INSERT ON invitations FROM keystead_app", "table invitations: keystead_app may not INSERT"),
            ("REVOKE SELECT ON invitations FROM keystead_backup", "table invitations: keystead_backup may not SELECT"),
            ("GRANT SELECT ON signing_keys TO PUBLIC", "table signing_keys: PUBLIC may SELECT"),
            ("ALTER TABLE user_roles OWNER TO CURRENT_USER", "table user_roles: it belongs to postgres"),
            ("DROP TRIGGER audit_logs_refuse_statement ON audit_logs", "trigger audit_logs_refuse_statement: it is missing"),
            (
                "ALTER TABLE audit_logs_default DISABLE TRIGGER audit_logs_default_refuse_statement",
                "partition audit_logs_default: its trigger audit_logs_default_refuse_statement is missing or switched off",
            ),
            (
                "CREATE TABLE audit_logs_strange PARTITION OF audit_logs FOR VALUES FROM ('2000-01-01') TO ('2000-02-01');
                 ALTER TABLE audit_logs_strange OWNER TO keystead_owner;
                 ALTER TABLE audit_logs_strange ENABLE ROW LEVEL SECURITY; ALTER TABLE audit_logs_strange FORCE ROW LEVEL SECURITY;
                 CREATE POLICY audit_logs_strange_owner ON audit_logs_strange TO keystead_owner USING (true);
                 CREATE POLICY audit_logs_strange_backup ON audit_logs_strange TO keystead_backup USING (true);
                 GRANT SELECT ON audit_logs_strange TO keystead_backup",
                "partition audit_logs_strange: its trigger audit_logs_strange_refuse_statement is missing",
            ),
            ("GRANT SELECT ON audit_logs_default TO keystead_app", "partition audit_logs_default: keystead_app may SELECT"),
            (
                "CREATE FUNCTION strange() RETURNS integer LANGUAGE sql SECURITY DEFINER RETURN 1;
                 ALTER FUNCTION strange() OWNER TO keystead_owner; REVOKE EXECUTE ON FUNCTION strange() FROM PUBLIC",
                "function keystead.strange(): it works as its owner with names that the caller's search path decides",
            ),
            (
                "CREATE FUNCTION stranger() RETURNS uuid LANGUAGE sql SECURITY DEFINER
                     AS 'SELECT id FROM keystead.users WHERE version = 1';
                 ALTER FUNCTION stranger() OWNER TO keystead_owner; REVOKE EXECUTE ON FUNCTION stranger() FROM PUBLIC",
                "function keystead.stranger(): it works as its owner with names that the caller's search path decides",
            ),
            ("GRANT EXECUTE ON FUNCTION refuse_change() TO PUBLIC", "function keystead.refuse_change(): everyone may call it"),
            ("GRANT CREATE ON SCHEMA keystead TO keystead_app", "schema keystead: keystead_app may make things in it"),
        ],
    )
    .await;
}
