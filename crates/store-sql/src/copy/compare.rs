//! Compares a table on both sides, row by row, in the order of its keys.

use crate::rows::{Connection, Key, Row, Shape, TableDigest, canonical_row, describe_key, key_of, read_after};
use keystead_domain::Result;
use std::{cmp::Ordering, collections::VecDeque, fmt};

/// The first row that is not the same.
#[derive(Debug)]
pub(super) struct Difference {
    table: String,
    key: String,
    what: What,
}

#[derive(Debug)]
enum What {
    Missing,
    Extra,
    Columns(Vec<String>),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the row of {} with {} ", self.table, self.key)?;
        match &self.what {
            What::Missing => f.write_str("is missing at the destination"),
            What::Extra => f.write_str("is at the destination only"),
            What::Columns(names) => write!(f, "is not the same at the destination ({})", names.join(", ")),
        }
    }
}

/// A table's rows, one after the other, a batch in memory.
struct Rows<'c> {
    connection: Connection<'c>,
    shape: &'c Shape,
    /// Rows after this one are left out.
    until: Option<&'c Key>,
    batch: u32,
    after: Option<Key>,
    rows: VecDeque<Row>,
    ended: bool,
}

impl<'c> Rows<'c> {
    fn new(connection: Connection<'c>, shape: &'c Shape, until: Option<&'c Key>, batch: u32) -> Self {
        Self { connection, shape, until, batch, after: None, rows: VecDeque::new(), ended: false }
    }
    async fn fill(&mut self) -> Result<()> {
        if self.rows.is_empty() && !self.ended {
            let rows = read_after(self.connection.again(), self.shape, self.after.as_ref(), self.batch).await?;
            let Some(last) = rows.last() else {
                self.ended = true;
                return Ok(());
            };
            self.after = Some(key_of(self.shape, last));
            let until = self.until;
            let within = |row: &Row| until.is_none_or(|until| key_of(self.shape, row) <= *until);
            let before = rows.len();
            self.rows = rows.into_iter().filter(within).collect();
            self.ended = self.rows.len() < before;
        }
        Ok(())
    }
}

/// Compares `source`, up to the key `until`, with all of `destination`. Returns the number of rows and their checksum, or the
/// first difference; `step` is told how many rows are compared.
pub(super) async fn compare(
    source: Connection<'_>,
    destination: Connection<'_>,
    shape: &Shape,
    until: Option<&Key>,
    batch: u32,
    step: &mut (dyn FnMut(u64) + Send),
) -> Result<Result<(u64, String), Difference>> {
    let mut left = Rows::new(source, shape, until, batch);
    let mut right = Rows::new(destination, shape, None, batch);
    let mut digest = TableDigest::default();
    loop {
        if left.rows.is_empty() || right.rows.is_empty() {
            step(digest.rows());
            let (left, right) = tokio::join!(left.fill(), right.fill());
            left?;
            right?;
        }
        let (key, what) = match (left.rows.pop_front(), right.rows.pop_front()) {
            (None, None) => {
                let rows = digest.rows();
                return Ok(Ok((rows, digest.finish())));
            }
            (Some(row), None) => (key_of(shape, &row), What::Missing),
            (None, Some(row)) => (key_of(shape, &row), What::Extra),
            (Some(left), Some(right)) => {
                // JSON is canonical in both, so the same values are the same bytes.
                if left == right {
                    digest.add(&canonical_row(shape, &left));
                    continue;
                }
                let (key, other) = (key_of(shape, &left), key_of(shape, &right));
                match key.cmp(&other) {
                    Ordering::Less => (key, What::Missing),
                    Ordering::Greater => (other, What::Extra),
                    Ordering::Equal => (key, What::Columns(unequal(shape, &left, &right))),
                }
            }
        };
        return Ok(Err(Difference { table: shape.table.clone(), key: describe_key(shape, &key), what }));
    }
}

fn unequal(shape: &Shape, left: &Row, right: &Row) -> Vec<String> {
    let pairs = shape.columns.iter().zip(left.iter().zip(right));
    pairs.filter(|(_, (left, right))| left != right).map(|(column, _)| column.name.clone()).collect()
}
