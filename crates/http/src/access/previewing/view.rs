//! Previews as the API shows them.

use crate::access::effective::view::Verdict;
use keystead_service::access::previewing::{Flipped, Preview};
use serde::Serialize;
use utoipa::ToSchema;

/// What changes would flip.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessPreview {
    /// The access version of the organization that the changes would be made on.
    access_version: i64,
    /// The access version of the platform.
    platform_version: i64,
    /// All decisions that would come out otherwise.
    flips: Vec<FlippedDecision>,
}

/// A decision that would come out otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlippedDecision {
    /// Who.
    subject: FlippedName,
    /// Does what.
    action: String,
    /// On what.
    resource: FlippedName,
    /// What is decided now.
    before: Verdict,
    /// What would be decided.
    after: Verdict,
}

/// A subject or a resource.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlippedName {
    /// Its type.
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    kind: String,
    /// Its identifier.
    id: String,
}

impl From<Preview> for AccessPreview {
    fn from(preview: Preview) -> Self {
        Self {
            access_version: preview.access_version,
            platform_version: preview.platform_version,
            flips: preview.flips.into_iter().map(FlippedDecision::from).collect(),
        }
    }
}

impl From<Flipped> for FlippedDecision {
    fn from(flip: Flipped) -> Self {
        let name = |(kind, id): (String, String)| FlippedName { kind, id };
        Self {
            subject: name(flip.subject),
            action: flip.action,
            resource: name(flip.resource),
            before: flip.before.into(),
            after: flip.after.into(),
        }
    }
}
