//! Who is calling: from a bearer token to a caller, with one statement.

use crate::{App, access::SnapshotRights, keys::verify_access_token, service_accounts::key_again};
use keystead_domain::{
    Caller, CallerKind, Error, ErrorKind, RequestContext, Result, accounts::User, organizations::MembershipStatus,
};
use keystead_store::UnitOfWork;
use std::sync::Arc;

/// A caller whose token, session and account were checked now.
#[derive(Clone, Debug)]
pub struct Authenticated {
    caller: Caller,
    /// The account, as it is now.
    pub user: Arc<User>,
    /// The place in the organization that the token names; none when it has ended or the organization is archived.
    pub membership: Option<MembershipStatus>,
    /// Whether nothing else may be done before the password is changed.
    pub must_change_password: bool,
}

impl Authenticated {
    pub(crate) fn of(caller: Caller, user: Arc<User>, membership: Option<MembershipStatus>) -> Self {
        Self { caller, must_change_password: user.must_change_password, membership, user }
    }

    /// The caller.
    ///
    /// # Errors
    /// `Forbidden` with code `password_change_required` when the password must be changed first.
    pub fn caller(&self) -> Result<&Caller> {
        if self.must_change_password {
            return Err(Error::new(
                ErrorKind::Forbidden,
                "password_change_required",
                "Change your password first (POST /api/v1/me/password).",
            ));
        }
        Ok(&self.caller)
    }

    /// The caller, for what is allowed although the password must be changed: reading one's own account, changing the
    /// password, signing out.
    #[must_use]
    pub const fn restricted_caller(&self) -> &Caller {
        &self.caller
    }
}

/// Finds out who is calling with the access token `token`, in one statement when the roles in force are known already.
///
/// What counts is what the store says now: the session lives, the account is active, and the roles are those held in
/// the organization that the token names. The token's own `roles` decide nothing. Where the membership has ended or is
/// suspended, or the organization is archived, there are none.
///
/// # Errors
/// `Unauthenticated`, whatever is wrong with the token or the session.
pub async fn authenticate(app: &App, token: &str, context: RequestContext) -> Result<Authenticated> {
    let claims = verify_access_token(app, token).await?;
    let now = app.now();
    let known = app.places.get(claims.org, claims.sub);
    let known_user = known.as_ref().map(|known| Arc::clone(&known.user));
    let record = app.store.load_caller(claims.org, claims.sub, claims.sid, now, known).await?;
    let record = record.ok_or_else(Error::unauthenticated)?;
    app.places.keep(claims.org, known_user.as_ref(), &record);
    app.activity.note(claims.sid, record.last_activity_at, now);
    let grants = if record.membership == Some(MembershipStatus::Active) {
        app.grants.held(app, claims.org, record.versions, &record.roles).await?
    } else {
        Arc::from([])
    };
    let snapshot = app.decisions.at_least(app, claims.org, record.versions).await?;
    let caller = Caller {
        kind: CallerKind::User,
        user_id: Some(record.user.id),
        service_account_id: None,
        api_key_id: None,
        organization_id: claims.org,
        session_id: Some(claims.sid),
        grants,
        versions: record.versions,
        rights: Some(Arc::new(SnapshotRights::new(snapshot, now, &context).recorded(app))),
        context,
    };
    Ok(Authenticated::of(caller, record.user, record.membership))
}

/// The caller as `unit`, which sees the caller's organization, knows them: for who has waited, as for a hash, since they were
/// asked about. Session, account, membership or roles may have gone meanwhile, and then the guard must be asked again.
/// A service account must still have its key. Jobs and the operator have nothing to lose.
///
/// # Errors
/// `Unauthenticated` when the session or the account has ended; `Forbidden` when the password must be changed first.
pub(crate) async fn caller_again(app: &App, unit: &dyn UnitOfWork, caller: &Caller) -> Result<Caller> {
    let user = match (caller.kind, caller.user_id) {
        (CallerKind::ServiceAccount, _) => return key_again(app, unit, caller).await,
        (CallerKind::User, Some(user)) => user,
        (CallerKind::Job | CallerKind::Operator, _) => return Ok(caller.clone()),
        (CallerKind::User | CallerKind::Anonymous, _) => return Err(Error::unauthenticated()),
    };
    let session = caller.session_id.ok_or_else(Error::unauthenticated)?;
    let record = unit.sessions().caller(caller.organization_id, user, session, app.now()).await?;
    let record = record.ok_or_else(Error::unauthenticated)?;
    let grants = if record.membership == Some(MembershipStatus::Active) {
        // Not from the cache, which would open a second transaction to fill itself.
        unit.roles().grants(caller.organization_id, &record.roles).await?.into()
    } else {
        Arc::from([])
    };
    let snapshot = app.decisions.within(unit, caller.organization_id, record.versions).await?;
    let rights = SnapshotRights::new(snapshot, app.now(), &caller.context).recorded(app);
    let again = Caller { grants, versions: record.versions, rights: Some(Arc::new(rights)), ..caller.clone() };
    Authenticated::of(again, record.user, record.membership).caller().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        keys::current_signing_key,
        sessions::access_token::{Holder, issue_access_token},
        testing::{
            TestApp, account, administrator, context, deciding, deciding_rows, grant, now, organization, session, user,
        },
    };
    use keystead_domain::{
        RoleId,
        access::{ADMIN, SnapshotChange, USER},
    };
    use keystead_store::{
        AccessVersions, CallerRecord,
        mocks::{MockUnitOfWork, Step},
    };
    use secrecy::ExposeSecret;

    fn record(membership: Option<MembershipStatus>, roles: Vec<RoleId>) -> CallerRecord {
        let versions = AccessVersions { organization: 3, platform: 5 };
        let user = account(7).into();
        CallerRecord { user, last_activity_at: now().plus_seconds(-10), membership, roles: roles.into(), versions }
    }

    async fn token(app: &App) -> String {
        let key = current_signing_key(app).await.unwrap();
        // The claim says more than the person holds.
        let roles = vec!["admin".to_owned()];
        let holder = Holder {
            user: user(7),
            session: session(7),
            organization: organization(1),
            roles,
            session_ends: now().plus_seconds(86_400),
        };
        issue_access_token(app, &key, holder).unwrap().token.expose_secret().to_owned()
    }

    /// What decides in the organization 1, at version `version`.
    fn deciding_at(version: i64) -> MockUnitOfWork {
        let mut rows = deciding_rows(organization(1), &[(user(7), vec![grant(&USER)])]);
        rows.versions = AccessVersions { organization: version, platform: 5 };
        let mut unit = MockUnitOfWork::new();
        unit.access.access_snapshots.expect_changed().times(0..=1).return_once(|_, _, _| Ok(SnapshotChange::Anew));
        unit.access.access_snapshots.expect_load().times(0..=1).return_once(|_, _| Ok(rows));
        unit
    }

    async fn as_known(record: Option<CallerRecord>) -> (Result<Authenticated>, Vec<Step>) {
        let mut test = TestApp::new();
        let reads_roles = record
            .as_ref()
            .is_some_and(|record| record.membership == Some(MembershipStatus::Active) && !record.roles.is_empty());
        test.store.answers.expect_load_caller().once().return_once(|org, person, sid, _, known| {
            assert_eq!(known, None);
            assert_eq!((org, person, sid), (organization(1), user(7), session(7)));
            Ok(record)
        });
        let mut unit = MockUnitOfWork::new();
        unit.roles.expect_grants().returning(|_, asked| {
            Ok([&ADMIN, &USER].into_iter().filter(|role| asked.contains(&role.id)).map(grant).collect())
        });
        if reads_roles {
            test.unit(unit);
        }
        let journal = test.unit(deciding_at(3)).journal();
        let app = test.build();
        let token = token(&app).await;
        (authenticate(&app, &token, context()).await, journal.steps())
    }

    #[tokio::test]
    async fn the_roles_held_now_decide_and_not_the_claim() {
        let (known, _) = as_known(Some(record(Some(MembershipStatus::Active), vec![USER.id]))).await;
        let known = known.unwrap();
        let caller = known.caller().unwrap();
        assert_eq!(caller.grants.iter().map(|grant| grant.role_id).collect::<Vec<_>>(), [USER.id]);
        assert_eq!((caller.organization_id, caller.session_id), (organization(1), Some(session(7))));
    }

    #[tokio::test]
    async fn without_an_active_membership_there_are_no_roles_and_none_are_read() {
        for membership in [None, Some(MembershipStatus::Suspended)] {
            let (known, steps) = as_known(Some(record(membership, vec![ADMIN.id]))).await;
            assert!(known.unwrap().caller().unwrap().grants.is_empty());
            let reads = steps.iter().filter(|step| matches!(step, Step::Read(_))).count();
            assert_eq!(reads, 1, "what decides, and no roles: {steps:?}");
        }
    }

    #[tokio::test]
    async fn an_ended_session_is_nobody() {
        let (nobody, _) = as_known(None).await;
        assert_eq!(nobody.unwrap_err().kind, ErrorKind::Unauthenticated);
    }

    #[tokio::test]
    async fn who_must_change_the_password_may_do_nothing_else() {
        let mut record = record(None, vec![]);
        record.user = User { must_change_password: true, ..account(7) }.into();
        let known = as_known(Some(record)).await.0.unwrap();
        assert_eq!(known.caller().unwrap_err().code, "password_change_required");
        assert_eq!(known.restricted_caller().user_id, Some(user(7)));
    }

    #[tokio::test]
    async fn known_roles_are_not_read_again_until_the_rules_change() {
        let mut test = TestApp::new();
        let mut calls = 0;
        test.store.answers.expect_load_caller().times(3).returning(move |_, _, _, _, known| {
            assert_eq!(known.is_some(), calls > 0, "what was read is known from then on");
            calls += 1;
            let mut record = record(Some(MembershipStatus::Active), vec![USER.id]);
            record.versions.organization += i64::from(calls == 3);
            Ok(Some(record))
        });
        for version in [3, 4] {
            let mut unit = MockUnitOfWork::new();
            unit.roles.expect_grants().once().returning(|_, _| Ok(vec![grant(&USER)]));
            test.unit(unit).unit(deciding_at(version));
        }
        let journal = test.journal();
        let app = test.build();
        let token = token(&app).await;
        for reads in [2, 2, 4] {
            authenticate(&app, &token, context()).await.unwrap();
            assert_eq!(journal.steps().iter().filter(|step| matches!(step, Step::Read(_))).count(), reads);
        }
    }

    async fn again(record: Option<CallerRecord>) -> Result<Caller> {
        let app = TestApp::new().build();
        let mut unit = MockUnitOfWork::new();
        unit.sessions.expect_caller().once().return_once(|org, person, sid, _| {
            assert_eq!((org, person, sid), (organization(1), user(7), session(7)));
            Ok(record)
        });
        unit.roles.expect_grants().times(0..=1).returning(|_, ids| {
            let all = [grant(&ADMIN), grant(&USER)];
            Ok(all.into_iter().filter(|grant| ids.contains(&grant.role_id)).collect())
        });
        deciding(&mut unit, organization(1), &[(user(7), vec![])]);
        caller_again(&app, &unit, &administrator(organization(1), 7)).await
    }

    #[tokio::test]
    async fn who_has_waited_is_who_they_are_now() {
        let active = Some(MembershipStatus::Active);
        let roles = async |record| again(Some(record)).await.unwrap().grants.len();
        assert_eq!(roles(record(active, vec![ADMIN.id])).await, 1);
        assert_eq!(roles(record(active, vec![])).await, 0);
        assert_eq!(roles(record(Some(MembershipStatus::Suspended), vec![ADMIN.id])).await, 0);
        assert_eq!(roles(record(None, vec![ADMIN.id])).await, 0);
        assert_eq!(again(None).await.unwrap_err().kind, ErrorKind::Unauthenticated);
        let operator = Caller::operator(context());
        let unit = MockUnitOfWork::new();
        assert_eq!(caller_again(&TestApp::new().build(), &unit, &operator).await.unwrap().kind, CallerKind::Operator);
    }
}
