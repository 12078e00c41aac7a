//! What opens a transaction on PostgreSQL.

use super::{settings::PostgresSettings, transaction::Access};
use keystead_domain::Scope;

/// The beginning and its settings, all in one message.
pub(super) fn opening(scope: Scope, access: Access, pooler: Option<&PostgresSettings>) -> String {
    let begin = match access {
        Access::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;",
        Access::Write => "BEGIN;",
    };
    let local = pooler.map(PostgresSettings::local_settings).unwrap_or_default();
    format!("{begin}{local}{}", scope_settings(scope))
}

/// Both settings, always: what is not named sees nothing.
pub(super) fn scope_settings(scope: Scope) -> String {
    let organization = scope.organization.map(|id| id.to_string()).unwrap_or_default();
    let user = scope.user.map(|id| id.to_string()).unwrap_or_default();
    format!("SET LOCAL app.organization_id = '{organization}';SET LOCAL app.user_id = '{user}'")
}
