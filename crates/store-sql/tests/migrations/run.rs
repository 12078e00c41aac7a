//! Up, down, up again; at once; edited, newer, broken.

use crate::place::{Place, both, postgres};
use keystead_domain::Result;
use keystead_store_sql::{
    migrate::{MIGRATIONS, Migration, MigrationTarget, Migrator, Progress, Run, Statements, Step},
    schema::TABLES,
};

async fn up(migrator: &Migrator) -> Result<Vec<String>> {
    Ok(folders(&migrator.up(Run::Apply, |_| ()).await?))
}
async fn down(migrator: &Migrator, count: usize) -> Result<Vec<String>> {
    Ok(folders(&migrator.down(count, Run::Apply, |_| ()).await?))
}
fn folders(steps: &[Step]) -> Vec<String> {
    steps.iter().map(|step| step.folder.clone()).collect()
}
fn all() -> Vec<String> {
    MIGRATIONS.iter().map(|migration| migration.folder.to_string()).collect()
}
fn migration(folder: &'static str, up: &'static str, down: &'static str) -> Migration {
    let same = |sql: &'static str| Statements { postgres: sql.into(), sqlite: sql.into() };
    Migration { folder: folder.into(), up: same(up), down: same(down) }
}
/// Three small ones, the second with a function body that must not be split on PostgreSQL.
fn small() -> Vec<Migration> {
    let mut two = migration("0002_two", "CREATE TABLE two (id INTEGER PRIMARY KEY, note TEXT);", "DROP TABLE two;");
    two.up.postgres = "CREATE TABLE two (id INTEGER PRIMARY KEY, note TEXT);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'a;b'; RETURN NEW; END $$;
        CREATE TRIGGER two_note BEFORE INSERT ON two FOR EACH ROW EXECUTE FUNCTION note();"
        .into();
    two.down.postgres = "DROP TABLE two; DROP FUNCTION note();".into();
    vec![
        migration("0001_one", "CREATE TABLE one (id INTEGER PRIMARY KEY);", "DROP TABLE one;"),
        two,
        migration("0003_three", "CREATE TABLE three (id INTEGER PRIMARY KEY);", "DROP TABLE three;"),
    ]
}

#[tokio::test]
async fn up_twice_down_and_up_again() {
    for place in both().await {
        let migrator = place.migrator();
        assert_eq!(migrator.pending().await.unwrap(), MIGRATIONS.len());
        let mut seen = Vec::new();
        let steps = migrator
            .up(Run::Apply, |progress| {
                seen.push(match progress {
                    Progress::Begins(folder) => format!("begins {folder}"),
                    Progress::Done(step) => format!("done {}", step.folder),
                });
            })
            .await
            .unwrap();
        assert_eq!(folders(&steps), all());
        assert_eq!(seen.len(), 2 * MIGRATIONS.len());
        assert_eq!(seen[..2], ["begins 0001_foundation", "done 0001_foundation"]);
        assert_eq!(migrator.pending().await.unwrap(), 0);
        assert!(up(&migrator).await.unwrap().is_empty());

        let mut expected: Vec<_> = TABLES.iter().map(|table| table.name.to_owned()).collect();
        expected.push("schema_migrations".to_owned());
        expected.sort();
        assert_eq!(place.tables().await, expected);
        let history = migrator.history().await.unwrap();
        assert_eq!(history[0].name, "foundation");
        assert_eq!(history[0].applied_at.to_string(), "2026-11-21T01:02:03.123456Z");

        let mut backwards = all();
        backwards.reverse();
        assert_eq!(down(&migrator, usize::MAX).await.unwrap(), backwards);
        assert_eq!(place.tables().await, ["schema_migrations"]);
        assert!(down(&migrator, 1).await.unwrap().is_empty());
        assert_eq!(up(&migrator).await.unwrap(), all());
        assert_eq!(place.tables().await, expected);
    }
}

#[tokio::test]
async fn looking_changes_nothing() {
    for place in both().await {
        let migrator = place.migrator();
        let steps = migrator.up(Run::Dry, |_| panic!("nothing happens")).await.unwrap();
        assert_eq!(folders(&steps), all());
        assert!(steps[0].sql.contains("CREATE TABLE organizations ("));
        let status = migrator.status().await.unwrap();
        assert_eq!((status.applied.len(), status.pending, status.refusal), (0, all(), None));
        match &place {
            Place::Sqlite(file) => assert!(!file.path().exists()),
            Place::Postgres(_) => assert!(place.run("CREATE SCHEMA keystead").await.is_ok()),
        }
        if place.is_postgres() {
            place.run("DROP SCHEMA keystead").await.unwrap();
        }
        up(&migrator).await.unwrap();
        let steps = migrator.down(1, Run::Dry, |_| ()).await.unwrap();
        assert_eq!(folders(&steps), all()[MIGRATIONS.len() - 1..]);
        assert_eq!(migrator.pending().await.unwrap(), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_servers_start_at_once() {
    for place in both().await {
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let migrator = place.migrator();
                tokio::spawn(async move { up(&migrator).await })
            })
            .collect();
        let mut applied = Vec::new();
        for task in tasks {
            applied.extend(task.await.unwrap().unwrap());
        }
        applied.sort();
        assert_eq!(applied, all());
    }
}

#[tokio::test]
async fn steps_are_taken_back_one_by_one() {
    for place in both().await {
        let migrator = place.migrator_with(&small());
        up(&migrator).await.unwrap();
        place.run("INSERT INTO two (id) VALUES (1)").await.unwrap();
        assert_eq!(down(&migrator, 1).await.unwrap(), ["0003_three"]);
        assert_eq!(place.number("SELECT count(*) FROM two").await, 1);
        assert_eq!(down(&migrator, 1).await.unwrap(), ["0002_two"]);
        assert_eq!(place.tables().await, ["one", "schema_migrations"]);
        assert_eq!(up(&migrator).await.unwrap(), ["0002_two", "0003_three"]);
    }
}

#[tokio::test]
async fn an_edited_migration_is_refused_by_name() {
    for place in both().await {
        up(&place.migrator_with(&small())).await.unwrap();
        let mut edited = small();
        edited[1].up = migration("0002_two", "CREATE TABLE other (id INTEGER);", "").up;
        edited.push(migration("0004_four", "CREATE TABLE four (id INTEGER);", ""));
        let migrator = place.migrator_with(&edited);
        for error in [up(&migrator).await.unwrap_err(), down(&migrator, 1).await.unwrap_err()] {
            assert_eq!(error.code, "migration_edited");
            assert!(error.message.contains("0002_two"), "{error}");
        }
        let status = migrator.status().await.unwrap();
        assert!(status.refusal.unwrap().contains("0002_two"));
        assert_eq!(place.tables().await, ["one", "schema_migrations", "three", "two"]);
    }
}

#[tokio::test]
async fn a_newer_database_and_a_gap_are_refused() {
    for place in both().await {
        up(&place.migrator_with(&small())).await.unwrap();
        let older = place.migrator_with(&small()[..2]);
        for error in
            [up(&older).await.unwrap_err(), down(&older, 1).await.unwrap_err(), older.pending().await.unwrap_err()]
        {
            assert_eq!(error.code, "database_newer");
            assert!(error.message.contains("0003_three"), "{error}");
        }
        place.run("DELETE FROM schema_migrations WHERE version = 2").await.unwrap();
        assert_eq!(up(&place.migrator_with(&small())).await.unwrap_err().code, "migration_gap");
        assert_eq!(up(&place.migrator_with(&small()[1..])).await.unwrap_err().code, "migration_gap");
    }
}

#[tokio::test]
async fn a_failure_in_the_middle_leaves_nothing() {
    for place in both().await {
        let mut broken = small();
        broken[1].up = migration(
            "0002_two",
            "CREATE TABLE two (id INTEGER PRIMARY KEY); CREATE TABLE half (id INTEGER); SELECT * FROM nowhere;",
            "",
        )
        .up;
        let error = up(&place.migrator_with(&broken)).await.unwrap_err();
        assert_eq!(error.code, "migration_failed");
        assert!(error.message.contains("0002_two") && error.message.contains("nowhere"), "{error}");
        assert_eq!(place.tables().await, ["one", "schema_migrations"]);
        // The mended one goes on where the broken one failed.
        assert_eq!(up(&place.migrator_with(&small())).await.unwrap(), ["0002_two", "0003_three"]);
        // The same on the way back.
        let mut broken = small();
        broken[2].down = migration("0003_three", "", "DROP TABLE three; DROP TABLE nowhere;").down;
        let place_of_its_own =
            if place.is_postgres() { postgres().await } else { both().await.into_iter().next().unwrap() };
        let migrator = place_of_its_own.migrator_with(&broken);
        up(&migrator).await.unwrap();
        assert_eq!(down(&migrator, 1).await.unwrap_err().code, "migration_failed");
        assert_eq!(place_of_its_own.tables().await, ["one", "schema_migrations", "three", "two"]);
        assert_eq!(migrator.history().await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn rebuilding_a_table_keeps_the_rows_that_refer_to_it() {
    let [place, _] = both().await;
    let parents = migration(
        "0001_parents",
        "CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT;
         CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parents (id) ON DELETE CASCADE) STRICT;
         INSERT INTO parents VALUES (1), (2); INSERT INTO children VALUES (10, 1), (20, 2);",
        "",
    );
    let rebuild = |rows: &'static str| {
        let mut rebuild = migration("0002_rebuild", "", "");
        rebuild.up.sqlite = format!(
            "CREATE TABLE parents_new (id INTEGER PRIMARY KEY, name TEXT) STRICT;
             INSERT INTO parents_new (id) SELECT id FROM parents {rows};
             DROP TABLE parents; ALTER TABLE parents_new RENAME TO parents;"
        )
        .into();
        rebuild
    };
    // One that loses a row on the way is found out before it is committed.
    let error = up(&place.migrator_with(&[parents.clone(), rebuild("WHERE id = 1")])).await.unwrap_err();
    assert!(error.message.contains("children"), "{error}");
    assert_eq!(place.number("SELECT count(*) FROM parents").await, 2);
    up(&place.migrator_with(&[parents, rebuild("")])).await.unwrap();
    assert_eq!(place.number("SELECT count(*) FROM children").await, 2);
}

#[tokio::test]
async fn a_store_in_memory_is_migrated_through_its_pool() {
    let options = sqlx::sqlite::SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
    let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let migrator = Migrator::new(MigrationTarget::Memory(pool.clone()), crate::place::clock());
    assert_eq!(up(&migrator).await.unwrap(), all());
    let on: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&pool).await.unwrap();
    assert_eq!(on, 1);
}

#[tokio::test]
async fn no_address_is_shown() {
    let target = MigrationTarget::Postgres(Box::new("postgres://ada:secret@127.0.0.1:1/none".parse().unwrap()));
    let migrator = Migrator::new(target, crate::place::clock());
    let error = up(&migrator).await.unwrap_err();
    assert!(!format!("{error:?} {migrator:?}").contains("secret"));
}
