//! The views of SQL: what other programs read in place of a table.

/// A view of SQL. It shows nobody more than its tables do.
#[derive(Clone, Copy, Debug)]
pub struct SqlView {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// The table whose columns it shows.
    pub table: &'static str,
}

/// Every view.
pub const SQL_VIEWS: &[SqlView] = &[
    SqlView {
        name: "current_view_permissions",
        about: "The rows of `effective_view_permissions` of the current access versions that have not expired.",
        table: "effective_view_permissions",
    },
    SqlView {
        name: "current_feature_permissions",
        about: "The rows of `effective_feature_permissions` of the current access versions that have not expired.",
        table: "effective_feature_permissions",
    },
];
