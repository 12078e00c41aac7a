//! Many people, made by the database itself: one organization, session and refresh token for each, one hash for all.

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

const ORGANIZATION: u32 = 1;
const USER: u32 = 2;
const SESSION: u32 = 3;

fn id(kind: u32, number: u32) -> Uuid {
    Uuid::from_u128(u128::from(kind) << 96 | 0x7000_8000 << 48 | u128::from(number))
}
pub(crate) fn organization(number: u32) -> Uuid {
    id(ORGANIZATION, number)
}
pub(crate) fn user(number: u32) -> Uuid {
    id(USER, number)
}
pub(crate) fn session(number: u32) -> Uuid {
    id(SESSION, number)
}
/// The hash of a person's first refresh token; of later ones, with the generation.
pub(crate) fn token_hash(number: u32, generation: i32) -> Vec<u8> {
    let mut hash = vec![0; 24];
    hash.extend((generation - 1).to_be_bytes());
    hash.extend(number.to_be_bytes());
    hash
}

/// Fills a migrated PostgreSQL database, as superuser.
pub(crate) async fn postgres(url: &str, people: u32) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    // Without the checks of foreign keys, which would ask for each of millions of rows.
    for sql in ["SET session_replication_role = replica", "SET search_path = keystead", "SET synchronous_commit = off"]
    {
        run_postgres(&mut connection, sql).await;
    }
    let id = |kind: u32| format!("('{kind:08x}-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid");
    let ahead = "now() + interval '30 days'";
    for insert in inserts(&id, "decode(lpad(to_hex(n), 64, '0'), 'hex')", "now()", ahead, "true") {
        run_postgres(&mut connection, &format!("{insert} FROM generate_series(0, {} ) AS s(n)", people - 1)).await;
    }
    run_postgres(&mut connection, "VACUUM ANALYZE").await;
}

/// Fills a migrated SQLite file.
pub(crate) async fn sqlite(path: &str, people: u32) {
    let mut connection = SqliteConnection::connect(path).await.unwrap();
    for sql in ["PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000"] {
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
    let id = |kind: u32| format!("unhex(printf('{kind:08x}000070008000%012x', n))");
    let now = "strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')";
    let ahead = "strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '30 days')";
    for insert in inserts(&id, "unhex(printf('%064x', n))", now, ahead, "1") {
        let numbers = format!(
            "WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {people}) SELECT n FROM s"
        );
        let sql = format!("{insert} FROM ({numbers})");
        sqlx::raw_sql(AssertSqlSafe(sql.as_str()))
            .execute(&mut connection)
            .await
            .unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
    sqlx::raw_sql("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn run_postgres(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// One row of each table for each number `n`.
fn inserts(id: &dyn Fn(u32) -> String, hash: &str, now: &str, ahead: &str, yes: &str) -> Vec<String> {
    let (organization, user, session) = (id(ORGANIZATION), id(USER), id(SESSION));
    let no = if yes == "true" { "false" } else { "0" };
    let made = format!("{now}, {now}, 1");
    vec![
        format!(
            "INSERT INTO organizations (id, name, kind, isolation, status, metadata, created_at, updated_at, version)
             SELECT {organization}, 'person' || n, 'personal', 'shared', 'active', '{{}}', {made}"
        ),
        format!(
            "INSERT INTO users (id, username, username_key, email, email_key, password_hash, status, tier, must_change_password,
                failed_login_attempts, password_changed_at, profile_data, preferences, metadata, created_at, updated_at, version)
             SELECT {user}, 'person' || n, 'person' || n, 'person' || n || '@example.org', 'person' || n || '@example.org',
                '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA', 'active', 'free', {no}, 0, {now},
                '{{}}', '{{}}', '{{}}', {made}"
        ),
        format!(
            "INSERT INTO memberships (id, organization_id, user_id, status, created_at, updated_at, version)
             SELECT {}, {organization}, {user}, 'active', {made}",
            id(4)
        ),
        format!(
            "INSERT INTO sessions (id, user_id, organization_id, device_info, security_context, created_at, last_activity_at,
                idle_expires_at, expires_at)
             SELECT {session}, {user}, {organization}, '{{}}', '{{}}', {now}, {now}, {ahead}, {ahead}"
        ),
        format!(
            "INSERT INTO refresh_tokens (session_id, user_id, generation, token_hash, rotated_at, expires_at, created_at)
             SELECT {session}, {user}, 1, {hash}, {now}, {ahead}, {now}"
        ),
    ]
}
