//! `keystead store copy`.

use crate::{
    cli::{Output, StoreCommand, Table},
    config::Config,
    data,
};
use indicatif::{ProgressBar, ProgressStyle};
use keystead_domain::{Error, Result, SystemClock};
use keystead_store_sql::{CopyOptions, CopyProgress, CopyStage, TableTotal, copy};
use serde_json::json;
use std::sync::Arc;

pub(super) async fn run(config: &Config, output: Output, command: StoreCommand) -> Result<()> {
    let StoreCommand::Copy { from, to } = command;
    let target =
        |text: &str, which: &'static str| text.parse().map_err(|error: Error| Error::invalid(which, error.message));
    let from = data::store_settings(config, target(&from, "FROM")?);
    let to = data::store_settings(config, target(&to, "TO")?);
    let mut bar = Bar::new(output);
    let report = copy(&from, &to, &CopyOptions::default(), Arc::new(SystemClock), &mut bar).await?;
    bar.0.finish_and_clear();
    let tables: Vec<_> = report
        .tables
        .iter()
        .map(|table| json!({ "table": table.table, "rows": table.rows, "checksum": table.checksum }))
        .collect();
    let shown = json!({ "tables": tables, "rows": report.rows(), "resumed": report.resumed, "notes": report.notes });
    output.answer(&shown, || {
        let mut table = Table::new(&["table", "rows", "checksum, equal on both sides"]);
        for one in &report.tables {
            table.row([one.table.clone(), one.rows.to_string(), one.checksum.chars().take(16).collect()]);
        }
        table
    })?;
    if !output.is_json() {
        for note in &report.notes {
            output.note(note);
        }
    }
    Ok(())
}

/// Every row is read twice: once to copy and once to verify.
struct Bar(ProgressBar);

impl Bar {
    fn new(output: Output) -> Self {
        // On something that is no terminal indicatif draws nothing.
        let bar = if output.is_json() { ProgressBar::hidden() } else { ProgressBar::new(0) };
        if let Ok(style) = ProgressStyle::with_template("{msg:30} {wide_bar} {pos}/{len} rows, {eta} left") {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl CopyProgress for Bar {
    fn planned(&mut self, tables: &[TableTotal]) {
        self.0.set_length(tables.iter().map(|table| table.rows).sum::<u64>().saturating_mul(2));
    }
    fn step(&mut self, stage: CopyStage, table: &str, rows: u64) {
        self.0.set_message(format!("{} {table}", stage.as_str()));
        self.0.inc(rows);
    }
}
