//! How each operation is reached, who may, and what it records.

mod access;
mod accounts;
mod catalogue;
mod organizations;
mod policy;
mod request;
mod user_levels;

use super::world::{Caller, World};
use crate::support::Server;
use Caller::{Admin, Manager, Nobody, Platform, User};
use keystead_domain::access::Action::{self, Create, Delete, Read, Update};
use request::Request;
use reqwest::Method;
use serde_json::{Value, json};

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
    /// Whether everything is as before when it was done by whoever may.
    pub fn leaves_the_world(&self) -> bool {
        self.only_reads() && !self.prepares()
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
    let mut cases = accounts::cases();
    cases.extend(organizations::cases());
    cases.extend(access::cases());
    cases.extend(policy::cases());
    cases.extend(user_levels::cases());
    cases.extend(records());
    cases.extend(catalogue::cases());
    cases
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
