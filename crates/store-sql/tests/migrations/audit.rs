//! Audit events can be added and read, by whomever; nothing else.

use crate::{
    generated::{ONE, PLATFORM_WORLD, seed},
    place::{Place, both, postgres},
};
use keystead_store_sql::{
    migrate::Run,
    schema::{APP, OWNER, table},
};
use sqlx::{AssertSqlSafe, PgConnection};

async fn seeded(place: Place) -> Place {
    place.migrator().up(Run::Apply, |_| ()).await.unwrap();
    seed(&place, &[PLATFORM_WORLD, ONE]).await;
    place
}
async fn run(connection: &mut PgConnection, sql: &str) -> Result<u64, String> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    done.map(|done| done.rows_affected()).map_err(|error| error.as_database_error().unwrap().message().to_owned())
}
async fn partitions(connection: &mut PgConnection) -> Vec<String> {
    let sql = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_logs'::regclass ORDER BY 1";
    sqlx::query_scalar(sql).fetch_all(connection).await.unwrap()
}
/// Adds an event of that time; everything else as generated.
fn event(id: &str, at: &str) -> String {
    let sql = ONE.row(table("audit_logs").unwrap(), true, &[]);
    let generated = ONE.value(table("audit_logs").unwrap(), table("audit_logs").unwrap().column("id").unwrap(), true);
    sql.replace(&generated, &format!("'{id}'")).replace("2026-11-21T01:02:03.123456+00:00", at)
}

#[tokio::test]
async fn nobody_changes_or_removes_events_on_postgres() {
    let place = seeded(postgres().await).await;
    let mut superuser = place.connect_as_superuser().await;
    let mut app = place.connect_as(APP).await;
    run(&mut superuser, "SELECT make_audit_partition('2031-05-17')").await.unwrap();
    // One that an operator makes by hand has the trigger for rows at least.
    run(&mut superuser, &format!("SET ROLE {OWNER}; CREATE TABLE audit_logs_by_hand PARTITION OF audit_logs FOR VALUES FROM ('2040-01-01') TO ('2041-01-01'); RESET ROLE")).await.unwrap();
    for (id, at) in [
        ("00000000-0000-7000-8000-0000000000a1", "2031-05-31T23:59:59Z"),
        ("00000000-0000-7000-8000-0000000000a2", "2040-05-01T00:00:00Z"),
    ] {
        run(&mut superuser, &event(id, at)).await.unwrap();
    }
    let mut tables = partitions(&mut superuser).await;
    assert!(tables.contains(&"audit_logs_2031_05".to_owned()), "{tables:?}");
    tables.push("audit_logs".to_owned());
    for table in &tables {
        for statement in [
            format!("UPDATE {table} SET severity = 'info'"),
            format!("UPDATE {table} SET severity = 'info' WHERE false"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table}"),
            format!("MERGE INTO {table} a USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE"),
        ] {
            if table == "audit_logs_by_hand" && (statement.contains("TRUNCATE") || statement.contains("false")) {
                continue;
            }
            let message = run(&mut app, &statement).await.unwrap_err();
            assert!(message.starts_with("permission denied"), "{statement}: {message}");
            for role in ["RESET ROLE".to_owned(), format!("SET ROLE {OWNER}")] {
                let message = run(&mut superuser, &format!("{role}; {statement}")).await.unwrap_err();
                assert!(message.contains("never changed or removed"), "{role}, {statement}: {message}");
            }
        }
    }
    run(&mut superuser, "RESET ROLE").await.unwrap();
    let insert_or_change = format!(
        "{} ON CONFLICT (id, created_at) DO UPDATE SET severity = 'info'",
        event("00000000-0000-7000-8000-0000000000a1", "2031-05-31T23:59:59Z")
    );
    assert!(run(&mut superuser, &insert_or_change).await.unwrap_err().contains("never changed"));
    assert_eq!(place.number("SELECT count(*) FROM audit_logs").await, 4);
}

#[tokio::test]
async fn nobody_changes_or_removes_events_on_sqlite() {
    let [place, _] = both().await;
    let place = seeded(place).await;
    let row = ONE.row(table("audit_logs").unwrap(), false, &[]);
    for statement in [
        "UPDATE audit_logs SET severity = 'info'".to_owned(),
        "UPDATE OR REPLACE audit_logs SET severity = 'info'".to_owned(),
        "DELETE FROM audit_logs".to_owned(),
        row.replace("INSERT", "INSERT OR REPLACE"),
        row.replace("INSERT", "REPLACE"),
    ] {
        let error = place.run(&statement).await.unwrap_err().to_string();
        assert!(error.contains("never changed or removed"), "{statement}: {error}");
    }
    assert_eq!(place.number("SELECT count(*) FROM audit_logs").await, 2);
}

#[tokio::test]
async fn partitions_are_made_once_and_an_insert_never_fails() {
    let place = seeded(postgres().await).await;
    let mut app = place.connect_as(APP).await;
    let make = |month: &str| format!("SELECT * FROM make_audit_partition('{month}') made WHERE made");
    assert_eq!(run(&mut app, &make("2032-02-29")).await, Ok(1));
    assert_eq!(run(&mut app, &make("2032-02-01")).await, Ok(0));
    // Far away, an event goes to the default partition, and stays there.
    let scope = format!("SET app.organization_id = '{}'", ONE.organization());
    run(&mut app, &scope).await.unwrap();
    run(&mut app, &event("00000000-0000-7000-8000-0000000000b1", "2035-07-31T23:59:59.999999Z")).await.unwrap();
    assert_eq!(run(&mut app, &make("2035-07-01")).await, Ok(0));
    assert_eq!(run(&mut app, &make("2035-08-01")).await, Ok(1));
    assert_eq!(place.number("SELECT count(*) FROM audit_logs_default").await, 1);
    // Months begin in UTC, whatever the session's zone.
    run(&mut app, "SET timezone = 'Pacific/Auckland'").await.unwrap();
    assert_eq!(run(&mut app, &make("2036-01-01")).await, Ok(1));
    run(&mut app, &event("00000000-0000-7000-8000-0000000000b2", "2036-01-31T23:59:59.999999Z")).await.unwrap();
    run(&mut app, &event("00000000-0000-7000-8000-0000000000b3", "2036-01-01T00:00:00Z")).await.unwrap();
    assert_eq!(place.number("SELECT count(*) FROM audit_logs_2036_01").await, 2);
    // The server reads through the parent only.
    assert!(run(&mut app, "SELECT * FROM audit_logs_2036_01").await.unwrap_err().starts_with("permission denied"));
    assert!(
        run(&mut app, "SELECT protect_audit_partition('audit_logs_default')")
            .await
            .unwrap_err()
            .starts_with("permission denied")
    );
    assert_eq!(place.migrator().check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_servers_make_the_same_partition_at_once() {
    let place = seeded(postgres().await).await;
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let mut app = place.connect_as(APP).await;
        tasks.push(tokio::spawn(async move {
            run(&mut app, "SELECT * FROM make_audit_partition('2033-03-01') made WHERE made").await
        }));
    }
    let mut made = 0;
    for task in tasks {
        made += task.await.unwrap().unwrap();
    }
    assert_eq!(made, 1);
}
