//! The unit of isolation.

use crate::{Json, OrganizationId, Timestamp};
use serde::{Deserialize, Serialize};

/// Why an organization exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationKind {
    /// The platform itself; there is one.
    Platform,
    /// Made for one person at registration.
    Personal,
    /// Made by someone for several.
    Shared,
}
crate::text_enum!(OrganizationKind { Platform = "platform", Personal = "personal", Shared = "shared" });

/// How an organization's rows are kept apart on PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Isolation {
    /// In shared tables, by row-level security.
    Shared,
    /// In a schema of its own, for the largest customers.
    Schema,
}
crate::text_enum!(Isolation { Shared = "shared", Schema = "schema" });

/// Whether an organization can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationStatus {
    /// In use.
    Active,
    /// Closed: nobody can work in it, its rows and audit events stay.
    Archived,
}
crate::text_enum!(OrganizationStatus { Active = "active", Archived = "archived" });

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its identifier.
    pub id: OrganizationId,
    /// Its name, up to 255 characters; not unique.
    pub name: String,
    /// Why it exists.
    pub kind: OrganizationKind,
    /// How its rows are kept apart.
    pub isolation: Isolation,
    /// Whether it can be used.
    pub status: OrganizationStatus,
    /// What its administrators note.
    pub metadata: Json,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}
