//! An account as the API shows it.

use crate::openapi::words;
use keystead_domain::{Caller, Json, Timestamp, UserId, accounts};
use keystead_service::accounts::reads_everyone;
use serde::Serialize;
use utoipa::ToSchema;

/// A person's account.
///
/// The person and the platform's administrators see all of it. An organization sees of its members what comes before
/// `tier`; the rest is then absent, as is what has no value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: UserId,
    /// A public name, unique without regard to case.
    username: String,
    /// The address, unique without regard to case.
    email: String,
    /// Whether the account can be used.
    #[schema(schema_with = words::user_status)]
    status: accounts::UserStatus,
    /// Given name.
    first_name: Option<String>,
    /// Family name.
    last_name: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change; the `ETag`.
    pub(crate) version: i64,
    /// Selects limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<String>,
    /// The password must be changed before anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    must_change_password: Option<bool>,
    /// Wrong passwords since the last sign-in, from anywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_login_attempts: Option<i32>,
    /// Until then, sign-in is refused from networks that the person has not signed in from before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    locked_until: Option<Timestamp>,
    /// The last successful sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_login_at: Option<Timestamp>,
    /// When the password was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    password_changed_at: Option<Timestamp>,
    /// When the address was confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    email_verified_at: Option<Timestamp>,
    /// What the person's product keeps about them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    profile_data: Option<Json>,
    /// What the person prefers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    preferences: Option<Json>,
    /// What the platform's administrators note; they alone see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    metadata: Option<Json>,
}

impl User {
    /// What `caller` sees of it: what he may read decides, not where he works.
    pub(crate) fn seen_by(caller: &Caller, user: &accounts::User) -> Self {
        if reads_everyone(caller) {
            Self { metadata: Some(user.metadata.clone()), ..Self::own(user) }
        } else if caller.user_id == Some(user.id) {
            Self::own(user)
        } else {
            Self::member(user)
        }
    }
    /// What the person sees of their own.
    pub(crate) fn own(user: &accounts::User) -> Self {
        Self {
            tier: Some(user.tier.clone()),
            must_change_password: Some(user.must_change_password),
            failed_login_attempts: Some(user.failed_login_attempts),
            locked_until: user.locked_until,
            last_login_at: user.last_login_at,
            password_changed_at: Some(user.password_changed_at),
            email_verified_at: user.email_verified_at,
            profile_data: Some(user.profile_data.clone()),
            preferences: Some(user.preferences.clone()),
            ..Self::member(user)
        }
    }
    /// What an organization sees of a member.
    fn member(user: &accounts::User) -> Self {
        Self {
            id: user.id,
            username: user.username.as_str().to_owned(),
            email: user.email.as_str().to_owned(),
            status: user.status,
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            created_at: user.created_at,
            updated_at: user.updated_at,
            version: user.version,
            tier: None,
            must_change_password: None,
            failed_login_attempts: None,
            locked_until: None,
            last_login_at: None,
            password_changed_at: None,
            email_verified_at: None,
            profile_data: None,
            preferences: None,
            metadata: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_domain::{
        CallerKind, Grant, OrganizationId, PLATFORM, PermissionId, RequestContext, Rights, RoleId,
        access::{NewPermission, Permission, PermissionScope, Resource},
        accounts::{Email, UserStatus, Username},
    };
    use serde_json::json;
    use uuid::Uuid;

    fn person(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    /// The person 1, who holds `permission` in `organization_id`.
    fn holding(organization_id: OrganizationId, permission: &str) -> Caller {
        let NewPermission { resource, action, scope } = NewPermission::parse(permission).unwrap();
        let (id, created_at) = (PermissionId::from_uuid(Uuid::from_u128(2)), Timestamp::from_unix_seconds(0));
        let permission = Permission { id, organization_id, resource, action, scope, description: None, created_at };
        let grant = Grant {
            role_id: RoleId::from_uuid(Uuid::from_u128(3)),
            role: "clerk".to_owned(),
            permissions: [permission].into(),
        };
        Caller {
            kind: CallerKind::User,
            user_id: Some(person(1)),
            service_account_id: None,
            api_key_id: None,
            organization_id,
            session_id: None,
            grants: [grant].into(),
            versions: Default::default(),
            rights: Some(std::sync::Arc::new(ByGrants)),
            context: RequestContext::default(),
        }
    }

    /// What the roles say, and nothing else.
    #[derive(Debug)]
    struct ByGrants;

    impl Rights for ByGrants {
        fn allow(&self, caller: &Caller, action: &str, resource: &Resource<'_>) -> bool {
            let permitted = caller.grants.iter().flat_map(|grant| grant.permissions.iter());
            let mut of_it = permitted.filter(|one| one.resource == resource.kind && one.action == action);
            of_it.any(|one| match one.scope {
                PermissionScope::Own => resource.owner == caller.user_id,
                PermissionScope::Organization => resource.organization_id == Some(caller.organization_id),
                PermissionScope::Any => caller.at_platform(),
            })
        }
    }

    fn account(number: u128) -> accounts::User {
        let now = Timestamp::from_unix_seconds(0);
        accounts::User {
            id: person(number),
            username: Username::new("ada").unwrap(),
            email: Email::new("ada@example.org").unwrap(),
            status: UserStatus::Active,
            tier: "free".to_owned(),
            first_name: None,
            last_name: None,
            must_change_password: false,
            failed_login_attempts: 0,
            locked_until: None,
            last_login_at: None,
            password_changed_at: now,
            email_verified_at: None,
            profile_data: json!({}),
            preferences: json!({}),
            metadata: json!({ "note": "watch" }),
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    #[test]
    fn notes_are_seen_by_those_who_may_read_everyone_wherever_they_work() {
        let elsewhere = OrganizationId::from_uuid(Uuid::from_u128(9));
        for (caller, whose, tier, metadata) in [
            (holding(PLATFORM, "users:read:any"), 2, true, true),
            (holding(PLATFORM, "users:read:any"), 1, true, true),
            (holding(PLATFORM, "users:read:organization"), 2, false, false),
            // Somebody whose own organization is archived works in the platform, with no role there.
            (Caller { grants: [].into(), ..holding(PLATFORM, "users:read:any") }, 1, true, false),
            (holding(elsewhere, "users:read:organization"), 2, false, false),
            (holding(elsewhere, "users:read:any"), 2, false, false),
        ] {
            let seen = User::seen_by(&caller, &account(whose));
            assert_eq!((seen.tier.is_some(), seen.metadata.is_some()), (tier, metadata), "{caller:?}");
        }
    }
}
