//! The document: things name each other as people do, and have no identifiers.

use crate::access::policy::rules::NewRule;
use keystead_domain::{
    Json,
    access::{LevelScope, PermissionValue},
};
use serde::Serialize;

/// An organization's access set as it is exported and imported. What is absent is not imported, and stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccessSet {
    /// Its own permissions.
    pub permissions: Option<Vec<SetPermission>>,
    /// Its own roles.
    pub roles: Option<Vec<SetRole>>,
    /// The modules of the catalogue that it has.
    pub modules: Option<Vec<SetModule>>,
    /// Its user levels.
    pub user_levels: Option<Vec<SetLevel>>,
    /// What its members hold. Who is not named keeps what he has.
    pub members: Option<Vec<SetMember>>,
    /// Its policy model.
    pub model: Option<SetModel>,
    /// Its policy rules.
    pub rules: Option<Vec<NewRule>>,
    /// Its policy entities.
    pub entities: Option<Vec<SetEntity>>,
}

/// A permission of the organization's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetPermission {
    /// `resource:action:scope`.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
}

/// A role of the organization's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetRole {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The names of what it permits.
    pub permissions: Vec<String>,
}

/// A module that the organization has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetModule {
    /// The module's key.
    pub key: String,
    /// Whether it counts.
    pub is_active: bool,
}

/// A user level with what it permits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetLevel {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// What it says of views.
    pub views: Vec<SetViewPermission>,
    /// What it says of features.
    pub features: Vec<SetFeaturePermission>,
}

/// What a user level says of a view.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SetViewPermission {
    /// The view's key.
    pub view: String,
    /// Whether it opens or closes it.
    pub value: PermissionValue,
    /// Whether the organization's own people can change it.
    pub modifiable: bool,
}

/// What a user level says of an action on a feature.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SetFeaturePermission {
    /// The feature's key.
    pub feature: String,
    /// What is done with it.
    pub action: String,
    /// Whether it is allowed or denied.
    pub value: PermissionValue,
    /// Whose resources it reaches.
    pub scope: LevelScope,
    /// Whether the organization's own people can change it.
    pub modifiable: bool,
}

/// What a member holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetMember {
    /// The username.
    pub username: String,
    /// The names of the roles.
    pub roles: Vec<String>,
    /// The names of the user levels.
    pub user_levels: Vec<String>,
}

/// The policy model of the organization's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SetModel {
    /// Its text; none where the organization's rules are read by the platform's.
    pub text: Option<String>,
}

/// A policy entity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SetEntity {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its identifier within the type.
    pub id: String,
    /// What is known of it.
    pub properties: Json,
}
