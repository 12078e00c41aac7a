//! `keystead migrate`.

use crate::{
    cli::{Migrate, Output, Table},
    config::Config,
    data, open,
};
use keystead_domain::{Error, Result, SystemClock};
use keystead_store_sql::{
    StoreTarget,
    migrate::{MigrationTarget, Migrator, Progress, Run, Step, new_migration},
};
use serde_json::json;
use std::{
    io::{BufRead, IsTerminal},
    path::Path,
    sync::Arc,
};

pub(super) fn new(output: Output, name: &str, dir: &Path) -> Result<()> {
    let folder = new_migration(dir, name)?;
    output.say(&format!("Made {}. Write its four files, then run the tests.", folder.display()))
}

pub(super) async fn run(config: &Config, output: Output, command: Migrate) -> Result<()> {
    let migrator = migrator(config)?;
    match command {
        Migrate::Up { dry_run } => {
            let steps = migrator.up(kind(dry_run), |progress| tell(output, progress)).await?;
            show(output, &steps, dry_run, "applied")
        }
        Migrate::Down { count, dry_run, yes } => {
            if !dry_run && !yes {
                confirm(output, count)?;
            }
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            let steps = migrator.down(count, kind(dry_run), |progress| tell(output, progress)).await?;
            show(output, &steps, dry_run, "taken back")
        }
        Migrate::Status => status(output, &migrator).await,
        Migrate::History => history(output, &migrator).await,
        Migrate::Check => check(output, &migrator).await,
        // Needs no database and was done before.
        Migrate::New { name, dir } => new(output, &name, &dir),
    }
}

/// The migrator of the configured store.
///
/// # Errors
/// `Invalid` where the store keeps nothing to migrate.
pub(super) fn migrator(config: &Config) -> Result<Migrator> {
    let target = data::target(config)?;
    let settings = data::store_settings(config, target.clone());
    let target = match &target {
        StoreTarget::Postgres(address) => open::postgres_migration_target(config, &settings, address)?,
        StoreTarget::Sqlite(path) => MigrationTarget::Sqlite(path.clone()),
        StoreTarget::Memory | StoreTarget::Json(_) => {
            return Err(Error::invalid(
                "DATABASE_URL",
                "memory: and json: stores are migrated when they are opened; there is nothing to do by hand",
            ));
        }
    };
    Ok(Migrator::new(target, Arc::new(SystemClock)))
}

const fn kind(dry_run: bool) -> Run {
    if dry_run { Run::Dry } else { Run::Apply }
}

fn tell(output: Output, progress: Progress<'_>) {
    if let Progress::Begins(folder) = progress {
        output.note(&format!("{folder} …"));
    }
}

fn show(output: Output, steps: &[Step], dry_run: bool, done: &str) -> Result<()> {
    if dry_run && !output.is_json() {
        for step in steps {
            output.line(&format!("-- {}\n{}", step.folder, step.sql))?;
        }
        return Ok(());
    }
    let shown: Vec<_> = steps
        .iter()
        .map(|step| {
            let millis = u64::try_from(step.duration.as_millis()).unwrap_or(u64::MAX);
            json!({ "migration": step.folder, "milliseconds": millis, "sql": dry_run.then_some(&step.sql) })
        })
        .collect();
    output.answer(&shown, || {
        let mut table = Table::new(&["migration", "took"]);
        for step in steps {
            table.row([format!("{} {done}", step.folder), format!("{} ms", step.duration.as_millis())]);
        }
        table
    })
}

fn confirm(output: Output, count: u32) -> Result<()> {
    let refuse = || Error::invalid("migrate down", "loses rows: repeat it with --yes");
    if !std::io::stdin().is_terminal() {
        return Err(refuse());
    }
    output.note(&format!("Taking back {count} migration(s) loses the rows they made room for. Type yes to go on:"));
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(|error| Error::internal(error.to_string()))?;
    if answer.trim() == "yes" { Ok(()) } else { Err(refuse()) }
}

async fn status(output: Output, migrator: &Migrator) -> Result<()> {
    let status = migrator.status().await?;
    let applied: Vec<_> = status.applied.iter().map(|applied| applied.folder()).collect();
    let shown = json!({ "applied": applied, "pending": status.pending, "refusal": status.refusal });
    output.answer(&shown, || {
        let mut table = Table::new(&["migration", "state"]);
        for folder in &applied {
            table.row([folder.as_str(), "applied"]);
        }
        for folder in &status.pending {
            table.row([folder.as_str(), "pending"]);
        }
        table
    })?;
    match status.refusal {
        Some(refusal) => Err(Error::conflict("migrations", refusal)),
        None => Ok(()),
    }
}

async fn history(output: Output, migrator: &Migrator) -> Result<()> {
    let history = migrator.history().await?;
    let shown: Vec<_> = history
        .iter()
        .map(|applied| json!({ "migration": applied.folder(), "applied_at": applied.applied_at, "milliseconds": applied.duration_ms }))
        .collect();
    output.answer(&shown, || {
        let mut table = Table::new(&["migration", "applied at", "took"]);
        for applied in &history {
            table.row([applied.folder(), applied.applied_at.to_string(), format!("{} ms", applied.duration_ms)]);
        }
        table
    })
}

async fn check(output: Output, migrator: &Migrator) -> Result<()> {
    let differences = migrator.check().await?;
    if differences.is_empty() {
        return output.say("The database is what the program expects.");
    }
    output.answer(&differences, || {
        let mut table = Table::new(&["difference"]);
        for difference in &differences {
            table.row([difference.to_string()]);
        }
        table
    })?;
    Err(Error::conflict(
        "drift",
        format!("The database differs from what the program expects in {} places.", differences.len()),
    ))
}
