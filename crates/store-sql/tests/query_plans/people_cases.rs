//! What is asked of accounts, organizations and their roles, and which indexes must answer.

use crate::{
    cases::{Case, PLATFORM_SCOPE, Work, after, case, first, here, read, store, write},
    rows::{hash, now, organization, role, team, user},
};
use keystead_domain::{
    PLATFORM, PageRequest, Scope,
    accounts::{Login, UserFilter, UserStatus},
    organizations::OrganizationStatus,
};
use keystead_store::{FailedAttempt, LockPolicy, SharedStore};
use uuid::Uuid;

pub(crate) fn all() -> Vec<Case> {
    let mut cases = accounts();
    cases.extend(organizations());
    cases.extend(access());
    cases
}

fn search(text: &str) -> UserFilter {
    UserFilter { search: Some(text.to_owned()), ..UserFilter::default() }
}

fn accounts() -> Vec<Case> {
    vec![
        store!("a login by username", ["users_username_key"], |store| async move {
            store.find_login(&Login::parse("user77"), "unknown", &hash(1), now()).await
        })
        .on_postgres(&["sessions_user_id", "sign_in_attempts_pkey"])
        .on_sqlite(&["sessions_user_id", "sign_in_attempts_pkey"]),
        store!("a login by address", ["users_email_key", "memberships_user"], |store| async move {
            store.find_login(&Login::parse("mail77@example.org"), "unknown", &hash(1), now()).await
        }),
        write!("a login within a transaction", ["users_pkey", "user_roles_pkey"], here(), |unit| async move {
            let login = Login::parse("user0");
            unit.sign_in_attempts().take_login(Some(user(0)), &login, "unknown", &hash(1), now()).await
        })
        .on_sqlite(&["users_username_key", "sessions_user_id", "sign_in_attempts_pkey"]),
        read!("the own account", ["users_pkey"], here(), |unit| unit.users().find_own(user(0))),
        read!("a member's account", ["users_pkey", "memberships_organization_user"], here(), |unit| unit
            .users()
            .find(organization(), user(7))),
        read!("a page of all accounts", ["users_pkey"], PLATFORM_SCOPE, |unit| async move {
            unit.users().list(PLATFORM, &UserFilter::default(), &after(user(9000))).await
        }),
        read!("a page of an organization's accounts", ["users_pkey"], here(), |unit| async move {
            unit.users().list(organization(), &UserFilter::default(), &after(user(900))).await
        })
        .on_postgres(&["memberships_organization_user"])
        .on_sqlite(&["memberships_organization_user"]),
        read!("accounts by status", ["users_status"], PLATFORM_SCOPE, |unit| async move {
            let filter = UserFilter { status: Some(UserStatus::Disabled), ..UserFilter::default() };
            unit.users().list(PLATFORM, &filter, &after(user(9000))).await
        }),
        read!("accounts by tier", ["users_tier"], PLATFORM_SCOPE, |unit| async move {
            let filter = UserFilter { tier: Some("gold".to_owned()), ..UserFilter::default() };
            unit.users().list(PLATFORM, &filter, &after(user(9000))).await
        }),
        read!("accounts by their beginning", ["users_username_key", "users_email_key"], PLATFORM_SCOPE, |unit| {
            async move { unit.users().list(PLATFORM, &search("user1234"), &first()).await }
        }),
        write!("a failed sign-in", ["users_pkey"], here(), |unit| async move {
            let attempt = FailedAttempt {
                account_key: format!("user:{}", user(0)),
                user: Some(user(0)),
                network_hash: hash(5),
                now: now(),
                policy: LockPolicy { network_attempts: 5, account_attempts: 50, lock_seconds: 900 },
            };
            unit.sign_in_attempts().record_failure(&attempt).await
        })
        .on_postgres(&["sign_in_attempts_pkey"])
        .on_sqlite(&["sign_in_attempts_pkey"]),
    ]
}

fn organizations() -> Vec<Case> {
    vec![
        read!("an organization", ["organizations_pkey"], here(), |unit| unit
            .organizations()
            .find(organization(), organization())),
        read!("a person's organizations", ["memberships_user", "organizations_pkey"], here(), |unit| async move {
            unit.organizations().list_of_user(user(0), &first()).await
        }),
        read!("a page of all organizations", ["organizations_pkey"], PLATFORM_SCOPE, |unit| async move {
            unit.organizations().list_all(PLATFORM, None, &after(organization())).await
        }),
        read!("organizations by status", ["organizations_status"], PLATFORM_SCOPE, |unit| async move {
            let status = Some(OrganizationStatus::Archived);
            unit.organizations().list_all(PLATFORM, status, &after(organization())).await
        }),
        read!("a membership", ["memberships_organization_user", "users_pkey"], here(), |unit| unit
            .memberships()
            .find(organization(), user(7))),
        read!(
            "a page of members",
            ["memberships_organization_order|memberships_organization_user", "users_pkey"],
            here(),
            |unit| async move { unit.memberships().list(organization(), &after(user(0))).await }
        )
        .on_postgres(&["user_roles_pkey"])
        .on_sqlite(&["user_roles_pkey"]),
        write!("the administrators", ["user_roles_pkey|user_roles_role", "users_pkey|users_status"], here(), |unit| {
            unit.memberships().count_administrators(organization())
        }),
        write!("a membership that ends", ["memberships_organization_user|memberships_user"], here(), |unit| unit
            .memberships()
            .delete(organization(), user(7)))
        // What hangs on it is found by the referring columns.
        .on_postgres(&["team_members_user", "user_roles_pkey"])
        .on_sqlite(&["team_members_user", "user_roles_pkey"]),
        read!("an invitation by its token", ["invitations_token_hash"], Scope::NONE, |unit| async move {
            unit.invitations().find_by_token(&hash(77)).await
        }),
        read!("a page of invitations", ["invitations_organization_order"], here(), |unit| async move {
            // As few as there are more of: whoever wants them all may as well sort them.
            unit.invitations().list(organization(), None, &PageRequest::first(1)).await
        }),
        read!("a page of teams", ["teams_organization_id"], here(), |unit| async move {
            unit.teams().list(organization(), &PageRequest::first(1)).await
        }),
        read!("a page of a team's members", ["team_members_pkey", "users_pkey"], here(), |unit| async move {
            unit.teams().members(organization(), team(), &after(user(900))).await
        }),
    ]
}

fn access() -> Vec<Case> {
    vec![
        read!(
            "a page of roles",
            ["roles_organization_id|roles_organization_name|roles_pkey"],
            here(),
            |unit| async move { unit.roles().list(organization(), &first()).await }
        ),
        read!(
            "a page of permissions",
            ["permissions_organization_id|permissions_organization_name|permissions_pkey"],
            here(),
            |unit| async move { unit.permissions().list(organization(), &first()).await }
        ),
        read!("what a role permits", ["role_permissions_pkey"], here(), |unit| async move {
            unit.roles().permissions(organization(), &[role(0)]).await
        }),
        read!("what held roles grant", ["role_permissions_pkey"], here(), |unit| async move {
            unit.roles().grants(organization(), &[role(0)]).await
        }),
        read!("how many roles are its own", ["roles_organization_id|roles_organization_name"], here(), |unit| unit
            .roles()
            .count_own(organization())),
        read!(
            "how many permissions are its own",
            ["permissions_organization_id|permissions_organization_name"],
            here(),
            |unit| { unit.permissions().count_own(organization()) }
        ),
        write!("a role that goes", ["roles_organization_id"], Scope::organization(organization()), |unit| async move {
            // Nobody holds this one, and no invitation names it.
            unit.roles().delete(organization(), role(9_030), 1).await
        })
        .on_postgres(&["user_roles_role", "invitations_role", "role_permissions_pkey"])
        .on_sqlite(&["user_roles_role", "invitations_role", "role_permissions_pkey"]),
        write!("a permission that goes", ["permissions_organization_id"], here(), |unit| async move {
            // None has this identifier; one that is there would be refused by what refers to it.
            unit.permissions().delete(organization(), Uuid::from_u128(1).into()).await
        }),
        write!("the version of the rules", [], here(), |unit| unit.roles().raise_version(organization())),
    ]
}
