//! TLS to PostgreSQL: who is trusted, who is let in, and that no secret is told on the way.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test reports by panicking")]

mod authority;
mod listening;

use authority::{Authority, Signed};
use keystead_domain::{Error, FixedClock, Timestamp};
use keystead_store::Store;
use keystead_store_sql::{
    PostgresSettings, SqlStore, StoreSettings,
    migrate::{Migrator, Run},
    schema::{APP, MIGRATOR},
};
use keystead_testkit::postgres::{Binaries, Cluster, Database, Options, shared};
use std::{path::PathBuf, sync::Arc};
use tempfile::TempDir;

/// Nobody's password: it must not be found anywhere.
const PASSWORD: &str = "Hk2-never-shown-9Zq";

/// A server that takes TLS connections only, with certificates beside it.
struct Place {
    authority: Authority,
    cluster: Cluster,
    folder: TempDir,
}

impl Place {
    /// Its certificate is for `host`. With `client_certificates`, nobody but the superuser gets in without one.
    fn new(host: &str, client_certificates: bool) -> Self {
        let authority = Authority::new("the test's authority");
        let server = authority.for_server(host);
        let mut access_rules = vec!["hostnossl all all all reject".to_owned()];
        if client_certificates {
            access_rules.push("hostssl all postgres all password".to_owned());
            access_rules.push("hostssl all all all cert".to_owned());
        }
        let setting = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let cluster = Cluster::start(Options {
            binaries: Some(Binaries::with_tls()),
            settings: vec![setting("ssl", "on"), setting("ssl_ca_file", "authority.crt")],
            access_rules,
            files: vec![
                ("server.crt".to_owned(), server.certificate.into_bytes()),
                ("server.key".to_owned(), server.key.into_bytes()),
                ("authority.crt".to_owned(), authority.certificate().into_bytes()),
            ],
            ..Options::default()
        });
        Self { authority, cluster, folder: tempfile::tempdir().unwrap() }
    }

    async fn database(&self) -> Database {
        self.cluster.server().database().await
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn trusting(&self, mode: &str, authority: &Authority) -> PostgresSettings {
        PostgresSettings {
            ssl_mode: Some(mode.to_owned()),
            ssl_root_cert: Some(self.file("root.crt", &authority.certificate())),
            ..PostgresSettings::default()
        }
    }

    fn showing(&self, settings: PostgresSettings, client: &Signed) -> PostgresSettings {
        PostgresSettings {
            ssl_client_cert: Some(self.file("client.crt", &client.certificate)),
            ssl_client_key: Some(self.file("client.key", &client.key)),
            ..settings
        }
    }
}

fn at(url: &str, postgres: PostgresSettings) -> StoreSettings {
    StoreSettings { postgres, ..StoreSettings::new(url.parse().unwrap()) }
}

fn by_name(url: &str) -> String {
    url.replace("127.0.0.1", "localhost")
}

async fn connect(url: &str, postgres: &PostgresSettings) -> Result<SqlStore, Error> {
    SqlStore::connect(&at(url, postgres.clone())).await
}

fn migrator(store: &SqlStore) -> Migrator {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-11-21T01:02:03Z").unwrap()));
    Migrator::new(store.migration_target().unwrap(), clock)
}

async fn migrate(store: &SqlStore) {
    migrator(store).up(Run::Apply, |_| {}).await.unwrap();
}

/// The refusal, which tells the log why, and never with which address.
async fn refused(url: &str, postgres: &PostgresSettings, because: &str) {
    let Err(error) = connect(url, postgres).await else { panic!("not refused: {because}") };
    let (said, told) = (error.to_string(), format!("{error:?}"));
    assert_eq!(error.code, "database_unreachable", "{told}");
    assert!(told.to_lowercase().contains(because), "{because}: {told}");
    for text in [said, told] {
        assert!(!text.contains(PASSWORD) && !text.contains("postgres://"), "{text}");
    }
}

#[tokio::test]
async fn the_right_authority_and_name_are_trusted_by_store_and_migrator() {
    let place = Place::new("localhost", false);
    let database = place.database().await;
    let url = by_name(&database.url());
    let store = connect(&url, &place.trusting("verify-full", &place.authority)).await.unwrap();
    migrate(&store).await;
    assert_eq!(store.health().await.pending_migrations, Ok(0));
    // The same by the address alone, as other PostgreSQL programs take it.
    let root = place.file("root.crt", &place.authority.certificate());
    let url = format!("{url}?sslmode=verify-full&sslrootcert={}", root.display());
    let store = connect(&url, &PostgresSettings::default()).await.unwrap();
    migrate(&store).await;
}

#[tokio::test]
async fn another_authority_another_name_and_no_tls_are_refused() {
    let place = Place::new("localhost", false);
    let database = place.database().await;
    let numeric = database.url_as(APP, Some(PASSWORD));
    let named = by_name(&numeric);
    let stranger = Authority::new("a stranger");
    refused(&named, &place.trusting("verify-full", &stranger), "unknownissuer").await;
    refused(&named, &place.trusting("verify-ca", &stranger), "unknownissuer").await;
    let trusting = place.trusting("verify-full", &place.authority);
    refused(&numeric, &trusting, "not valid for name").await;
    // Without asking for the name, it may have another.
    connect(&database.url().replace("localhost", "127.0.0.1"), &place.trusting("verify-ca", &place.authority))
        .await
        .unwrap();
    // A server that does not speak TLS, or somebody between who says that it does not.
    let plain = shared().await.database().await;
    refused(&by_name(&plain.url_as(APP, Some(PASSWORD))), &trusting, "tls").await;
    let missing = PostgresSettings { ssl_root_cert: Some(place.folder.path().join("none.crt")), ..trusting };
    refused(&named, &missing, "no such file").await;
}

#[tokio::test]
async fn a_client_certificate_lets_its_own_role_in() {
    let place = Place::new("localhost", true);
    let database = place.database().await;
    let trusting = place.trusting("verify-full", &place.authority);
    // Roles and schema are the superuser's work, who has a password here.
    migrate(&connect(&by_name(&database.url()), &trusting).await.unwrap()).await;
    for role in [APP, MIGRATOR] {
        let url = by_name(&database.url_as(role, None));
        let store = connect(&url, &place.showing(trusting.clone(), &place.authority.for_client(role))).await.unwrap();
        // Its migrator shows the certificate as well.
        assert_eq!(migrator(&store).pending().await.unwrap(), 0);
    }
    let app = by_name(&database.url_as(APP, Some(PASSWORD)));
    refused(&app, &trusting, "certificate").await;
    let anothers = place.authority.for_client(MIGRATOR);
    refused(&app, &place.showing(trusting.clone(), &anothers), "authentication failed").await;
    let strangers = Authority::new("a stranger").for_client(APP);
    refused(&app, &place.showing(trusting, &strangers), "").await;
}

/// Everything that is logged, at the finest level, while connections fail and succeed.
#[tokio::test]
async fn addresses_are_never_told() {
    listening::start();
    let place = Place::new("localhost", false);
    let database = place.database().await;
    migrate(&connect(&database.url(), &PostgresSettings::default()).await.unwrap()).await;
    let url = by_name(&database.url_as(APP, Some(PASSWORD)));
    let trusting = place.trusting("verify-full", &place.authority);
    let settings = StoreSettings { log_statements: true, ..at(&url, trusting.clone()) };
    let store = SqlStore::connect(&settings).await.unwrap();
    assert!(store.health().await.database.is_ok());
    refused(&url.replace("localhost", "127.0.0.1"), &trusting, "not valid for name").await;
    // Nobody listens there.
    let nowhere = url.replace(&format!(":{}/", place.cluster.port()), ":1/");
    refused(&nowhere, &trusting, "refused").await;
    let unknown = url.replace(&format!("{APP}:"), "nobody_of_this_name:");
    refused(&unknown, &trusting, "nobody_of_this_name").await;
    let shown = format!("{settings:?} {settings:#?} {:?} {}", settings.target, settings.target);
    let migrator = format!("{:?}", store.migration_target().unwrap());
    for text in [&listening::heard(), &shown, &migrator] {
        assert!(!text.contains(PASSWORD) && !text.contains("postgres://"), "{text}");
    }
    assert!(listening::heard().contains("keystead.schema_migrations"), "the listener hears nothing");
}
