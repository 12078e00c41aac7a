//! Row-level security by itself: raw statements as the server's role, on every table that is declared.

use crate::{
    generated::{ONE, OTHER, PLATFORM_WORLD, World, seed},
    place::{Place, both, postgres},
};
use keystead_store_sql::{
    migrate::Run,
    schema::{APP, BACKUP, Class, Right, TABLES, Table},
};
use sqlx::{AssertSqlSafe, PgConnection};

async fn seeded(place: Place) -> Place {
    place.migrator().up(Run::Apply, |_| ()).await.unwrap();
    seed(&place, &[PLATFORM_WORLD, ONE, OTHER]).await;
    place
}

/// Runs one statement in a transaction of its own in the scope of `world`, and takes it back. The number of rows, or the SQLSTATE.
async fn attempt(connection: &mut PgConnection, world: Option<World>, sql: &str) -> Result<u64, String> {
    let scope = world.map_or_else(String::new, |world| {
        format!(
            "SET LOCAL app.organization_id = '{}'; SET LOCAL app.user_id = '{}';",
            world.organization(),
            world.user()
        )
    });
    sqlx::raw_sql(AssertSqlSafe(format!("BEGIN; {scope}"))).execute(&mut *connection).await.unwrap();
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *connection).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await.unwrap();
    done.map(|done| done.rows_affected())
        .map_err(|error| error.as_database_error().unwrap().code().unwrap().into_owned())
}

const FORBIDDEN: &str = "42501";
const DUPLICATE: &str = "23505";

fn may(table: &Table, right: Right) -> bool {
    table.app_may.contains(&right)
}
/// Sealed keys are readable from everywhere, by declaration.
fn is_shared(table: &Table) -> bool {
    table.class == Class::Platform || table.name == "encryption_keys"
}

#[tokio::test]
async fn unset_settings_see_nothing() {
    let place = seeded(postgres().await).await;
    let mut app = place.connect_as(APP).await;
    for settings in ["", "SET app.organization_id = ''; SET app.user_id = ''"] {
        sqlx::raw_sql(settings).execute(&mut app).await.unwrap();
        for table in TABLES {
            let seen = attempt(&mut app, None, &format!("SELECT * FROM {}", table.name)).await;
            match table.class {
                Class::System => assert_eq!(seen, Err(FORBIDDEN.to_owned()), "{}", table.name),
                Class::Platform => assert_eq!(seen, Ok(3), "{}", table.name),
                _ => assert_eq!(seen, Ok(0), "{}", table.name),
            }
            let written = attempt(&mut app, None, &ONE.row(table, true, &[])).await;
            assert_eq!(written, Err(FORBIDDEN.to_owned()), "{}", table.name);
        }
    }
}

#[tokio::test]
async fn an_organization_sees_its_own_and_what_it_inherits() {
    let place = seeded(postgres().await).await;
    let mut app = place.connect_as(APP).await;
    for table in TABLES.iter().filter(|table| may(table, Right::Select)) {
        let mut sees = async |world: World, whose: World| {
            let sql = format!("SELECT * FROM {} WHERE {}", table.name, whose.own(table, true));
            attempt(&mut app, Some(world), &sql).await == Ok(1)
        };
        assert!(sees(ONE, ONE).await, "{}", table.name);
        assert_eq!(sees(ONE, OTHER).await, is_shared(table), "{}", table.name);
        let inherited = table.class == Class::Inherited || is_shared(table);
        assert_eq!(sees(ONE, PLATFORM_WORLD).await, inherited, "{}", table.name);
        let from_platform = is_shared(table) || ["users", "organizations", "memberships"].contains(&table.name);
        assert_eq!(sees(PLATFORM_WORLD, ONE).await, from_platform, "{}", table.name);
    }
}

#[tokio::test]
async fn nobody_writes_into_another_organization() {
    let place = seeded(postgres().await).await;
    let mut app = place.connect_as(APP).await;
    for table in TABLES {
        let name = table.name;
        let is_catalogue = table.class == Class::Platform;
        let owner = if is_catalogue { PLATFORM_WORLD } else { ONE };
        let insert = |world: World| world.row(table, true, &[]);
        let column = table.columns[table.columns.len() - 1].name;
        let update = |world: World| format!("UPDATE {name} SET {column} = {column} WHERE {}", world.own(table, true));
        let delete = |world: World| format!("DELETE FROM {name} WHERE {}", world.own(table, true));

        if !may(table, Right::Insert) {
            assert_eq!(attempt(&mut app, Some(owner), &insert(owner)).await, Err(FORBIDDEN.to_owned()), "{name}");
        } else {
            // The row is there already; that it is said means that the policy let it through.
            assert_eq!(attempt(&mut app, Some(owner), &insert(owner)).await, Err(DUPLICATE.to_owned()), "{name}");
            for other in [OTHER, PLATFORM_WORLD].into_iter().filter(|_| !is_catalogue) {
                let persons_key = name == "encryption_keys" && other.name == PLATFORM_WORLD.name;
                let expected = if persons_key { DUPLICATE } else { FORBIDDEN };
                assert_eq!(attempt(&mut app, Some(ONE), &insert(other)).await, Err(expected.to_owned()), "{name}");
            }
            if is_catalogue {
                assert_eq!(attempt(&mut app, Some(ONE), &insert(ONE)).await, Err(FORBIDDEN.to_owned()), "{name}");
            }
        }
        for (right, statement) in [(Right::Update, &update as &dyn Fn(World) -> String), (Right::Delete, &delete)] {
            if !may(table, right) {
                assert_eq!(
                    attempt(&mut app, Some(owner), &statement(owner)).await,
                    Err(FORBIDDEN.to_owned()),
                    "{name}"
                );
                continue;
            }
            let own = attempt(&mut app, Some(owner), &statement(owner)).await;
            // A row that others refer to stays, but for that reason only.
            assert!(
                own == Ok(1) || own == Err("23001".to_owned()) || own == Err("23503".to_owned()),
                "{name}: {own:?}"
            );
            for other in [OTHER, PLATFORM_WORLD] {
                assert_eq!(attempt(&mut app, Some(ONE), &statement(other)).await, Ok(0), "{name}");
            }
        }
        // An own row cannot be given away either.
        if may(table, Right::Update) && !is_catalogue {
            let column = match table.class {
                _ if ["users", "organizations"].contains(&name) => "id",
                Class::Personal => "user_id",
                _ => "organization_id",
            };
            let value = OTHER.value(table, table.column(column).unwrap(), true);
            let sql = format!("UPDATE {name} SET {column} = {value} WHERE {}", ONE.own(table, true));
            assert_eq!(attempt(&mut app, Some(ONE), &sql).await, Err(FORBIDDEN.to_owned()), "{name}");
        }
    }
}

#[tokio::test]
async fn a_person_sees_the_own_rows_in_every_organization() {
    let place = seeded(postgres().await).await;
    let mut app = place.connect_as(APP).await;
    let scope = |organization: &str, user: &str| {
        format!("SET LOCAL app.organization_id = '{organization}'; SET LOCAL app.user_id = '{user}';")
    };
    let person = scope("", &ONE.user().to_string());
    let organization = scope(&ONE.organization().to_string(), "");
    for (settings, table, expected) in [
        (&person, "users", 1),
        (&person, "memberships", 1),
        (&person, "organizations", 1),
        (&person, "sessions", 1),
        (&person, "teams", 0),
        (&organization, "users", 1),
        (&organization, "memberships", 1),
        (&organization, "sessions", 0),
        (&organization, "refresh_tokens", 0),
    ] {
        let sql = format!("BEGIN; {settings} SELECT * FROM {table};");
        let seen = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut app).await.unwrap().len();
        sqlx::raw_sql("ROLLBACK").execute(&mut app).await.unwrap();
        assert_eq!(seen, expected, "{table} with {settings}");
    }
}

#[tokio::test]
async fn references_into_another_organization_are_refused() {
    for place in both().await {
        let place = seeded(place).await;
        let mut tried = 0;
        for table in TABLES {
            for key in table.foreign_keys.iter().filter(|key| key.columns.len() > 1) {
                // The other organization's row under the own organization's name, and altogether.
                let last = key.columns[key.columns.len() - 1];
                let names_organization = key.columns[0] != "organization_id" && key.columns[0] != "user_id";
                let mut instead = vec![vec![(last, OTHER)]];
                if names_organization {
                    instead.push(key.columns.iter().map(|column| (*column, OTHER)).collect());
                }
                for instead in instead {
                    let sql = format!("DELETE FROM {}; {}", table.name, ONE.row(table, place.is_postgres(), &instead));
                    let error = place.run(&sql).await.unwrap_err();
                    let error = error.as_database_error().unwrap();
                    assert!(
                        error.is_foreign_key_violation() || error.is_check_violation(),
                        "{}: {error} for {sql}",
                        table.name
                    );
                    tried += 1;
                }
            }
        }
        assert!(tried >= 8, "{tried}");
    }
}

#[tokio::test]
async fn the_backup_reads_everything_and_writes_nothing() {
    let place = seeded(postgres().await).await;
    let mut backup = place.connect_as(BACKUP).await;
    let partitions: Vec<String> =
        sqlx::query_scalar("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_logs'::regclass")
            .fetch_all(&mut backup)
            .await
            .unwrap();
    assert!(partitions.len() > 1);
    let mut rows_in_partitions = 0;
    for partition in partitions {
        rows_in_partitions += attempt(&mut backup, None, &format!("SELECT * FROM {partition}")).await.unwrap();
    }
    assert_eq!(rows_in_partitions, 3);
    for table in TABLES {
        assert_eq!(attempt(&mut backup, None, &format!("SELECT * FROM {}", table.name)).await, Ok(3), "{}", table.name);
        assert_eq!(attempt(&mut backup, None, &ONE.row(table, true, &[])).await, Err(FORBIDDEN.to_owned()));
        assert_eq!(attempt(&mut backup, None, &format!("DELETE FROM {}", table.name)).await, Err(FORBIDDEN.to_owned()));
    }
    assert!(attempt(&mut backup, None, "SELECT * FROM schema_migrations").await.unwrap() > 0);
}

#[tokio::test]
async fn rows_survive_on_the_way_up_and_are_gone_after_the_way_down() {
    for place in both().await {
        let place = seeded(place).await;
        let migrator = place.migrator();
        assert!(migrator.up(Run::Apply, |_| ()).await.unwrap().is_empty());
        assert_eq!(place.number("SELECT count(*) FROM users").await, 3);
        migrator.down(usize::MAX, Run::Apply, |_| ()).await.unwrap();
        assert_eq!(place.tables().await, ["schema_migrations"]);
        migrator.up(Run::Apply, |_| ()).await.unwrap();
        assert_eq!(place.number("SELECT count(*) FROM users").await, 0);
        seed(&place, &[PLATFORM_WORLD, ONE]).await;
        assert_eq!(migrator.check().await.unwrap(), Vec::<String>::new());
    }
}
