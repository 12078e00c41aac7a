//! An organization with people in every role and one of everything.

use super::{catalogue::Catalogue, levels::Levels, rows};
use crate::support::{ADMIN_PASSWORD, Person, Server, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody is signed in.
    Nobody,
    /// The organization's administrator.
    Admin,
    Manager,
    User,
    /// The platform's administrator.
    Platform,
}

/// Somebody who is signed in, working in the world's organization.
#[derive(Clone, Debug)]
pub struct Someone {
    pub name: String,
    pub id: String,
    pub token: String,
    pub refresh_token: String,
    pub session_id: String,
    pub password: String,
    /// A token that was theirs and has ended.
    pub expired: String,
}

pub struct World {
    pub ada: Someone,
    pub ben: Someone,
    pub cat: Someone,
    pub root: Someone,
    nobody: Someone,
    pub organization_id: String,
    pub team_id: String,
    pub role_id: String,
    pub permission_id: String,
    pub rule_id: String,
    /// The identifier of a document that decisions know.
    pub entity_id: String,
    /// A view of the product, which belongs to nobody.
    pub invitation_id: String,
    /// Not yet accepted, for cat.
    pub invitation_token: String,
    pub audit_event_id: String,
    /// Another session of cat.
    pub session_id: String,
    /// A job that has not begun, and one that has ended badly.
    pub job_id: String,
    dead_job_id: String,
    /// What the platform has for everyone.
    pub catalogue: Catalogue,
    pub service_account_id: String,
    /// A key of it, and one that was withdrawn, as it was shown.
    pub key_id: String,
    pub ended_key: String,
    /// A user level that cat has.
    pub levels: Levels,
}

/// No two worlds share a name.
static WORLDS: AtomicU32 = AtomicU32::new(0);

impl Someone {
    async fn work_in(&mut self, server: &Server, organization_id: &str) {
        let there = json!({ "organization_id": organization_id });
        let switched = expect(server, self, Method::POST, "/api/v1/sessions/current/organization", there).await;
        text(&switched["access_token"]).clone_into(&mut self.token);
    }
}

pub(super) async fn expect(server: &Server, who: &Someone, method: Method, path: &str, body: Value) -> Value {
    let token = Some(&*who.token).filter(|token| !token.is_empty());
    let body = Some(body).filter(|body| !body.is_null());
    let (status, answer) = send(server, method.clone(), path, token, body).await;
    assert!(status.is_success(), "{method} {path} by {}: {status} {answer}", who.name);
    answer
}

impl World {
    pub async fn new(server: &Server) -> Self {
        let number = WORLDS.fetch_add(1, Ordering::Relaxed);
        let root = root(server).await;
        let mut ada = someone(server, &format!("ada{number}")).await;
        let place = json!({ "name": format!("Organization {number}") });
        let place = expect(server, &ada, Method::POST, "/api/v1/organizations", place).await;
        let organization_id = text(&place["id"]).to_owned();
        ada.work_in(server, &organization_id).await;
        let mut people = Vec::new();
        for (name, role) in [("ben", "manager"), ("cat", "user")] {
            let mut person = someone(server, &format!("{name}{number}")).await;
            let invitation = json!({ "email": format!("{name}{number}@example.org"), "role": role });
            let invitation = expect(server, &ada, Method::POST, "/api/v1/invitations", invitation).await;
            let token = json!({ "token": invitation["token"] });
            expect(server, &person, Method::POST, "/api/v1/invitations/accept", token).await;
            person.work_in(server, &organization_id).await;
            people.push(person);
        }
        let (cat, ben) = (people.pop().unwrap(), people.pop().unwrap());
        let id = |answer: Value| text(&answer["id"]).to_owned();
        let team = expect(server, &ada, Method::POST, "/api/v1/teams", json!({ "name": "Red" })).await;
        let team_id = id(team);
        let member = format!("/api/v1/teams/{team_id}/members/{}", cat.id);
        expect(server, &ada, Method::PUT, &member, Value::Null).await;
        let permission = json!({ "name": "reports:print:organization" });
        let permission_id = id(expect(server, &ada, Method::POST, "/api/v1/permissions", permission).await);
        let role_id = id(expect(server, &ada, Method::POST, "/api/v1/roles", json!({ "name": "printer" })).await);
        let rule = json!({ "ptype": "p", "values": [format!("clerk{number}"), "*", "document:*", "read"] });
        let rule = expect(server, &ada, Method::POST, "/api/v1/access/rules", json!({ "rules": [rule] })).await;
        let rule_id = text(&rule["ids"][0]).to_owned();
        let entity_id = format!("document-of-{number}");
        let entities = json!({ "entities": [{ "type": "document", "id": entity_id }] });
        expect(server, &ada, Method::PUT, "/api/v1/access/entities", entities).await;
        let invitation = json!({ "email": format!("dan{number}@example.org"), "role": "user" });
        let invitation_id = id(expect(server, &ada, Method::POST, "/api/v1/invitations", invitation).await);
        let elsewhere = someone(server, &format!("eve{number}")).await;
        let invitation = json!({ "email": format!("cat{number}@example.org"), "role": "user" });
        let invitation = expect(server, &elsewhere, Method::POST, "/api/v1/invitations", invitation).await;
        let invitation_token = text(&invitation["token"]).to_owned();
        let events = expect(server, &ada, Method::GET, "/api/v1/audit-events?limit=1", Value::Null).await;
        let audit_event_id = text(&events["items"][0]["id"]).to_owned();
        let again = someone_again(server, &cat).await;
        let robot = json!({ "name": "robot", "scopes": ["teams:read:organization"] });
        let robot = expect(server, &ada, Method::POST, "/api/v1/service-accounts", robot).await;
        let service_account_id = text(&robot["id"]).to_owned();
        let keys = format!("/api/v1/service-accounts/{service_account_id}/keys");
        let ended = expect(server, &ada, Method::POST, &keys, json!({})).await;
        expect(server, &ada, Method::DELETE, &format!("{keys}/{}", text(&ended["id"])), Value::Null).await;
        let [job_id, dead_job_id] = rows::add_jobs(&server.store, &organization_id, number).await;
        let catalogue = Catalogue::new(server, &root, &organization_id, number).await;
        let levels = Levels::new(server, &root, &ada, &cat, number).await;
        let nobody = Someone { token: String::new(), name: "nobody".to_owned(), ..cat.clone() };
        Self {
            ada,
            ben,
            root,
            nobody,
            organization_id,
            team_id,
            role_id,
            permission_id,
            rule_id,
            entity_id,
            invitation_id,
            invitation_token,
            audit_event_id,
            session_id: again.session_id,
            job_id,
            dead_job_id,
            catalogue,
            service_account_id,
            key_id: text(&robot["api_key"]["id"]).to_owned(),
            ended_key: text(&ended["key"]).to_owned(),
            levels,
            cat,
        }
    }

    pub fn caller(&self, who: Caller) -> &Someone {
        match who {
            Caller::Nobody => &self.nobody,
            Caller::Admin => &self.ada,
            Caller::Manager => &self.ben,
            Caller::User => &self.cat,
            Caller::Platform => &self.root,
        }
    }

    /// Everything that nobody else may see.
    pub fn ids(&self) -> Vec<String> {
        let people = [&self.ada, &self.ben, &self.cat];
        let things = [&self.organization_id, &self.team_id, &self.role_id, &self.permission_id, &self.invitation_id];
        let more = [&self.audit_event_id, &self.session_id, &self.rule_id, &self.entity_id];
        let keys = [&self.service_account_id, &self.key_id];
        let all = people.iter().map(|person| &person.id).chain(things).chain(self.levels.ids());
        all.chain(more).chain(keys).cloned().collect()
    }

    /// The path of an operation with the identifiers of this world.
    pub fn path(&self, template: &str) -> String {
        let template = self.catalogue.path(template);
        let template = self.levels.path(&template);
        template
            .replace("{organization_id}", &self.organization_id)
            .replace("{user_id}", &self.cat.id)
            .replace("{team_id}", &self.team_id)
            .replace("{role_id}", &self.role_id)
            .replace("{permission_id}", &self.permission_id)
            .replace("{rule_id}", &self.rule_id)
            .replace("{entity_type}", "document")
            .replace("{entity_id}", &self.entity_id)
            .replace("{invitation_id}", &self.invitation_id)
            .replace("{audit_event_id}", &self.audit_event_id)
            .replace("{session_id}", &self.session_id)
            .replace("{job_id}/retry", &format!("{}/retry", self.dead_job_id))
            .replace("{job_id}", &self.job_id)
            .replace("{service_account_id}", &self.service_account_id)
            .replace("{key_id}", &self.key_id)
    }

    /// A new service account of this caller's organization, whose key has these scopes. Its identifier is the account's.
    pub async fn program(&self, server: &Server, by: Caller, scopes: &[String]) -> Someone {
        static PROGRAMS: AtomicU32 = AtomicU32::new(0);
        let name = format!("program {}", PROGRAMS.fetch_add(1, Ordering::Relaxed));
        let body = json!({ "name": name, "scopes": scopes });
        let made = expect(server, self.caller(by), Method::POST, "/api/v1/service-accounts", body).await;
        let (id, token) = (text(&made["id"]).to_owned(), text(&made["key"]).to_owned());
        Someone { name, id, token, ..self.nobody.clone() }
    }

    /// What the audit log has of one request, as the platform's administrator reads it, oldest first.
    pub async fn events_of(&self, server: &Server, correlation: &str) -> Vec<Value> {
        let mut events = Vec::new();
        for (id, organization) in rows::events(&server.store, correlation).await {
            let path = format!("/api/v1/audit-events/{id}?organization_id={organization}");
            events.push(expect(server, &self.root, Method::GET, &path, Value::Null).await);
        }
        events
    }

    /// A token of the same shape from a server with other keys.
    pub async fn signed_by_another_server(&self) -> String {
        let other = Server::start(crate::support::StoreKind::Memory).await;
        Person::new(&other, "ada").await.access
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

async fn someone(server: &Server, name: &str) -> Someone {
    let password = format!("the long phrase of {name}");
    let account = json!({ "username": name, "email": format!("{name}@example.org"), "password": password });
    let (status, body) = send(server, Method::POST, "/api/v1/accounts", None, Some(account)).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    sign_in(server, name, &password).await
}

async fn someone_again(server: &Server, who: &Someone) -> Someone {
    sign_in(server, &who.name, &who.password).await
}

async fn sign_in(server: &Server, name: &str, password: &str) -> Someone {
    let login = json!({ "login": name, "password": password });
    let (status, body) = send(server, Method::POST, "/api/v1/sessions", None, Some(login)).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let token = text(&body["access_token"]).to_owned();
    // The same claims with another end: the signature no longer fits, as an attacker would try.
    let (head, rest) = token.split_once('.').unwrap();
    let expired = format!("{head}.{}", rest.replacen(&rest[20..24], "AAAA", 1));
    Someone {
        name: name.to_owned(),
        id: text(&body["user"]["id"]).to_owned(),
        token,
        refresh_token: text(&body["refresh_token"]).to_owned(),
        session_id: text(&body["session"]["id"]).to_owned(),
        password: password.to_owned(),
        expired,
    }
}

/// The platform's administrator, who has changed the first password.
async fn root(server: &Server) -> Someone {
    const CHANGED: &str = "the administrator's own long phrase";
    let login = json!({ "login": "admin", "password": CHANGED });
    let (status, _) = send(server, Method::POST, "/api/v1/sessions", None, Some(login)).await;
    if status != StatusCode::OK {
        let first = sign_in(server, "admin", ADMIN_PASSWORD).await;
        let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": CHANGED });
        expect(server, &first, Method::POST, "/api/v1/me/password", change).await;
    }
    sign_in(server, "admin", CHANGED).await
}
