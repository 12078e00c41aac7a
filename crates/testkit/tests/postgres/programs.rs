//! The programs beside the server.

use std::process::Command;

use keystead_testkit::postgres::{Binaries, Cluster, Options};
use sqlx::Executor;

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_usual_programs_are_there() {
    let binaries = Binaries::locate();
    for name in ["psql", "pg_dump", "pg_restore", "pgbench", "pg_isready"] {
        let version = output(Command::new(binaries.bin(name)).arg("--version"));
        assert!(version.contains(binaries.version()), "{name}: {version}");
    }
}

#[test]
#[should_panic(expected = "has no no-such-program")]
fn a_missing_program_is_named() {
    let _ = Binaries::locate().bin("no-such-program");
}

#[tokio::test]
async fn they_take_the_addresses_of_databases() {
    let cluster = Cluster::start(Options::default());
    let database = cluster.server().database().await;
    database.connect().await.execute("CREATE TABLE kept (id int)").await.unwrap();
    let dump = output(Command::new(cluster.bin("pg_dump")).arg(database.url()));
    assert!(dump.contains("CREATE TABLE public.kept"), "{dump}");
    let pgbench = cluster.bin("pgbench");
    output(Command::new(&pgbench).args(["--initialize", "--quiet"]).arg(database.url()));
    let report = output(Command::new(&pgbench).args(["--transactions=10"]).arg(database.url()));
    assert!(report.contains("tps"), "{report}");
}
