//! Starts a PostgreSQL for trying things out, and prints its address:
//! `cargo run -p keystead-testkit --bin ephemeral-postgres`. It is gone when this ends.
//!
//! With the argument `shared` it prints the address of the server that tests share, and ends.
#![allow(clippy::print_stdout, reason = "printing the address is its purpose")]

use std::io::{Read, stdin};

use keystead_testkit::postgres::{Cluster, Options, shared};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if std::env::args().nth(1).as_deref() == Some("shared") {
        println!("{}", shared().await.url());
        return;
    }
    let cluster = Cluster::start(Options { fsync: true, ..Options::default() });
    println!("{}", cluster.server().url());
    println!("{}", cluster.directory().display());
    // Until the end of the input, or Ctrl-C.
    let _ = stdin().read_to_end(&mut Vec::new());
}
