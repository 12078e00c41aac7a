//! The ways to PostgreSQL: over TLS with certificates, and through a pooler.

use crate::{
    command::keystead,
    support::{Person, Server, TestStore},
};
use keystead_testkit::postgres::{Binaries, Cluster, Options, PgBouncer};
use rcgen::{CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use sqlx::{Connection, PgConnection};
use std::sync::Arc;

/// Signs certificates.
fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for this host or role, and its key.
fn signed(authority: &CertifiedIssuer<'static, KeyPair>, name: &str) -> (String, String) {
    let mut parameters = CertificateParams::new(vec![name.replace('_', "-")]).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().unwrap();
    (parameters.signed_by(&key, authority).unwrap().pem(), key.serialize_pem())
}

/// Commands, migrations and the server itself use the same settings.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_goes_over_tls_with_certificates() {
    let (ours, theirs) = (authority("ours"), authority("theirs"));
    let (certificate, key) = signed(&ours, "localhost");
    let setting = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let cluster = Cluster::start(Options {
        binaries: Some(Binaries::with_tls()),
        settings: vec![setting("ssl", "on"), setting("ssl_ca_file", "authority.crt")],
        access_rules: vec![
            "hostnossl all all all reject".to_owned(),
            "hostssl all postgres all password".to_owned(),
            // One certificate of the installation may be any of its roles.
            "hostssl all all all cert map=keystead".to_owned(),
        ],
        files: vec![
            ("server.crt".to_owned(), certificate.into_bytes()),
            ("server.key".to_owned(), key.into_bytes()),
            ("authority.crt".to_owned(), ours.pem().into_bytes()),
            (
                "pg_ident.conf".to_owned(),
                b"keystead installation keystead_app\nkeystead installation keystead_migrator\n".to_vec(),
            ),
        ],
        ..Options::default()
    });
    let database = cluster.server().database().await;
    let named = |url: String| url.replace("127.0.0.1", "localhost");
    let (superuser, migrator) = (named(database.url()), named(database.url_as("keystead_migrator", None)));
    let app = named(database.url_as("keystead_app", None));
    let mut store = TestStore::in_database(database);
    let file = |name: &str, content: &str| {
        let path = store.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    };
    let (certificate, key) = signed(&ours, "installation");
    let (root, stranger) = (file("root.crt", &ours.pem()), file("stranger.crt", &theirs.pem()));
    let (certificate, key) = (file("client.crt", &certificate), file("client.key", &key));
    let settings = |root: &str| {
        vec![
            ("KEYSTEAD_POSTGRES_SSL_MODE", "verify-full".to_owned()),
            ("KEYSTEAD_POSTGRES_SSL_ROOT_CERT", root.to_owned()),
            ("KEYSTEAD_POSTGRES_SSL_CLIENT_CERT", certificate.clone()),
            ("KEYSTEAD_POSTGRES_SSL_CLIENT_KEY", key.clone()),
            ("KEYSTEAD_ENVIRONMENT", "production".to_owned()),
        ]
    };
    let (right, wrong) = (settings(&root), settings(&stranger));
    let borrow = |settings: &[(&'static str, String)], migrator: &str| -> Vec<(&'static str, String)> {
        settings.iter().cloned().chain([("DATABASE_MIGRATION_URL", migrator.to_owned())]).collect()
    };

    store.url = app;
    let run = |settings: &[(&'static str, String)], migrator: &str, arguments: &[&str]| {
        let settings = borrow(settings, migrator);
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        keystead(&store, &settings, arguments)
    };
    let said = run(&wrong, &superuser, &["database", "roles", "--run"]);
    assert!(!said.succeeded && said.err.contains("UnknownIssuer"), "{said:?}");
    let said = run(&right, &superuser, &["database", "roles", "--run"]);
    assert!(said.succeeded, "{said:?}");
    for arguments in [&["migrate", "up"][..], &["serve"], &["doctor"]] {
        let said = run(&wrong, &migrator, arguments);
        assert!(!said.succeeded && said.all().contains("UnknownIssuer"), "{arguments:?} {said:?}");
    }
    let said = run(&right, &migrator, &["migrate", "up"]);
    assert!(said.succeeded, "{said:?}");
    let said = run(&right, &migrator, &["doctor"]);
    assert!(said.succeeded, "{said:?}");
    let settings = borrow(&right, &migrator);
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let server = Server::start_on(Arc::new(store), &settings).await;
    let ada = Person::new(&server, "ada").await;
    assert_eq!(ada.make_team(&server, "Team").await.unwrap().as_u16(), 201);
    let mut admin = PgConnection::connect(&format!("{superuser}?sslmode=require")).await.unwrap();
    let plain: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename LIKE 'keystead%' AND NOT ssl",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(plain, 0);
}

/// A server behind a pooler in transaction mode, on one connection, starts again and again and works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_works_behind_a_pooler() {
    let cluster = Cluster::start(Options::default());
    let database = cluster.server().database().await;
    let (direct, app) = (database.url(), database.url_as("keystead_app", None));
    let pooler = PgBouncer::start(cluster.server(), 1, &["keystead_app"]);
    let mut store = TestStore::in_database(database);
    assert!(keystead(&store, &[], &["database", "roles", "--run"]).succeeded);
    store.url = pooler.url(&app);
    let settings = [
        ("KEYSTEAD_ENVIRONMENT", "production"),
        ("KEYSTEAD_POSTGRES_POOLER", "true"),
        ("DATABASE_MIGRATION_URL", direct.as_str()),
    ];
    let mut server = Server::start_on(Arc::new(store), &settings).await;
    let ada = Person::new(&server, "ada").await;
    for number in 0..3 {
        assert_eq!(ada.make_team(&server, &format!("Team {number}")).await.unwrap().as_u16(), 201);
        let said = keystead(&server.store, &settings, &["doctor"]);
        assert!(said.succeeded, "{said:?}");
        server.stop();
        server.start_again().await;
    }
    assert_eq!(ada.all(&server, "/api/v1/teams").await.len(), 3);
    // No statement has kept a name on the pooler's connection.
    let options: sqlx::postgres::PgConnectOptions = server.store.url.parse().unwrap();
    let mut through = PgConnection::connect_with(&options.extra_float_digits(None)).await.unwrap();
    let names: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_prepared_statements")
        .persistent(false)
        .fetch_one(&mut through)
        .await
        .unwrap();
    assert_eq!(names, 0);
}
