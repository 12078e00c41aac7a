//! Who is acting now, from where, and what was granted to them.

use crate::{
    ApiKeyId, OrganizationId, PLATFORM, RoleId, ServiceAccountId, SessionId, UserId,
    access::{AccessVersions, Action, Permission, Resource},
};
use std::{fmt, sync::Arc};
use uuid::Uuid;

/// Where a request came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestContext {
    /// The client's address, after trusted proxies were taken into account.
    pub client_ip: Option<std::net::IpAddr>,
    /// The client's `User-Agent`, cut to 512 characters.
    pub user_agent: Option<String>,
    /// Ties everything that one request caused together (`X-Request-ID`).
    pub correlation_id: String,
    /// Where the request entered: `http`, `cli`, `job`, `seed`.
    pub source: &'static str,
}

/// What kind of caller it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallerKind {
    /// Nobody is signed in.
    Anonymous,
    /// A person.
    User,
    /// A program, with a key of a service account.
    ServiceAccount,
    /// A background job.
    Job,
    /// The operator at the command line, who holds the database anyway.
    Operator,
}

impl CallerKind {
    /// The word that audit events use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::User => "user",
            Self::ServiceAccount => "service_account",
            Self::Job => "job",
            Self::Operator => "operator",
        }
    }
    /// Whether what the caller may do follows from what was granted: jobs and the operator may do everything.
    #[must_use]
    pub const fn is_bounded(self) -> bool {
        match self {
            Self::Anonymous | Self::User | Self::ServiceAccount => true,
            Self::Job | Self::Operator => false,
        }
    }
}

/// One role that the caller holds in the organization of the request, with its permissions. A key of a service account
/// stands in the place of a role.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The role; of a service account the key, with the same identifier.
    pub role_id: RoleId,
    /// Its name, for explanations.
    pub role: String,
    /// What it permits.
    pub permissions: Arc<[Permission]>,
}

/// What decides for a caller, as it was when the request came in.
pub trait Rights: fmt::Debug + Send + Sync {
    /// Whether `caller` may do `action` on one of Keystead's own resources.
    fn allow(&self, caller: &Caller, action: &str, resource: &Resource<'_>) -> bool;

    /// Whether the guard lets `caller` do it: as [`Rights::allow`], but counted, and recorded where the operator wants that.
    fn decide(&self, caller: &Caller, action: Action, resource: &Resource<'_>) -> bool {
        self.allow(caller, action.as_str(), resource)
    }

    /// The guard has sent `caller` away because he does not work in `organization`: counted and recorded as a denial.
    fn note_elsewhere(&self, _caller: &Caller, _organization: OrganizationId) {}

    /// Whether nothing is allowed because the organization's policy rules cannot be read: only to mend them is.
    fn are_shut(&self) -> bool {
        false
    }
}

/// Who is acting now. An argument of every use case: forgetting it does not compile.
#[derive(Clone, Debug)]
pub struct Caller {
    /// What kind of caller it is.
    pub kind: CallerKind,
    /// The person, when it is one.
    pub user_id: Option<UserId>,
    /// The service account, when it is one.
    pub service_account_id: Option<ServiceAccountId>,
    /// The key that the service account calls with.
    pub api_key_id: Option<ApiKeyId>,
    /// The organization of the request: the token's, with the membership checked now, or the service account's.
    pub organization_id: OrganizationId,
    /// The session of the request, when there is one.
    pub session_id: Option<SessionId>,
    /// The roles held in [`Caller::organization_id`].
    pub grants: Arc<[Grant]>,
    /// The access versions of the moment when the request came in.
    pub versions: AccessVersions,
    /// What decides for the caller; without it nothing is allowed.
    pub rights: Option<Arc<dyn Rights>>,
    /// Where the request came from.
    pub context: RequestContext,
}

impl Caller {
    /// Nobody, at the platform: for what happens before anyone is signed in.
    #[must_use]
    pub fn anonymous(context: RequestContext) -> Self {
        Self::without_session(CallerKind::Anonymous, PLATFORM, context)
    }
    /// A background job of `organization`.
    #[must_use]
    pub fn job(organization: OrganizationId, context: RequestContext) -> Self {
        Self::without_session(CallerKind::Job, organization, context)
    }
    /// The operator at the command line.
    #[must_use]
    pub fn operator(context: RequestContext) -> Self {
        Self::without_session(CallerKind::Operator, PLATFORM, context)
    }
    fn without_session(kind: CallerKind, organization_id: OrganizationId, context: RequestContext) -> Self {
        Self {
            kind,
            user_id: None,
            service_account_id: None,
            api_key_id: None,
            organization_id,
            session_id: None,
            grants: Arc::from([]),
            versions: AccessVersions::default(),
            rights: None,
            context,
        }
    }
    /// The identifier of the person or service account; none for other kinds of callers. Two callers are the same when
    /// their kinds and these are.
    #[must_use]
    pub fn acting_id(&self) -> Option<Uuid> {
        let account = || self.service_account_id.map(ServiceAccountId::as_uuid);
        self.user_id.map(UserId::as_uuid).or_else(account)
    }
    /// Who is acting, as `type:id`, for what remembers who made it; without an identifier only the type.
    #[must_use]
    pub fn actor(&self) -> String {
        let kind = self.kind.as_str();
        self.acting_id().map_or_else(|| kind.to_owned(), |id| format!("{kind}:{id}"))
    }
    /// Whether the caller acts for the platform.
    #[must_use]
    pub fn at_platform(&self) -> bool {
        self.organization_id == PLATFORM
    }
    /// The scope of the caller's own transactions.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope { organization: Some(self.organization_id), user: self.user_id }
    }
}

/// The organization and the person whose rows a transaction may see and write.
///
/// On PostgreSQL these become `app.organization_id` and `app.user_id`; an unset one sees nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Rows of this organization.
    pub organization: Option<OrganizationId>,
    /// Personal rows of this person.
    pub user: Option<UserId>,
}

impl Scope {
    /// Sees nothing but the platform catalogue.
    pub const NONE: Self = Self { organization: None, user: None };

    /// Rows of `organization`, and of no person.
    #[must_use]
    pub const fn organization(organization: OrganizationId) -> Self {
        Self { organization: Some(organization), user: None }
    }
    /// Rows of `organization` and personal rows of `user`.
    #[must_use]
    pub const fn person(organization: OrganizationId, user: UserId) -> Self {
        Self { organization: Some(organization), user: Some(user) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_acting_has_one_name() {
        let id = Uuid::from_u128(7);
        let nobody = Caller::operator(RequestContext::default());
        assert_eq!((nobody.actor(), nobody.acting_id()), ("operator".to_owned(), None));
        let person = Caller { kind: CallerKind::User, user_id: Some(UserId::from_uuid(id)), ..nobody.clone() };
        assert_eq!((person.actor(), person.acting_id()), (format!("user:{id}"), Some(id)));
        let account = Some(ServiceAccountId::from_uuid(id));
        let program = Caller { kind: CallerKind::ServiceAccount, service_account_id: account, ..nobody };
        assert_eq!((program.actor(), program.acting_id()), (format!("service_account:{id}"), Some(id)));
        assert!(program.kind.is_bounded() && !CallerKind::Operator.is_bounded() && !CallerKind::Job.is_bounded());
    }
}
