//! The database's own benchmark as a floor.

use keystead_testkit::postgres::Cluster;
use std::{path::Path, process::Command, time::Duration};

/// A script for pgbench, and how to run it.
pub(crate) struct Script<'a> {
    pub(crate) cluster: &'a Cluster,
    pub(crate) url: &'a str,
    pub(crate) clients: usize,
    /// Session settings, such as `-c role=keystead_app`.
    pub(crate) options: &'a str,
    /// Variables that every client begins with.
    pub(crate) variables: &'a [(&'a str, &'a str)],
    pub(crate) sql: &'a str,
}

impl Script<'_> {
    /// Transactions a second, over a turn.
    pub(crate) fn rate(&self, folder: &Path, turn: Duration) -> f64 {
        let file = folder.join("script.sql");
        std::fs::write(&file, self.sql).unwrap();
        let clients = self.clients.to_string();
        let seconds = turn.as_secs().max(1).to_string();
        let mut command = Command::new(self.cluster.bin("pgbench"));
        command.env("PGOPTIONS", self.options).args(["-n", "-M", "prepared", "-j", "2"]);
        command.args(["-c", &clients, "-T", &seconds, "-f"]).arg(&file);
        for (name, value) in self.variables {
            command.arg("-D").arg(format!("{name}={value}"));
        }
        let output = command.arg(self.url).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
        let errors = String::from_utf8_lossy(&output.stderr);
        let failed = !said.contains("number of failed transactions: 0 ") || !output.status.success();
        match rate {
            Some(rate) if !failed => rate,
            _ => panic!("pgbench failed:\n{said}\n{errors}"),
        }
    }
}
