//! The database roles, made from the command line: a production server works with them, and they are no stronger than it needs.

use crate::{
    command::keystead,
    support::{Person, Server, TestStore},
};
use keystead_testkit::postgres::{Cluster, Database, Options};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::sync::Arc;

const APP_PASSWORD: &str = "the app's: p@ss/word?";
const MIGRATOR_PASSWORD: &str = "the migrator's #1";

/// A server where both roles need their passwords.
fn cluster() -> Cluster {
    let rule = |role: &str| format!("host all {role} 127.0.0.1/32 scram-sha-256");
    Cluster::start(Options {
        access_rules: vec![rule("keystead_app"), rule("keystead_migrator")],
        ..Options::default()
    })
}

/// A store whose address is `url`, in `database`.
fn store_at(url: String, database: Database) -> TestStore {
    let mut store = TestStore::in_database(database);
    store.url = url;
    store
}

async fn text(connection: &mut PgConnection, sql: &str) -> String {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(connection).await.unwrap()
}

async fn refusal(connection: &mut PgConnection, sql: &str) -> String {
    match sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await {
        Ok(done) => panic!("{sql}: allowed, {} rows", done.rows_affected()),
        Err(error) => error.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_production_server_works_with_roles_from_the_command_line() {
    let cluster = cluster();
    let database = cluster.server().database().await;
    let (superuser, app) = (database.url(), database.url_as("keystead_app", Some(APP_PASSWORD)));
    let migrator = database.url_as("keystead_migrator", Some(MIGRATOR_PASSWORD));
    let mut admin = database.connect().await;
    let mut store = store_at(superuser, database);

    // One password from a file, one from the environment. Neither is said, nor sent to the database.
    let file = store.folder.path().join("app.secret");
    std::fs::write(&file, format!("{APP_PASSWORD}\n")).unwrap();
    let settings = [("KEYSTEAD_DATABASE_MIGRATOR_PASSWORD", MIGRATOR_PASSWORD), ("KEYSTEAD_LOG", "trace")];
    let arguments = ["database", "roles", "--app-password-file", file.to_str().unwrap()];
    let printed = keystead(&store, &settings, &arguments);
    assert!(printed.succeeded, "{printed:?}");
    assert_eq!(printed.out.matches("SCRAM-SHA-256$4096:").count(), 2);
    let run = keystead(&store, &settings, &[&arguments[..], &["--run"]].concat());
    assert!(run.succeeded, "{run:?}");
    for said in [printed.all(), run.all(), cluster.log()] {
        assert!(!said.contains(APP_PASSWORD) && !said.contains(MIGRATOR_PASSWORD), "{said}");
    }
    // What is printed does the same in another database.
    let other = cluster.server().database().await;
    sqlx::raw_sql(AssertSqlSafe(printed.out)).execute(&mut other.connect().await).await.unwrap();
    assert!(PgConnection::connect(&other.url_as("keystead_app", Some(APP_PASSWORD))).await.is_ok());
    assert!(PgConnection::connect(&other.url_as("keystead_app", None)).await.is_err());

    store.url = app.clone();
    let production = [("KEYSTEAD_ENVIRONMENT", "production"), ("DATABASE_MIGRATION_URL", migrator.as_str())];
    let server = Server::start_on(Arc::new(store), &production).await;
    let ada = Person::new(&server, "ada").await;
    assert_eq!(ada.make_team(&server, "Team").await.unwrap().as_u16(), 201);
    assert!(!server.log().contains(APP_PASSWORD) && !server.log().contains(MIGRATOR_PASSWORD));

    let of_others = "SELECT coalesce(string_agg(relname, ', '), '') FROM pg_class
        WHERE relnamespace = 'keystead'::regnamespace AND relowner <> 'keystead_owner'::regrole";
    assert_eq!(text(&mut admin, of_others).await, "");
    assert_eq!(text(&mut admin, "SELECT current_database()::text").await, server.store.url.rsplit('/').next().unwrap());
    let partitions: Vec<String> = sqlx::query_scalar(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'keystead.audit_logs'::regclass",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    // This month's and those ahead are made at the start, and what falls between them has a place as well.
    assert!(partitions.len() >= 5, "{partitions:?}");
    app_is_weak(&app, &partitions).await;
}

async fn app_is_weak(app: &str, partitions: &[String]) {
    let mut app = PgConnection::connect(app).await.unwrap();
    sqlx::raw_sql("SET search_path = keystead").execute(&mut app).await.unwrap();
    // Whoever names no organization and no person sees nobody's rows.
    for table in ["users", "teams", "memberships", "sessions", "audit_logs", "jobs"] {
        assert_eq!(text(&mut app, &format!("SELECT count(*)::text FROM {table}")).await, "0", "{table}");
    }
    let denied = [
        "CREATE TABLE keystead.mine (id int)",
        "CREATE FUNCTION keystead.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE teams ADD COLUMN mine int",
        "ALTER TABLE teams DISABLE ROW LEVEL SECURITY",
        "DROP POLICY teams_app ON teams",
        "DROP TABLE teams",
        "TRUNCATE teams",
        "ALTER ROLE keystead_app BYPASSRLS",
        "SET ROLE keystead_owner",
        "SET ROLE keystead_backup",
        "GRANT keystead_owner TO keystead_app",
        "DELETE FROM schema_migrations",
        "ALTER TABLE audit_logs DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ];
    for sql in denied {
        let why = refusal(&mut app, sql).await;
        assert!(
            ["permission denied", "must be owner", "must be able to SET ROLE", "does not exist"]
                .iter()
                .any(|reason| why.contains(reason))
                && (!why.contains("does not exist") || sql.starts_with("DROP POLICY")),
            "{sql}: {why}"
        );
    }
    // Not even by asking for everything: the rows are refused, not left out.
    let why = refusal(&mut app, "SET row_security = off; SELECT * FROM teams").await;
    assert!(why.contains("row-level security"), "{why}");
    sqlx::raw_sql("SET row_security = on").execute(&mut app).await.unwrap();
    for table in partitions.iter().map(String::as_str).chain(["keystead.audit_logs"]) {
        for change in ["UPDATE $ SET event_type = 'x'", "DELETE FROM $", "TRUNCATE $", "DROP TABLE $"] {
            let sql = change.replace('$', table);
            let why = refusal(&mut app, &sql).await;
            assert!(why.contains("permission denied") || why.contains("must be owner"), "{sql}: {why}");
        }
        if table != "keystead.audit_logs" {
            let why = refusal(&mut app, &format!("SELECT * FROM {table}")).await;
            assert!(why.contains("permission denied"), "{table}: {why}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn production_refuses_whom_row_level_security_does_not_bind() {
    let cluster = Cluster::start(Options::default());
    let database = cluster.server().database().await;
    let migrator = database.url_as("keystead_migrator", None);
    let mut store = store_at(database.url(), database);
    let production = [("KEYSTEAD_ENVIRONMENT", "production")];
    let said = keystead(&store, &production, &["serve"]);
    assert!(!said.succeeded);
    for part in ["DATABASE_URL signs in as postgres", "keystead database roles", "DATABASE_MIGRATION_URL"] {
        assert!(said.err.contains(part), "{said:?}");
    }
    // The same for a role that owns the tables, or may become their owner.
    assert!(keystead(&store, &[], &["database", "roles", "--run"]).succeeded);
    assert!(keystead(&store, &[], &["migrate", "up"]).succeeded);
    store.url = migrator;
    let said = keystead(&store, &production, &["serve"]);
    assert!(!said.succeeded && said.err.contains("DATABASE_URL signs in as keystead_migrator"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn development_makes_the_roles_and_works_as_the_weak_one() {
    let cluster = Cluster::start(Options::default());
    let database = cluster.server().database().await;
    let mut admin = database.connect().await;
    let store = Arc::new(TestStore::in_database(database));
    let settings = [("KEYSTEAD_ENVIRONMENT", "development")];
    let server = Server::start_on(store, &settings).await;
    let ada = Person::new(&server, "ada").await;
    let warning = "the database role is too strong; the server works as keystead_app instead";
    assert!(server.log().contains(warning), "{}", server.log());
    // Who writes, as the database sees it.
    let watch = "CREATE TABLE public.seen (who text); GRANT INSERT ON public.seen TO PUBLIC;
        CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO public.seen VALUES (current_user); RETURN new; END $$;
        CREATE TRIGGER see AFTER INSERT ON keystead.teams FOR EACH ROW EXECUTE FUNCTION public.see()";
    sqlx::raw_sql(watch).execute(&mut admin).await.unwrap();
    assert_eq!(ada.make_team(&server, "Team").await.unwrap().as_u16(), 201);
    assert_eq!(text(&mut admin, "SELECT string_agg(who, ', ') FROM public.seen").await, "keystead_app");
    let owners = "SELECT string_agg(DISTINCT relowner::regrole::text, ', ') FROM pg_class
        WHERE relnamespace = 'keystead'::regnamespace";
    assert_eq!(text(&mut admin, owners).await, "keystead_owner");
}
