//! The policies of row-level security that follow from a table's class.

use super::{
    postgres,
    table::{Class, Right, Table},
};

/// A policy of row-level security.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// The command it is about; none for all of them.
    pub command: Option<Right>,
    /// The database role it is for.
    pub role: &'static str,
    /// Which rows are seen.
    pub using: Option<String>,
    /// Which rows may be written.
    pub with_check: Option<String>,
}

/// The role that owns every table and function.
pub const OWNER: &str = "keystead_owner";
/// The role that the server works as.
pub const APP: &str = "keystead_app";
/// The role that migrations sign in as; it is a member of the owner.
pub const MIGRATOR: &str = "keystead_migrator";
/// The role that reads everything, for backups.
pub const BACKUP: &str = "keystead_backup";

impl Table {
    /// Which rows the server may read, in PostgreSQL's words.
    #[must_use]
    pub fn readable(&self) -> String {
        let by_class = match self.class {
            Class::Organization => "organization_id = {org}",
            // Without an organization nothing is seen, not even the platform's.
            Class::Inherited => "organization_id = {org} OR (organization_id = {platform} AND {org} IS NOT NULL)",
            Class::Personal => "user_id = {user}",
            Class::Platform => "{true}",
            Class::System => "{false}",
        };
        postgres::fill(self.may_read.unwrap_or(by_class))
    }

    /// Which rows the server may write, in PostgreSQL's words.
    #[must_use]
    pub fn writable(&self) -> String {
        let by_class = match self.class {
            Class::Organization | Class::Inherited => "organization_id = {org}",
            Class::Personal => "user_id = {user}",
            Class::Platform => "{org} = {platform}",
            Class::System => "{false}",
        };
        postgres::fill(self.may_write.unwrap_or(by_class))
    }

    /// Every policy of the table: the owner's (its functions are bound by them, too), the backup's, and one for each command
    /// that the server may use.
    #[must_use]
    pub fn policies(&self) -> Vec<Policy> {
        let all = || Some("true".to_owned());
        let name = |end: &str| format!("{}_{end}", self.name);
        let mut policies = vec![
            Policy { name: name("owner"), command: None, role: OWNER, using: all(), with_check: all() },
            Policy { name: name("backup"), command: Some(Right::Select), role: BACKUP, using: all(), with_check: None },
        ];
        policies.extend(self.app_may.iter().map(|right| {
            let (using, with_check) = match right {
                Right::Select => (Some(self.readable()), None),
                Right::Insert => (None, Some(self.writable())),
                Right::Update => (Some(self.writable()), Some(self.writable())),
                Right::Delete => (Some(self.writable()), None),
            };
            let name = name(&right.as_str().to_lowercase());
            Policy { name, command: Some(*right), role: APP, using, with_check }
        }));
        policies
    }
}
