//! What a copy is told, and what it tells.

/// How to copy.
#[derive(Clone, Debug)]
pub struct CopyOptions {
    /// How many rows go into one transaction at most.
    pub batch_rows: u32,
}

impl Default for CopyOptions {
    fn default() -> Self {
        Self { batch_rows: 1_000 }
    }
}

/// How many rows a table of the source has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableTotal {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
}

/// What is being done with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyStage {
    /// What an interrupted copy left is compared with the source.
    Resume,
    /// Rows are copied.
    Copy,
    /// Both sides are compared.
    Verify,
}

impl CopyStage {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resume => "resume",
            Self::Copy => "copy",
            Self::Verify => "verify",
        }
    }
}

/// Is told how far a copy is.
pub trait CopyProgress: Send {
    /// Once, before anything is copied: every table in the order in which it will be copied.
    fn planned(&mut self, tables: &[TableTotal]);
    /// `rows` of `table` are through this stage; it grows up to the table's total. Copied rows are durable.
    fn step(&mut self, stage: CopyStage, table: &str, rows: u64);
}

/// Tells nobody.
impl CopyProgress for () {
    fn planned(&mut self, _tables: &[TableTotal]) {}
    fn step(&mut self, _stage: CopyStage, _table: &str, _rows: u64) {}
}

/// A table that is the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableReport {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// SHA-256 over its canonical rows in the order of their keys, in hexadecimal. The same rows have the same checksum in
    /// every mode.
    pub checksum: String,
}

/// A finished copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyReport {
    /// Every table.
    pub tables: Vec<TableReport>,
    /// Whether it went on where an interrupted copy had stopped.
    pub resumed: bool,
    /// What the operator must know, in sentences.
    pub notes: Vec<String>,
}

/// Tables with values that only the master key opens.
const SEALED: [&str; 3] = ["signing_keys", "encryption_keys", "audit_logs"];

impl CopyReport {
    pub(super) fn new(tables: Vec<TableReport>, resumed: bool) -> Self {
        let sealed = tables.iter().any(|table| table.rows > 0 && SEALED.contains(&table.table.as_str()));
        let note = "Keys and personal values in audit events are sealed by the master key, and were copied as they are: the \
                    destination's server needs the same master key (the file or the environment variable) as the source's. \
                    It is not part of any store.";
        Self { tables, resumed, notes: sealed.then(|| note.to_owned()).into_iter().collect() }
    }
    /// All rows together.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}
