//! Makes a change, by the use case that saves it.

use super::Change;
use crate::{
    App,
    access::{
        policy::{
            entities::{DeleteEntities, PutEntities, delete_entities, put_entities},
            model::{DeleteModel, PutModel, delete_model, get_model, put_model},
            rules::{
                CreateRules, DeleteRules, ReplaceRules, UpdateRule, WhichRules, create_rules, delete_rules, get_rule,
                replace_rules, update_rule,
            },
        },
        roles::{ReplaceRolePermissions, get_role, replace_role_permissions},
        user_levels::{PutLevelPermissions, give_user_level, put_level_permissions, take_user_level},
    },
    organizations::{
        members::{SetMemberRoles, get_member, set_member_roles},
        modules::{SetOrganizationModule, remove_organization_module, set_organization_module},
    },
};
use keystead_domain::{Caller, Result};

/// Makes a change in the organization that the caller works in.
///
/// # Errors
/// As the use case; and as the one that reads what is changed, where the change must name its version.
pub(super) async fn make(app: &App, caller: &Caller, change: Change) -> Result<()> {
    let organization = caller.organization_id;
    match change {
        Change::AddRules(rules) => create_rules(app, caller, CreateRules { organization, rules }, None).await.map(drop),
        Change::ReplaceRules(rules) => replace_rules(app, caller, ReplaceRules { organization, rules }).await.map(drop),
        Change::ChangeRule { rule, values, priority, not_before, expires_at, is_active } => {
            let version = get_rule(app, caller, organization, rule).await?.version;
            let input = UpdateRule { organization, rule, version, values, priority, not_before, expires_at, is_active };
            update_rule(app, caller, input).await.map(drop)
        }
        Change::RemoveRules(ids) => {
            let input = DeleteRules { organization, which: WhichRules::Ids(ids) };
            delete_rules(app, caller, input).await.map(drop)
        }
        Change::SetModel(text) => {
            let version = get_model(app, caller, organization).await?.version;
            put_model(app, caller, PutModel { organization, version, text }).await.map(drop)
        }
        Change::RemoveModel => {
            let version = get_model(app, caller, organization).await?.version;
            delete_model(app, caller, DeleteModel { organization, version }).await
        }
        Change::PutEntities(entities) => {
            put_entities(app, caller, PutEntities { organization, entities }).await.map(drop)
        }
        Change::RemoveEntities(names) => {
            delete_entities(app, caller, DeleteEntities { organization, names }).await.map(drop)
        }
        Change::SetRolePermissions { role, permissions } => {
            let version = get_role(app, caller, organization, role).await?.version;
            let input = ReplaceRolePermissions { organization, role, version, permissions };
            replace_role_permissions(app, caller, input).await.map(drop)
        }
        Change::SetMemberRoles { user, roles } => {
            let version = get_member(app, caller, organization, user).await?.membership.version;
            set_member_roles(app, caller, SetMemberRoles { organization, user, version, roles }).await.map(drop)
        }
        Change::SetLevelPermissions { level, of_views, changes } => {
            let input = PutLevelPermissions { organization, level, of_views, changes };
            put_level_permissions(app, caller, input).await.map(drop)
        }
        Change::GiveUserLevel { level, user } => {
            give_user_level(app, caller, organization, level, user).await.map(drop)
        }
        Change::TakeUserLevel { level, user } => take_user_level(app, caller, organization, level, user).await,
        Change::SetModule { module, is_active } => {
            let input = SetOrganizationModule { organization, module, is_active };
            set_organization_module(app, caller, input).await.map(drop)
        }
        Change::RemoveModule { module } => remove_organization_module(app, caller, organization, module).await,
    }
}
