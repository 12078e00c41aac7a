//! A server that takes TLS connections only.

use keystead_testkit::postgres::{Binaries, Cluster, Options};
use sqlx::{Connection, PgConnection};

#[tokio::test]
async fn it_serves_a_certificate_and_has_pgvector() {
    let certificate = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let cluster = Cluster::start(Options {
        binaries: Some(Binaries::with_tls()),
        settings: vec![("ssl".to_owned(), "on".to_owned())],
        access_rules: vec!["hostnossl all all all reject".to_owned()],
        files: vec![
            ("server.crt".to_owned(), certificate.cert.pem().into_bytes()),
            ("server.key".to_owned(), certificate.signing_key.serialize_pem().into_bytes()),
        ],
        ..Options::default()
    });
    let url = cluster.server().url();
    assert!(PgConnection::connect(&format!("{url}?sslmode=disable")).await.is_err());
    let mut connection = PgConnection::connect(&format!("{url}?sslmode=require")).await.unwrap();
    let version: String = sqlx::query_scalar("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(version, "TLSv1.3");
    sqlx::query("CREATE EXTENSION vector").execute(&mut connection).await.unwrap();
    let distance: f64 =
        sqlx::query_scalar("SELECT '[3,0]'::vector <-> '[0,4]'::vector").fetch_one(&mut connection).await.unwrap();
    assert!((distance - 5.0).abs() < 1e-9, "{distance}");
}
