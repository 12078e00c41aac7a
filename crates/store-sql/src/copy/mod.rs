//! Copies everything from one store to another, whichever modes they are.
//!
//! The source is read in one snapshot. The destination is filled table by table, parents first, a batch of rows in each
//! transaction together with a note of how far it is, so that an interrupted copy goes on where it stopped. At the end
//! both sides are read again and compared row by row. Sealed values are copied as they are: the destination needs the
//! master key of the source.

mod compare;
mod lock;
mod marker;
mod progress;
mod side;
mod transfer;

use crate::{engine::StoreSettings, rows::declared};
use compare::compare;
use keystead_domain::{Clock, Error, Result};
use lock::Lock;
use marker::Marker;
pub(crate) use marker::is_there as is_unfinished;
pub use progress::{CopyOptions, CopyProgress, CopyReport, CopyStage, TableReport, TableTotal};
use side::{Side, refuse_pair};
use std::sync::Arc;
use transfer::transfer;

/// Copies every row of `from` to `to`. The destination is migrated first where migrations are pending, and must be empty
/// or hold what an interrupted copy of the same source left. Both sides' servers should be stopped: what the source's
/// server writes meanwhile is not copied, and what the destination's writes is found as a difference.
///
/// On PostgreSQL both addresses must be of a role that may become `keystead_owner` (for the source, `keystead_backup`
/// does as well): the address of `DATABASE_MIGRATION_URL`.
///
/// # Errors
/// `Conflict` with code `copy_in_progress` when another copy runs into the same destination,
/// `copy_not_empty` when it holds rows of its own, `copy_refused` when it refuses a row,
/// `copy_differs` when the two sides are not the same; the message names the table and the key.
pub async fn copy(
    from: &StoreSettings,
    to: &StoreSettings,
    options: &CopyOptions,
    clock: Arc<dyn Clock>,
    progress: &mut dyn CopyProgress,
) -> Result<CopyReport> {
    refuse_pair(&from.target, &to.target)?;
    let source = Side::source(from, clock.clone()).await?;
    let lock = Lock::take(to).await?;
    let destination = Side::destination(to, clock.clone()).await?;
    let shapes = declared();
    let batch = options.batch_rows.max(1);

    let reading = source.read().await?;
    let mut reader = reading.driver().await?;
    let mut totals = Vec::with_capacity(shapes.len());
    for shape in &shapes {
        totals.push(TableTotal { table: shape.table.clone(), rows: crate::rows::count(reader.rows()?, shape).await? });
    }
    progress.planned(&totals);

    let mut marker = Marker::open(&destination, &shapes).await?;
    let resumed = marker.resumed();
    for shape in &shapes {
        transfer(&mut reader, &destination, shape, &mut marker, batch, progress).await?;
    }

    let destination = destination.keep(to, clock).await?;
    let mut tables = Vec::with_capacity(shapes.len());
    {
        let checking = destination.read().await?;
        let mut other = checking.driver().await?;
        for shape in &shapes {
            let mut step = |rows| progress.step(CopyStage::Verify, &shape.table, rows);
            let same = compare(reader.rows()?, other.rows()?, shape, None, batch, &mut step).await?;
            let (rows, checksum) = same.map_err(|difference| {
                Error::conflict(
                    "copy_differs",
                    format!("After the copy, {difference}. Empty the destination and copy again."),
                )
            })?;
            tables.push(TableReport { table: shape.table.clone(), rows, checksum });
        }
    }
    drop(reader);
    reading.commit().await?;
    marker.remove(&destination).await?;
    destination.close().await?;
    lock.release().await;
    source.close().await?;
    Ok(CopyReport::new(tables, resumed))
}
