//! `keystead openapi` and the generated pages of the reference.

use crate::{
    cli::{Cli, Output, Page},
    config,
};
use clap::CommandFactory;
use keystead_domain::{
    Error, Result,
    access::{Action, BUILT_IN_ROLES},
};
use std::fmt::Write;

pub(super) fn openapi(output: Output) -> Result<()> {
    let document = keystead_http::openapi_document();
    output.line(&serde_json::to_string_pretty(&document).map_err(|error| Error::internal(error.to_string()))?)
}

pub(super) fn page(output: Output, page: Page) -> Result<()> {
    let text = match page {
        Page::Settings => config::reference(),
        Page::CommandLine => command_line(),
        Page::Roles => roles(),
        Page::Schema => keystead_store_sql::schema::schema_markdown(),
        Page::SchemaJson => keystead_store_sql::schema::schema_json().to_string(),
        Page::DataRegister => keystead_store_sql::schema::register_markdown(),
    };
    output.text("page", text.trim_end())
}

fn command_line() -> String {
    let mut page =
        String::from("# Command line\n\nEvery command takes `--json`. `keystead help COMMAND` prints the same.\n");
    let mut root = Cli::command();
    root.build();
    describe(&mut page, &mut root, "keystead");
    page
}

fn describe(page: &mut String, command: &mut clap::Command, name: &str) {
    let help = command.clone().term_width(100).render_long_help().to_string();
    let _ = write!(page, "\n## `{name}`\n\n```text\n{}\n```\n", help.trim_end());
    for inner in command.get_subcommands_mut().filter(|inner| !inner.is_hide_set() && inner.get_name() != "help") {
        let name = format!("{name} {}", inner.get_name());
        describe(page, inner, &name);
    }
}

/// The role table: resource by role, with the actions and their scopes.
fn roles() -> String {
    let mut page = String::from(
        "# Roles\n\nThe built-in roles and what they permit. `own`: what the caller owns; `organization`: what belongs to the organization \
         in which the role is held; `any`: everything, and only where the role is held in the platform organization. Everyone who is \
         signed in has the `own` permissions of `user`, wherever they work.\n\n| resource | action |",
    );
    for role in BUILT_IN_ROLES {
        let _ = write!(page, " {} |", role.name);
    }
    page.push_str("\n| --- | --- |");
    page.push_str(&" --- |".repeat(BUILT_IN_ROLES.len()));
    page.push('\n');
    let mut resources: Vec<_> =
        BUILT_IN_ROLES.iter().flat_map(|role| role.permissions.iter().map(|(resource, ..)| *resource)).collect();
    resources.sort_unstable();
    resources.dedup();
    for resource in resources {
        for action in Action::ALL {
            let cells: Vec<String> = BUILT_IN_ROLES
                .iter()
                .map(|role| {
                    let scopes: Vec<_> = role
                        .permissions
                        .iter()
                        .filter(|(name, actions, _)| *name == resource && actions.contains(action))
                        .map(|(.., scope)| scope.as_str())
                        .collect();
                    scopes.join(", ")
                })
                .collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                let _ = writeln!(page, "| {resource} | {action} | {} |", cells.join(" | "));
            }
        }
    }
    page
}
