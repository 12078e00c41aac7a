//! The organization's policy: model, rules, entities.

mod entities;
mod model;
mod rules;

pub(in crate::access) use entities::{delete_many::EntitiesToDelete, put::NewEntities};
pub(in crate::access) use model::NewPolicyModel;
pub(in crate::access) use rules::{create::NewRules, replace::AllRules};

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(model::get_policy_model, model::put_policy_model, model::delete_policy_model))
        .routes(routes!(rules::list::list_rules, rules::create::create_rules, rules::replace::replace_rules))
        .routes(routes!(rules::csv::export_rules, rules::csv::import_rules, rules::csv::reimport_rules))
        .routes(routes!(rules::delete_many::delete_rules))
        .routes(routes!(rules::read::get_rule, rules::change::update_rule, rules::change::delete_rule))
        .routes(routes!(entities::list::list_entities, entities::put::put_entities))
        .routes(routes!(entities::delete_many::delete_entities))
        .routes(routes!(entities::one::get_entity, entities::one::delete_entity))
}
