//! A server, and everything that decides in one of its organizations, beside the rows as they were written.

use super::rows::{ACTIONS, FEATURES, MANY, PERMISSIONS, Rows, VIEWS};
use crate::{
    deciding::place::{Place, change, done, made},
    support::{Server, StoreKind},
};
use reqwest::Method;
use serde_json::{Value, json};

pub(super) struct World {
    pub(super) server: Server,
    pub(super) place: Place,
    pub(super) rows: Rows,
    pub(super) roles: Vec<String>,
    pub(super) levels: Vec<String>,
    pub(super) modules: Vec<String>,
    pub(super) features: Vec<String>,
    pub(super) views: Vec<String>,
}

/// Who writes.
#[derive(Clone, Copy, Debug)]
pub(super) enum By {
    Ada,
    Root,
}

impl World {
    pub(super) async fn new(kind: StoreKind) -> Self {
        let server = Server::start(kind).await;
        let place = Place::new(&server, &["ben", "cat", "eve"]).await;
        let (ada, root) = (&place.ada, &place.root);
        for (kind, action, scope) in PERMISSIONS {
            made(&server, ada, "/api/v1/permissions", json!({ "name": format!("{kind}:{action}:{scope}") })).await;
        }
        // Searches for actions are to know each of them.
        let actions: Vec<_> = ACTIONS.iter().map(|action| json!({ "type": "action", "id": action })).collect();
        done(&server, ada, Method::PUT, "/api/v1/access/entities", json!({ "entities": actions })).await;
        let (mut roles, mut levels, mut teams, mut modules) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for number in 0..MANY {
            let named = |what: &str| json!({ "name": format!("{what}-{number}") });
            roles.push(made(&server, ada, "/api/v1/roles", named("role")).await);
            levels.push(made(&server, ada, "/api/v1/user-levels", named("level")).await);
            teams.push(made(&server, ada, "/api/v1/teams", named("team")).await);
            let module = json!({ "key": format!("module-{number}"), "name": "Module" });
            modules.push(made(&server, root, "/api/v1/modules", module).await);
        }
        let (mut features, mut views) = (Vec::new(), Vec::new());
        for key in FEATURES {
            features.push(made(&server, root, "/api/v1/features", json!({ "key": key, "name": key })).await);
        }
        for key in VIEWS {
            views.push(made(&server, root, "/api/v1/views", json!({ "key": key, "name": key })).await);
        }
        // One item for each view, one that is free and holds all of them again.
        let more = made(&server, root, "/api/v1/menu-items", json!({ "key": "more", "name": "More" })).await;
        for (key, view) in VIEWS.iter().zip(&views) {
            let item = json!({ "key": key, "name": key, "view_id": view });
            made(&server, root, "/api/v1/menu-items", item).await;
            let under = json!({ "key": key, "name": key, "view_id": view, "menu_item_id": more });
            made(&server, root, "/api/v1/sub-menu-items", under).await;
        }
        let people = (0..place.members.len()).map(|number| place.member(number).to_owned()).collect();
        let rows = Rows { people, teams, ..Rows::default() };
        let mut world = Self { server, place, rows, roles, levels, modules, features, views };
        world.open().await;
        world
    }

    /// Gives the organization a module that leads to everything: else little could be allowed.
    async fn open(&mut self) {
        let module = format!("/api/v1/modules/{}", self.modules[0]);
        for (what, ids) in [("features", &self.features), ("views", &self.views)] {
            let path = format!("{module}/{what}");
            self.write(By::Root, Method::PUT, &path, Some(&module), json!({ what: ids })).await;
        }
        let path = format!("/api/v1/organizations/{}/modules/{}", self.place.organization, self.modules[0]);
        self.write(By::Root, Method::PUT, &path, None, json!({ "is_active": true })).await;
        self.rows.modules.insert(0, true);
        self.rows.features_of[0] = (0..FEATURES.len()).collect();
        self.rows.views_of[0] = (0..VIEWS.len()).collect();
    }

    /// Writes what must succeed; `of` is where its version stands, when it has one.
    pub(super) async fn write(&self, by: By, method: Method, path: &str, of: Option<&str>, body: Value) -> Value {
        let who = match by {
            By::Ada => &self.place.ada,
            By::Root => &self.place.root,
        };
        let answer = change(&self.server, who, method.clone(), path, of, &body).await;
        assert!(answer.status.is_success(), "{method} {path} {body}: {answer:?}");
        answer.body
    }
}
