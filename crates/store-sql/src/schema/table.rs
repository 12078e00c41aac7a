//! How a table is declared.

/// Who may see a table's rows (`data-model.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// T: rows of the transaction's organization.
    Organization,
    /// T+: readable when they belong to the platform, too; written in the own organization only.
    Inherited,
    /// P: rows of the transaction's person.
    Personal,
    /// G: readable by all, written by the platform only.
    Platform,
    /// Reached only through functions of the owner: for what happens before anyone is signed in.
    System,
}

impl Class {
    /// How the design pages call it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "T",
            Self::Inherited => "T+",
            Self::Personal => "P",
            Self::Platform => "G",
            Self::System => "system",
        }
    }
}

/// What the server's database role may do with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Read rows.
    Select,
    /// Add rows.
    Insert,
    /// Change rows.
    Update,
    /// Remove rows.
    Delete,
}

impl Right {
    /// The SQL word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

/// What a column's values are worth to a thief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// Nothing: identifiers, times, states.
    Public,
    /// About a person.
    Personal,
    /// About a person, and reading it is recorded.
    Sensitive,
    /// Opens something: hashes of passwords and tokens, sealed keys. Never leaves the server.
    Secret,
}

impl Sensitivity {
    /// The word in the data register.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Personal => "personal",
            Self::Sensitive => "sensitive",
            Self::Secret => "secret",
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// `uuid` · BLOB of 16 bytes.
    Uuid,
    /// `varchar(n)`, ordered bytewise · TEXT.
    Text(u16),
    /// `text`, ordered bytewise · TEXT.
    LongText,
    /// `integer` · INTEGER.
    Integer,
    /// `bigint` · INTEGER.
    BigInteger,
    /// `boolean` · INTEGER 0 or 1.
    Boolean,
    /// `timestamptz` · TEXT in RFC 3339, which sorts by time.
    Timestamp,
    /// `jsonb` · TEXT.
    Json,
    /// `bytea` · BLOB.
    Bytes,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnType,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// What its values are worth to a thief.
    pub sensitivity: Sensitivity,
    /// What it means.
    pub about: &'static str,
}

impl Column {
    /// The same column, but it may be NULL.
    #[must_use]
    pub const fn null(mut self) -> Self {
        self.nullable = true;
        self
    }
    /// The same column, about a person.
    #[must_use]
    pub const fn personal(mut self) -> Self {
        self.sensitivity = Sensitivity::Personal;
        self
    }
    /// The same column, about a person, and reading it is recorded.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitivity = Sensitivity::Sensitive;
        self
    }
    /// The same column, never to leave the server.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.sensitivity = Sensitivity::Secret;
        self
    }
}

const fn column(name: &'static str, kind: ColumnType, about: &'static str) -> Column {
    Column { name, kind, nullable: false, sensitivity: Sensitivity::Public, about }
}
pub(super) const fn uuid(name: &'static str, about: &'static str) -> Column {
    column(name, ColumnType::Uuid, about)
}
pub(super) const fn text(name: &'static str, max: u16, about: &'static str) -> Column {
    column(name, ColumnType::Text(max), about)
}
pub(super) const fn long_text(name: &'static str, about: &'static str) -> Column {
    column(name, ColumnType::LongText, about)
}
pub(super) const fn integer(name: &'static str, about: &'static str) -> Column {
    column(name, ColumnType::Integer, about)
}
pub(super) const fn big_integer(name: &'static str, about: &'static str) -> Column {
    column(name, ColumnType::BigInteger, about)
}
pub(super) const fn boolean(name: &'static str, about: &'static str) -> Column {
    column(name, ColumnType::Boolean, about)
}
pub(super) const fn time(name: &'static str, about: &'static str) -> Column {
    column(name, ColumnType::Timestamp, about)
}
pub(super) const fn json(name: &'static str, about: &'static str) -> Column {
    column(name, ColumnType::Json, about)
}
pub(super) const fn bytes(name: &'static str, about: &'static str) -> Column {
    column(name, ColumnType::Bytes, about)
}

pub(super) const CREATED_AT: Column = time("created_at", "When it was made.");
pub(super) const UPDATED_AT: Column = time("updated_at", "When it was last changed.");
pub(super) const VERSION: Column =
    big_integer("version", "Raised by every change; an update names the version it was made for.");

/// What happens to a row when the row it refers to goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    /// It goes, too.
    Cascade,
    /// The other row may not go.
    Restrict,
}

impl OnDelete {
    /// The SQL words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cascade => "CASCADE",
            Self::Restrict => "RESTRICT",
        }
    }
}

/// A reference to another table.
#[derive(Clone, Copy, Debug)]
pub struct ForeignKey {
    /// The referring columns.
    pub columns: &'static [&'static str],
    /// The other table.
    pub table: &'static str,
    /// Its columns.
    pub references: &'static [&'static str],
    /// What happens when the other row goes.
    pub on_delete: OnDelete,
}

impl ForeignKey {
    /// The constraint's name in `table`.
    #[must_use]
    pub fn name(&self, table: &str) -> String {
        let column = self.columns.last().copied().unwrap_or_default();
        format!("{table}_{}_fkey", column.strip_suffix("_id").unwrap_or(column))
    }
}

/// An index.
#[derive(Clone, Copy, Debug)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// Its columns, in order.
    pub columns: &'static [&'static str],
    /// Whether equal rows are refused.
    pub unique: bool,
    /// Only rows for which this holds (SQL that both engines understand).
    pub only: Option<&'static str>,
    /// A GIN index over a JSON column: PostgreSQL only, for containment (`@>`), which SQLite has no index for.
    pub gin: bool,
}

pub(super) const fn index(name: &'static str, columns: &'static [&'static str]) -> Index {
    Index { name, columns, unique: false, only: None, gin: false }
}
pub(super) const fn unique(name: &'static str, columns: &'static [&'static str]) -> Index {
    Index { name, columns, unique: true, only: None, gin: false }
}
impl Index {
    /// The same index over the rows for which `condition` holds.
    pub(super) const fn only(mut self, condition: &'static str) -> Self {
        self.only = Some(condition);
        self
    }
    /// The same index as GIN.
    pub(super) const fn gin(mut self) -> Self {
        self.gin = true;
        self
    }
}

pub(super) const fn belongs_to(
    columns: &'static [&'static str],
    table: &'static str,
    references: &'static [&'static str],
    on_delete: OnDelete,
) -> ForeignKey {
    ForeignKey { columns, table, references, on_delete }
}

/// A table.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The feature it belongs to: the name it has on every floor.
    pub feature: &'static str,
    /// Who may see its rows.
    pub class: Class,
    /// Where the class is not the whole truth: who may read a row, as an SQL condition in which `{org}` and `{user}` stand for the
    /// transaction's organization and person and `{platform}` for the platform.
    pub may_read: Option<&'static str>,
    /// The same for writing.
    pub may_write: Option<&'static str>,
    /// What the server's database role may do with it; the functions of the owner do the rest.
    pub app_may: &'static [Right],
    /// What it is for.
    pub about: &'static str,
    /// Its columns, in order.
    pub columns: &'static [Column],
    /// The columns of its primary key.
    pub primary_key: &'static [&'static str],
    /// Its indexes.
    pub indexes: &'static [Index],
    /// What it refers to.
    pub foreign_keys: &'static [ForeignKey],
    /// Named conditions that every row meets (SQL that both engines understand).
    pub checks: &'static [(&'static str, &'static str)],
    /// Partitioned by month over this column on PostgreSQL.
    pub partitioned_by: Option<&'static str>,
    /// Rows can be added, never changed or deleted.
    pub append_only: bool,
}

impl Table {
    /// The column with this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
    /// The name of the primary key's constraint.
    #[must_use]
    pub fn primary_key_name(&self) -> String {
        format!("{}_pkey", self.name)
    }
}

/// What most tables are: no exceptions, no partitions, changeable.
pub(super) const PLAIN: Table = Table {
    name: "",
    feature: "",
    class: Class::Organization,
    may_read: None,
    may_write: None,
    app_may: &[Right::Select, Right::Insert, Right::Update, Right::Delete],
    about: "",
    columns: &[],
    primary_key: &["id"],
    indexes: &[],
    foreign_keys: &[],
    checks: &[],
    partitioned_by: None,
    append_only: false,
};
