//! Schemas of the words that the domain's enums are shown as, made from their own lists; and of network addresses.

use keystead_domain::{
    access::{LevelScope, PermissionScope, PermissionValue},
    accounts::UserStatus,
    audit::{Outcome, Severity},
    jobs::JobStatus,
    organizations::{InvitationStatus, MembershipStatus, OrganizationKind, OrganizationStatus},
};
use keystead_service::access::effective::PermissionKind;
use utoipa::openapi::{
    KnownFormat, Object, ObjectBuilder, SchemaFormat, Type,
    schema::{AnyOfBuilder, Schema, SchemaType},
};

macro_rules! words {
    ($($function:ident = $name:ident),+ $(,)?) => {$(
        pub(crate) fn $function() -> Object {
            let words: Vec<&str> = $name::ALL.iter().map(|value| value.as_str()).collect();
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build()
        }
    )+};
}

words! {
    user_status = UserStatus,
    organization_kind = OrganizationKind,
    organization_status = OrganizationStatus,
    membership_status = MembershipStatus,
    invitation_status = InvitationStatus,
    permission_scope = PermissionScope,
    permission_value = PermissionValue,
    level_scope = LevelScope,
    permission_kind = PermissionKind,
    severity = Severity,
    outcome = Outcome,
    job_status = JobStatus,
}

/// The same words, or null: what an optional field of a body takes, where null is as good as absent unless it says otherwise.
macro_rules! words_or_null {
    ($($function:ident = $name:ident),+ $(,)?) => {$(
        pub(crate) fn $function() -> Object {
            let words = $name::ALL.iter().map(|value| serde_json::Value::from(value.as_str()));
            let types = SchemaType::from_iter([Type::String, Type::Null]);
            ObjectBuilder::new().schema_type(types).enum_values(Some(words.chain([serde_json::Value::Null]))).build()
        }
    )+};
}

words_or_null! {
    permission_value_or_null = PermissionValue,
    level_scope_or_null = LevelScope,
}

/// An address of either version of the Internet Protocol.
pub(crate) fn address() -> Schema {
    let version =
        |format| ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format)));
    Schema::AnyOf(AnyOfBuilder::new().item(version(KnownFormat::Ipv4)).item(version(KnownFormat::Ipv6)).build())
}
