//! The place where a sealed value lives.

use uuid::Uuid;

/// The table, column and row that a sealed value belongs to. It opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealContext<'a> {
    /// The table, such as `signing_keys`.
    pub table: &'a str,
    /// The column, such as `private_key`.
    pub column: &'a str,
    /// The row's `id`.
    pub row: Uuid,
}

impl<'a> SealContext<'a> {
    /// The value in `column` of the row `row` of `table`.
    #[must_use]
    pub fn new(table: &'a str, column: &'a str, row: impl Into<Uuid>) -> Self {
        Self { table, column, row: row.into() }
    }

    /// What the tag covers: `header`, then the place. Lengths come first, so that no two places
    /// are written the same way.
    pub(super) fn covered(&self, header: &[u8]) -> Vec<u8> {
        let mut covered = Vec::with_capacity(header.len() + self.table.len() + self.column.len() + 32);
        covered.extend_from_slice(header);
        for name in [self.table, self.column] {
            covered.extend_from_slice(&(name.len() as u64).to_be_bytes());
            covered.extend_from_slice(name.as_bytes());
        }
        covered.extend_from_slice(self.row.as_bytes());
        covered
    }
}
