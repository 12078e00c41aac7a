//! `keystead organization`: the service's use cases, asked for by the operator.

use super::user;
use crate::{
    cli::{Organization as Command, Output, Table},
    config::Config,
    wiring,
};
use keystead_domain::{Caller, Error, OrganizationId, Result, organizations::Organization};
use keystead_service::{
    App, background,
    organizations::{
        self, ArchiveOrganization, CreateOrganization, ListOrganizations,
        members::{ListMembers, list_members},
    },
    paging::PageInput,
};
use serde_json::json;

pub(super) async fn run(config: &Config, output: Output, command: Command) -> Result<()> {
    let (app, store) = wiring::service(config, None).await?;
    let caller = Caller::operator(wiring::command_line(&app));
    let outcome = act(&app, &caller, output, command).await;
    // What was read is recorded even where the command failed later.
    let recorded = background::flush(&app).await;
    store.close().await?;
    outcome.and(recorded)
}

async fn act(app: &App, caller: &Caller, output: Output, command: Command) -> Result<()> {
    match command {
        Command::Create { name, admin } => {
            let admin = user::find(app, caller, &admin).await?;
            let input = CreateOrganization { name, metadata: None, administrator: Some(admin) };
            let made = organizations::create_organization(app, caller, input, None).await?;
            show(output, &made)
        }
        Command::List { limit, cursor } => {
            let input = ListOrganizations { status: None, page: PageInput { limit: Some(limit), cursor } };
            let page = organizations::list_organizations(app, caller, input).await?;
            output.answer(&json!({ "items": page.items, "next_cursor": page.next_cursor }), || {
                let mut table = Table::new(&["name", "kind", "status", "id"]);
                for organization in &page.items {
                    let id = organization.id.to_string();
                    table.row([
                        organization.name.as_str(),
                        organization.kind.as_str(),
                        organization.status.as_str(),
                        &id,
                    ]);
                }
                table
            })?;
            more(output, page.next_cursor)
        }
        Command::Show { id } => show(output, &organizations::get_organization(app, caller, parse(&id)?).await?),
        Command::Members { id, limit, cursor } => {
            let page = PageInput { limit: Some(limit), cursor };
            let input = ListMembers { organization: parse(&id)?, page };
            let page = list_members(app, caller, input).await?;
            let shown: Vec<_> = page
                .items
                .iter()
                .map(|member| {
                    let roles: Vec<_> = member.roles.iter().map(|(_, name)| name).collect();
                    json!({ "user_id": member.user.id, "username": member.user.username, "status": member.membership.status, "roles": roles })
                })
                .collect();
            output.answer(&json!({ "items": shown, "next_cursor": page.next_cursor }), || {
                let mut table = Table::new(&["username", "status", "roles", "id"]);
                for member in &page.items {
                    let roles: Vec<_> = member.roles.iter().map(|(_, name)| name.as_str()).collect();
                    let id = member.user.id.to_string();
                    table.row([
                        member.user.username.as_str(),
                        member.membership.status.as_str(),
                        &roles.join(", "),
                        &id,
                    ]);
                }
                table
            })?;
            more(output, page.next_cursor)
        }
        Command::Archive { id } => {
            let organization = organizations::get_organization(app, caller, parse(&id)?).await?;
            let input = ArchiveOrganization { organization: organization.id, version: organization.version };
            organizations::archive_organization(app, caller, input).await?;
            output.say(&format!("{} is archived: nobody can work in it, its rows stay.", organization.name))
        }
    }
}

fn more(output: Output, cursor: Option<String>) -> Result<()> {
    if let (Some(cursor), false) = (cursor, output.is_json()) {
        output.note(&format!("More: --cursor {cursor}"));
    }
    Ok(())
}

pub(super) fn parse(text: &str) -> Result<OrganizationId> {
    text.parse()
        .map_err(|_| Error::invalid("organization", "must be an identifier; `keystead organization list` shows them"))
}

fn show(output: Output, organization: &Organization) -> Result<()> {
    output.answer(organization, || {
        let mut table = Table::new(&["field", "value"]);
        table.row(["id", &organization.id.to_string()]);
        table.row(["name", &organization.name]);
        table.row(["kind", organization.kind.as_str()]);
        table.row(["status", organization.status.as_str()]);
        table.row(["made", &organization.created_at.to_string()]);
        table
    })
}
