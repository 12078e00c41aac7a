//! The database roles: made by whoever may, and no stronger than they must be.

use crate::place::{Place, clock, postgres};
use keystead_domain::SeededRandom;
use keystead_store_sql::{
    migrate::{MigrationTarget, Migrator, Run},
    roles::{RoleOptions, RolePassword, apply_roles, are_made, role_sql, who_am_i},
    schema::{APP, MIGRATOR, OWNER},
};
use keystead_testkit::postgres::{Cluster, Options};
use sqlx::{Connection, PgConnection};

fn migrator_at(url: &str) -> Migrator {
    Migrator::new(MigrationTarget::Postgres(Box::new(url.parse().unwrap())), clock())
}

/// In a server that has none yet, from several databases at once, twice each.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn roles_are_made_by_several_at_once() {
    let cluster = Cluster::start(Options::default());
    let mut places = Vec::new();
    for _ in 0..4 {
        places.push(Place::Postgres(cluster.server().database().await));
    }
    let mut tasks = Vec::new();
    for place in places.iter().chain(&places) {
        let migrator = place.migrator();
        tasks.push(tokio::spawn(async move { migrator.up(Run::Apply, |_| ()).await }));
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    for place in &places {
        // And again, where they are.
        apply_roles(&place.database().url().parse().unwrap(), &RoleOptions::default()).await.unwrap();
        assert!(are_made(&mut place.database().connect().await).await.unwrap());
        assert_eq!(place.migrator().check().await.unwrap(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn everyone_is_recognized() {
    let place = postgres().await;
    let mut superuser = place.database().connect().await;
    assert!(!are_made(&mut superuser).await.unwrap());
    place.migrator().up(Run::Apply, |_| ()).await.unwrap();
    let superuser = who_am_i(&mut superuser).await.unwrap();
    assert!(superuser.superuser && superuser.owns_tables && superuser.member_of_app && superuser.is_too_strong());
    let app = who_am_i(&mut place.connect_as(APP).await).await.unwrap();
    assert_eq!(app.name, APP);
    assert!(app.member_of_app && !app.is_too_strong(), "{app:?}");
    let migrator = who_am_i(&mut place.connect_as(MIGRATOR).await).await.unwrap();
    assert!(migrator.member_of_owner && !migrator.superuser && migrator.is_too_strong(), "{migrator:?}");
}

#[tokio::test]
async fn the_migrator_migrates_and_the_owner_owns() {
    let place = postgres().await;
    let app = migrator_at(&place.database().url_as(APP, None));
    apply_roles(&place.database().url().parse().unwrap(), &RoleOptions::default()).await.unwrap();
    let migrator = migrator_at(&place.database().url_as(MIGRATOR, None));
    assert!(migrator.pending().await.unwrap() > 0);
    let error = app.up(Run::Apply, |_| ()).await.unwrap_err();
    assert_eq!(error.code, "database_roles", "{error}");
    assert!(error.message.contains(APP));
    migrator.up(Run::Apply, |_| ()).await.unwrap();
    for looking in [&migrator, &app, &place.migrator()] {
        assert_eq!(looking.pending().await.unwrap(), 0);
        assert_eq!(looking.check().await.unwrap(), Vec::<String>::new());
    }
    let strangers = format!(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'keystead'::regnamespace AND relowner <> '{OWNER}'::regrole"
    );
    assert_eq!(place.number(&strangers).await, 0);
}

#[tokio::test]
async fn a_migrator_without_roles_says_what_to_do() {
    let place = postgres().await;
    // Its roles exist in the server; in this database nothing has been made.
    apply_roles(&postgres().await.database().url().parse().unwrap(), &RoleOptions::default()).await.unwrap();
    let error = migrator_at(&place.database().url_as(MIGRATOR, None)).up(Run::Apply, |_| ()).await.unwrap_err();
    assert!(error.message.contains("keystead database roles"), "{error}");
}

/// A managed service gives no superuser: its administrator owns the database and makes roles.
#[tokio::test]
async fn an_administrator_without_superuser_can_do_it_all() {
    let cluster = Cluster::start(Options::default());
    let place = Place::Postgres(cluster.server().database().await);
    let name = place.database().name().to_owned();
    place
        .run(&format!("CREATE ROLE administrator LOGIN CREATEROLE; ALTER DATABASE {name} OWNER TO administrator"))
        .await
        .unwrap();
    let url = place.database().url_as("administrator", None);
    let administrator = migrator_at(&url);
    administrator.up(Run::Apply, |_| ()).await.unwrap();
    assert_eq!(administrator.check().await.unwrap(), Vec::<String>::new());
    // A development server signs in as it and works as the weak role.
    let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
    let mut serving = PgConnection::connect_with(&options.options([("role", APP)])).await.unwrap();
    let user = who_am_i(&mut serving).await.unwrap();
    assert!(user.name == APP && !user.is_too_strong(), "{user:?}");
    let mut itself = PgConnection::connect(&url).await.unwrap();
    let user = who_am_i(&mut itself).await.unwrap();
    assert!(user.member_of_app && user.member_of_owner && user.is_too_strong(), "{user:?}");
    // And again, with passwords, which the database keeps as they were sent.
    let password = RolePassword::new("a password of the app", &SeededRandom::new(1)).unwrap();
    let options = RoleOptions { app_password: Some(password), ..RoleOptions::default() };
    assert!(!role_sql(&options).contains("a password of the app"));
    apply_roles(&url.parse().unwrap(), &options).await.unwrap();
    let mut superuser = place.database().connect().await;
    let kept: String = sqlx::query_scalar("SELECT rolpassword FROM pg_authid WHERE rolname = $1")
        .bind(APP)
        .fetch_one(&mut superuser)
        .await
        .unwrap();
    assert!(role_sql(&options).contains(&kept));
    administrator.down(usize::MAX, Run::Apply, |_| ()).await.unwrap();
}

/// Signs in with the password that was sent as a verifier.
#[tokio::test]
async fn a_role_signs_in_with_its_password() {
    let rule = format!("host all {APP} 127.0.0.1/32 scram-sha-256");
    let cluster = Cluster::start(Options { access_rules: vec![rule], ..Options::default() });
    let place = Place::Postgres(cluster.server().database().await);
    let password = RolePassword::new("Straße is not ASCII, this is", &SeededRandom::new(1));
    assert!(password.is_err());
    let password = RolePassword::new("ASCII:/this?is", &SeededRandom::new(1)).unwrap();
    let options = RoleOptions { app_password: Some(password), ..RoleOptions::default() };
    apply_roles(&place.database().url().parse().unwrap(), &options).await.unwrap();
    assert!(PgConnection::connect(&place.database().url_as(APP, Some("wrong"))).await.is_err());
    let mut app = PgConnection::connect(&place.database().url_as(APP, Some("ASCII:/this?is"))).await.unwrap();
    assert_eq!(who_am_i(&mut app).await.unwrap().name, APP);
}

#[tokio::test]
async fn a_role_that_row_level_security_does_not_bind_is_refused() {
    let cluster = Cluster::start(Options::default());
    let place = Place::Postgres(cluster.server().database().await);
    place.migrator().up(Run::Apply, |_| ()).await.unwrap();
    place.run("ALTER ROLE keystead_app BYPASSRLS").await.unwrap();
    let error = apply_roles(&place.database().url().parse().unwrap(), &RoleOptions::default()).await.unwrap_err();
    assert!(error.message.contains("would not bind keystead_app"), "{error}");
    assert_eq!(place.migrator().check().await.unwrap(), ["role keystead_app: row-level security does not bind it"]);
    place.run("ALTER ROLE keystead_app NOBYPASSRLS; GRANT keystead_owner TO keystead_app").await.unwrap();
    assert!(apply_roles(&place.database().url().parse().unwrap(), &RoleOptions::default()).await.is_err());
    let app = who_am_i(&mut place.connect_as(APP).await).await.unwrap();
    assert!(app.is_too_strong());
}
