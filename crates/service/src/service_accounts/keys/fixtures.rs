//! A service account and its key.

use crate::testing::{now, organization};
use keystead_domain::accounts::{ApiKey, ServiceAccount};
use uuid::Uuid;

/// The account of [`service_account`](crate::testing::service_account).
pub(crate) fn robot() -> ServiceAccount {
    ServiceAccount {
        id: Uuid::from_u128(0x4001).into(),
        organization_id: organization(1),
        name: "Robot".to_owned(),
        description: None,
        is_active: true,
        created_by: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

/// Its key, which permits to read teams and ends in an hour.
pub(crate) fn api_key() -> ApiKey {
    ApiKey {
        id: Uuid::from_u128(0x5001).into(),
        organization_id: organization(1),
        service_account_id: robot().id,
        prefix: "ks_0123456789AB".to_owned(),
        scopes: vec!["teams:read:organization".to_owned()],
        replaces_id: None,
        expires_at: Some(now().plus_seconds(3600)),
        last_used_at: None,
        revoked_at: None,
        created_by: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}
