//! How each operation is reached, who may, and what it records.

mod catalogue;
mod policy;
mod user_levels;

use super::world::{Caller, Someone, World};
use crate::support::Server;
use Caller::{Admin, Manager, Nobody, Platform, User};
use keystead_domain::access::Action::{self, Create, Delete, Read, Update};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// What is asked with a POST, because the question is a document, and changes nothing.
const ASKING: [&str; 2] = ["POST /api/v1/access/explain", "POST /api/v1/access/preview"];

/// What is sent in a world.
type Body = fn(&World) -> Value;

/// One operation.
pub struct Case {
    /// As the document names it.
    pub operation: &'static str,
    /// Whom it is for.
    pub by: Caller,
    /// What a role must permit; none where it is one's own business or public.
    pub needs: Option<(&'static str, Action)>,
    /// Whose own the thing is, or would be.
    pub own: &'static [Caller],
    /// The thing belongs to the platform, or to nobody: what a role permits in its organization does not reach it.
    pub of_the_platform: bool,
    body: Body,
    /// The thing belongs to nobody and everybody may read it: who may not change it is told so, whatever the organization.
    pub is_shared: bool,
    /// What is asked for in the query.
    query: &'static str,
    /// What the rightful caller does first, so that there is something to do.
    after: Option<(&'static str, &'static str, Body)>,
    /// Where the version is read that `If-Match` must name.
    version_at: Option<&'static str>,
    /// The events that it leaves in the audit log.
    pub events: &'static [&'static str],
}

/// A request that can be sent by several callers.
#[derive(Clone, Debug)]
pub struct Request {
    method: Method,
    path: String,
    body: Value,
    version: Option<String>,
    correlation: String,
}

impl Request {
    fn new(method: Method, path: String, body: Value) -> Self {
        static REQUESTS: AtomicU32 = AtomicU32::new(0);
        let correlation = format!("operation-{}", REQUESTS.fetch_add(1, Ordering::Relaxed));
        Self { method, path, body, version: None, correlation }
    }
    pub fn correlation(&self) -> String {
        self.correlation.clone()
    }
    /// The secrets that it carries.
    pub fn secrets(&self) -> Vec<String> {
        let names = ["password", "current_password", "new_password", "token", "refresh_token"];
        names.iter().filter_map(|name| self.body[name].as_str().map(str::to_owned)).collect()
    }
    pub async fn send(&self, server: &Server, who: &Someone) -> (StatusCode, Value) {
        let mut request = server.http.request(self.method.clone(), format!("{}{}", server.base, self.path));
        if !who.token.is_empty() {
            request = request.bearer_auth(&who.token);
        }
        if let Some(version) = &self.version {
            request = request.header("if-match", version);
        }
        match &self.body {
            Value::Null => {}
            // The operations that take a text take CSV.
            Value::String(text) => request = request.header("content-type", "text/csv").body(text.clone()),
            body => request = request.json(body),
        }
        let answer = request.header("x-request-id", &self.correlation).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
}

impl Case {
    const fn events(mut self, events: &'static [&'static str]) -> Self {
        self.events = events;
        self
    }
    const fn needs(mut self, resource: &'static str, action: Action) -> Self {
        self.needs = Some((resource, action));
        self
    }
    const fn own(mut self, own: &'static [Caller]) -> Self {
        self.own = own;
        self
    }
    const fn of_the_platform(mut self) -> Self {
        self.of_the_platform = true;
        self
    }
    const fn shared(mut self) -> Self {
        self.is_shared = true;
        self
    }
    const fn query(mut self, query: &'static str) -> Self {
        self.query = query;
        self
    }
    fn with(mut self, body: Body) -> Self {
        self.body = body;
        self
    }
    const fn after(mut self, method: &'static str, path: &'static str) -> Self {
        self.after = Some((method, path, |_| Value::Null));
        self
    }
    /// As [`Case::after`], with a body, for the version that is there.
    fn after_body(mut self, method: &'static str, path: &'static str, body: Body) -> Self {
        self.after = Some((method, path, body));
        self
    }
    const fn version_at(mut self, path: &'static str) -> Self {
        self.version_at = Some(path);
        self
    }
    /// Whether something is done before it.
    pub fn prepares(&self) -> bool {
        self.after.is_some()
    }
    /// Whether it changes nothing.
    pub fn only_reads(&self) -> bool {
        self.operation.starts_with("GET ")
            || self.operation.starts_with("POST /access/v1/")
            || ASKING.contains(&self.operation)
    }
    /// Whether nobody need be signed in.
    pub fn is_anonymous(&self) -> bool {
        self.by == Nobody
    }

    /// The request with this world's identifiers.
    pub async fn request(&self, world: &World, server: &Server) -> Request {
        let (method, template) = self.operation.split_once(' ').unwrap();
        if let Some((method, template, body)) = self.after {
            let mut first = Request::new(method.parse().unwrap(), world.path(template), body(world));
            if !first.body.is_null() {
                first.version = Some(self.version(world, server, template).await);
            }
            let (status, body) = first.send(server, world.caller(self.by)).await;
            assert!(status.is_success(), "{method} {template}: {body}");
        }
        let path = format!("{}{}", world.path(template), self.query);
        let mut request = Request::new(method.parse().unwrap(), path, (self.body)(world));
        if let Some(template) = self.version_at {
            request.version = Some(self.version(world, server, template).await);
        }
        request
    }

    /// The version of what is there, as the rightful caller reads it.
    async fn version(&self, world: &World, server: &Server, template: &str) -> String {
        let who = world.caller(self.by);
        let url = format!("{}{}", server.base, world.path(template));
        let answer = server.http.get(url).bearer_auth(&who.token).send().await.unwrap();
        let version = answer.headers().get("etag").unwrap_or_else(|| panic!("{template} has no ETag"));
        version.to_str().unwrap().to_owned()
    }
}

const fn case(operation: &'static str, by: Caller) -> Case {
    Case {
        operation,
        by,
        needs: None,
        own: &[],
        of_the_platform: false,
        is_shared: false,
        query: "",
        body: |_| Value::Null,
        after: None,
        version_at: None,
        events: &[],
    }
}

const EVERYONE: &[Caller] = &[Admin, Manager, User];

pub fn cases() -> Vec<Case> {
    let mut cases = public();
    cases.extend(own());
    cases.extend(users());
    cases.extend(organizations());
    cases.extend(invitations());
    cases.extend(teams());
    cases.extend(access());
    cases.extend(policy::policy());
    cases.extend(service_accounts());
    cases.extend(user_levels::cases());
    cases.extend(records());
    cases.extend(questions());
    cases.extend(catalogue::cases());
    cases
}

fn public() -> Vec<Case> {
    vec![
        case("GET /.well-known/jwks.json", Nobody),
        case("GET /.well-known/authzen-configuration", Nobody),
        case("GET /health/live", Nobody),
        case("GET /health/ready", Nobody),
        case("POST /api/v1/accounts", Nobody)
            .with(|world| {
                let name = format!("new{}", &world.team_id[24..]);
                json!({ "username": name, "email": format!("{name}@example.org"), "password": "a phrase that is long" })
            })
            .events(&["user.registered"]),
        case("POST /api/v1/sessions", Nobody)
            .with(|world| json!({ "login": world.cat.name, "password": world.cat.password }))
            .events(&["session.created"]),
        case("POST /api/v1/sessions/refresh", Nobody)
            .with(|world| json!({ "refresh_token": world.cat.refresh_token }))
            .events(&["session.refreshed"]),
    ]
}

fn own() -> Vec<Case> {
    vec![
        case("GET /api/v1/me", User),
        case("PATCH /api/v1/me", User)
            .with(|_| json!({ "first_name": "Cat" }))
            .version_at("/api/v1/me")
            .events(&["user.updated"]),
        case("GET /api/v1/me/organizations", User),
        case("GET /api/v1/me/permissions", User),
        case("GET /api/v1/me/navigation", User),
        case("GET /api/v1/me/trail", User),
        case("POST /api/v1/me/trail", User)
            .with(|world| json!({ "visits": [{ "view_id": world.levels.view }] }))
            .events(&["trail.recorded"]),
        case("DELETE /api/v1/me/trail", User).events(&["trail.cleared"]),
        case("POST /api/v1/me/password", User)
            .with(
                |world| json!({ "current_password": world.cat.password, "new_password": "quite another long phrase" }),
            )
            .events(&["password.changed"]),
        case("GET /api/v1/sessions", User),
        case("DELETE /api/v1/sessions/current", User).events(&["session.ended"]),
        case("DELETE /api/v1/sessions/others", User).events(&["session.others_ended"]),
        case("DELETE /api/v1/sessions/{session_id}", User)
            .needs("sessions", Delete)
            .own(&[User])
            .of_the_platform()
            .events(&["session.ended"]),
        case("POST /api/v1/sessions/current/organization", User)
            .with(|world| json!({ "organization_id": world.organization_id }))
            .events(&["session.organization_switched"]),
    ]
}

fn users() -> Vec<Case> {
    let platform = |operation, action| case(operation, Platform).needs("users", action).of_the_platform();
    vec![
        case("GET /api/v1/users", Admin).needs("users", Read),
        platform("POST /api/v1/users", Create)
            .with(|world| {
                let name = format!("made{}", &world.team_id[24..]);
                json!({ "username": name, "email": format!("{name}@example.org"), "password": "a phrase that is long" })
            })
            .events(&["user.created"]),
        case("GET /api/v1/users/{user_id}", Admin).needs("users", Read).own(&[User]),
        case("GET /api/v1/users/{user_id}/permissions", Admin).needs("access", Read),
        platform("PATCH /api/v1/users/{user_id}", Update)
            .with(|_| json!({ "first_name": "Cat" }))
            .version_at("/api/v1/users/{user_id}")
            .events(&["user.updated"]),
        platform("POST /api/v1/users/{user_id}/disable", Update).events(&["user.disabled"]),
        platform("POST /api/v1/users/{user_id}/enable", Update)
            .after("POST", "/api/v1/users/{user_id}/disable")
            .events(&["user.enabled"]),
        platform("POST /api/v1/users/{user_id}/unlock", Update).events(&["user.unlocked"]),
        platform("POST /api/v1/users/{user_id}/password-reset", Update)
            .with(|_| json!({ "password": "a phrase from the administrator" }))
            .events(&["password.reset"]),
        case("GET /api/v1/users/{user_id}/sessions", Platform).needs("sessions", Read).own(&[User]).of_the_platform(),
        case("DELETE /api/v1/users/{user_id}/sessions", Platform)
            .needs("sessions", Delete)
            .own(&[User])
            .of_the_platform()
            .events(&["session.revoked"]),
        case("DELETE /api/v1/users/{user_id}/sessions/{session_id}", Platform)
            .needs("sessions", Delete)
            .own(&[User])
            .of_the_platform()
            .events(&["session.revoked"]),
    ]
}

const ORGANIZATION: &str = "/api/v1/organizations/{organization_id}";
const MEMBER: &str = "/api/v1/organizations/{organization_id}/members/{user_id}";

fn organizations() -> Vec<Case> {
    vec![
        case("GET /api/v1/organizations", User),
        case("POST /api/v1/organizations", User)
            .needs("organizations", Create)
            .own(EVERYONE)
            .with(|_| json!({ "name": "Another" }))
            .events(&["organization.created"]),
        case("GET /api/v1/organizations/{organization_id}", User).needs("organizations", Read),
        case("PATCH /api/v1/organizations/{organization_id}", Admin)
            .needs("organizations", Update)
            .with(|_| json!({ "name": "Renamed" }))
            .version_at(ORGANIZATION)
            .events(&["organization.updated"]),
        case("DELETE /api/v1/organizations/{organization_id}", Admin)
            .needs("organizations", Delete)
            .version_at(ORGANIZATION)
            .events(&["organization.archived"]),
        case("GET /api/v1/organizations/{organization_id}/members", User).needs("members", Read),
        case("GET /api/v1/organizations/{organization_id}/members/{user_id}", User).needs("members", Read),
        case("PATCH /api/v1/organizations/{organization_id}/members/{user_id}", Admin)
            .needs("members", Update)
            .with(|_| json!({ "status": "suspended" }))
            .version_at(MEMBER)
            .events(&["member.suspended"]),
        case("PUT /api/v1/organizations/{organization_id}/members/{user_id}/roles", Admin)
            .needs("members", Update)
            .with(|_| json!({ "roles": ["user"] }))
            .version_at(MEMBER)
            .events(&["member.roles_changed"]),
        case("DELETE /api/v1/organizations/{organization_id}/members/{user_id}", Admin)
            .needs("members", Delete)
            .own(&[User])
            .events(&["member.removed"]),
    ]
}

fn invitations() -> Vec<Case> {
    vec![
        case("GET /api/v1/invitations", Admin).needs("invitations", Read),
        case("POST /api/v1/invitations", Admin)
            .needs("invitations", Create)
            .with(|_| json!({ "email": "fay@example.org", "role": "user" }))
            .events(&["invitation.created"]),
        case("GET /api/v1/invitations/{invitation_id}", Admin).needs("invitations", Read),
        case("DELETE /api/v1/invitations/{invitation_id}", Admin)
            .needs("invitations", Delete)
            .version_at("/api/v1/invitations/{invitation_id}")
            .events(&["invitation.revoked"]),
        case("POST /api/v1/invitations/accept", User)
            .with(|world| json!({ "token": world.invitation_token }))
            .events(&["invitation.accepted"]),
        case("POST /api/v1/invitations/decline", User)
            .with(|world| json!({ "token": world.invitation_token }))
            .events(&["invitation.declined"]),
    ]
}

fn teams() -> Vec<Case> {
    vec![
        case("GET /api/v1/teams", User).needs("teams", Read),
        case("POST /api/v1/teams", Admin)
            .needs("teams", Create)
            .with(|_| json!({ "name": "Blue" }))
            .events(&["team.created"]),
        case("GET /api/v1/teams/{team_id}", User).needs("teams", Read),
        case("PATCH /api/v1/teams/{team_id}", Admin)
            .needs("teams", Update)
            .with(|_| json!({ "name": "Green" }))
            .version_at("/api/v1/teams/{team_id}")
            .events(&["team.updated"]),
        case("DELETE /api/v1/teams/{team_id}", Admin)
            .needs("teams", Delete)
            .version_at("/api/v1/teams/{team_id}")
            .events(&["team.deleted"]),
        case("GET /api/v1/teams/{team_id}/members", User).needs("teams", Read),
        case("PUT /api/v1/teams/{team_id}/members/{user_id}", Admin)
            .needs("teams", Update)
            .after("DELETE", "/api/v1/teams/{team_id}/members/{user_id}")
            .events(&["team.member_added"]),
        case("DELETE /api/v1/teams/{team_id}/members/{user_id}", Admin)
            .needs("teams", Update)
            .events(&["team.member_removed"]),
    ]
}

fn access() -> Vec<Case> {
    vec![
        case("GET /api/v1/roles", User).needs("roles", Read),
        case("POST /api/v1/roles", Admin)
            .needs("roles", Create)
            .with(|_| json!({ "name": "reader", "permissions": ["teams:read:organization"] }))
            .events(&["role.created"]),
        case("GET /api/v1/roles/{role_id}", User).needs("roles", Read),
        case("PATCH /api/v1/roles/{role_id}", Admin)
            .needs("roles", Update)
            .with(|_| json!({ "description": "prints" }))
            .version_at("/api/v1/roles/{role_id}")
            .events(&["role.updated"]),
        case("DELETE /api/v1/roles/{role_id}", Admin)
            .needs("roles", Delete)
            .version_at("/api/v1/roles/{role_id}")
            .events(&["role.deleted"]),
        case("GET /api/v1/roles/{role_id}/permissions", User).needs("roles", Read),
        case("PUT /api/v1/roles/{role_id}/permissions", Admin)
            .needs("roles", Update)
            .with(|_| json!({ "permissions": ["teams:read:organization"] }))
            .version_at("/api/v1/roles/{role_id}")
            .events(&["role.permissions_changed"]),
        case("GET /api/v1/permissions", User).needs("permissions", Read),
        case("POST /api/v1/permissions", Admin)
            .needs("permissions", Create)
            .with(|_| json!({ "name": "reports:read:organization" }))
            .events(&["permission.created"]),
        case("GET /api/v1/permissions/{permission_id}", User).needs("permissions", Read),
        case("DELETE /api/v1/permissions/{permission_id}", Admin)
            .needs("permissions", Delete)
            .events(&["permission.deleted"]),
    ]
}

fn entity(kind: &str, id: &str) -> Value {
    json!({ "type": kind, "id": id })
}

/// May the user read the team? In parts.
fn asked(world: &World) -> (Value, Value, Value) {
    (entity("user", &world.cat.id), json!({ "name": "read" }), entity("teams", &world.team_id))
}

/// What anybody may ask about themselves, and nothing about others.
fn questions() -> Vec<Case> {
    vec![
        case("POST /access/v1/evaluation", User).with(|world| {
            let (subject, action, resource) = asked(world);
            json!({ "subject": subject, "action": action, "resource": resource })
        }),
        case("POST /access/v1/evaluations", User).with(|world| {
            let (subject, action, resource) = asked(world);
            json!({ "subject": subject, "action": action, "evaluations": [{ "resource": resource }] })
        }),
        case("POST /access/v1/search/subject", User).with(|world| {
            let (_, action, resource) = asked(world);
            json!({ "subject": { "type": "user" }, "action": action, "resource": resource })
        }),
        case("POST /access/v1/search/resource", User).with(|world| {
            let (subject, action, _) = asked(world);
            json!({ "subject": subject, "action": action, "resource": { "type": "teams" } })
        }),
        case("POST /access/v1/search/action", User).with(|world| {
            let (subject, _, resource) = asked(world);
            json!({ "subject": subject, "resource": resource })
        }),
    ]
}

const SERVICE_ACCOUNT: &str = "/api/v1/service-accounts/{service_account_id}";

fn service_accounts() -> Vec<Case> {
    let account = |operation, action| case(operation, Admin).needs("service_accounts", action);
    let terms = |_: &World| json!({ "scopes": ["teams:read"], "expires_in_days": 30 });
    vec![
        account("GET /api/v1/service-accounts", Read),
        account("POST /api/v1/service-accounts", Create)
            .with(|_| json!({ "name": "other robot", "scopes": ["teams:read:organization"] }))
            .events(&["service_account.created", "api_key.created"]),
        account("GET /api/v1/service-accounts/{service_account_id}", Read),
        account("PATCH /api/v1/service-accounts/{service_account_id}", Update)
            .with(|_| json!({ "is_active": false }))
            .version_at(SERVICE_ACCOUNT)
            .events(&["service_account.disabled"]),
        account("DELETE /api/v1/service-accounts/{service_account_id}", Delete)
            .version_at(SERVICE_ACCOUNT)
            .events(&["service_account.deleted"]),
        account("GET /api/v1/service-accounts/{service_account_id}/keys", Read),
        account("POST /api/v1/service-accounts/{service_account_id}/keys", Update)
            .with(terms)
            .events(&["api_key.created"]),
        account("GET /api/v1/service-accounts/{service_account_id}/keys/{key_id}", Read),
        account("DELETE /api/v1/service-accounts/{service_account_id}/keys/{key_id}", Update)
            .events(&["api_key.revoked"]),
        account("POST /api/v1/service-accounts/{service_account_id}/keys/{key_id}/rotate", Update)
            .with(|_| json!({ "overlap_seconds": 60 }))
            .events(&["api_key.rotated", "api_key.created"]),
    ]
}

fn records() -> Vec<Case> {
    let job = |operation, action| case(operation, Admin).needs("jobs", action);
    vec![
        case("GET /api/v1/audit-events", Admin).needs("audit_events", Read).own(EVERYONE),
        case("GET /api/v1/audit-events/{audit_event_id}", Admin).needs("audit_events", Read),
        case("GET /api/v1/jobs", Admin).needs("jobs", Read),
        case("GET /api/v1/schedules", Admin).needs("jobs", Read),
        job("GET /api/v1/jobs/{job_id}", Read),
        job("POST /api/v1/jobs/{job_id}/cancel", Update).events(&["job.cancelled"]),
        job("POST /api/v1/jobs/{job_id}/retry", Update).events(&["job.retried"]),
    ]
}

/// Requests of one world that name another's things in their bodies and queries.
pub fn with_foreign_ids(own: &World, foreign: &World) -> Vec<Request> {
    let post = |path: &str, body| Request::new(Method::POST, path.to_owned(), body);
    let get = |path: String| Request::new(Method::GET, path, Value::Null);
    let put = |path: String| Request::new(Method::PUT, path, Value::Null);
    let (team, stranger) = (&own.team_id, &foreign.cat.id);
    let documents = [&own.entity_id, &foreign.entity_id].map(|id| json!({ "type": "document", "id": id }));
    let key = format!("/api/v1/service-accounts/{}/keys/{}", own.service_account_id, foreign.key_id);
    let mut requests = vec![
        post("/api/v1/sessions/current/organization", json!({ "organization_id": foreign.organization_id })),
        post("/api/v1/invitations", json!({ "email": "gus@example.org", "role": "printer-of-somebody-else" })),
        post("/api/v1/access/rules/delete", json!({ "ids": [own.rule_id, foreign.rule_id] })),
        post("/api/v1/access/entities/delete", json!({ "entities": documents })),
        post("/api/v1/organizations", json!({ "name": "Gift", "administrator": stranger })),
        put(format!("/api/v1/teams/{team}/members/{stranger}")),
        get(format!("/api/v1/audit-events?organization_id={}", foreign.organization_id)),
        get(format!("/api/v1/jobs?organization_id={}", foreign.organization_id)),
        get(format!("/api/v1/schedules?organization_id={}", foreign.organization_id)),
        get(format!("/api/v1/audit-events/{}?organization_id={}", foreign.audit_event_id, foreign.organization_id)),
        get(format!("/api/v1/organizations/{}/members/{stranger}", own.organization_id)),
        post(&format!("{key}/rotate"), json!({})),
        Request::new(Method::DELETE, key.clone(), Value::Null),
        get(key),
        get(format!("/api/v1/users/{stranger}/permissions")),
    ];
    requests.extend(user_levels::with_foreign_ids(own, foreign));
    requests
}
