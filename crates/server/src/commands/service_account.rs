//! `keystead service-account`: the service's use cases, asked for by the operator.

use crate::{
    cli::{
        Output, Table,
        service_account::{Key, KeyTerms as Terms, Page, ServiceAccount as Command, Whose},
    },
    config::Config,
    data, secrets, wiring,
};
use keystead_domain::{
    ApiKeyId, Caller, Error, OrganizationId, PLATFORM, Result, ServiceAccountId, Timestamp,
    accounts::{ApiKey, ServiceAccount},
};
use keystead_service::{
    App, background,
    paging::PageInput,
    service_accounts::{
        self, CreateServiceAccount, ListServiceAccounts, UpdateServiceAccount,
        keys::{self, CreateApiKey, CreatedKey, KeyTerms, ListApiKeys, RotateApiKey},
    },
};
use serde_json::{Value, json};

pub(super) async fn run(config: &Config, output: Output, command: Command) -> Result<()> {
    let (app, store) = wiring::service(config, None).await?;
    let caller = Caller::operator(wiring::command_line(&app));
    let outcome = act(&app, &caller, config, output, command).await;
    // What was read is recorded even where the command failed later.
    let recorded = background::flush(&app).await;
    store.close().await?;
    outcome.and(recorded)
}

async fn act(app: &App, caller: &Caller, config: &Config, output: Output, command: Command) -> Result<()> {
    match command {
        Command::Create { name, description, key, whose } => {
            let organization = organization(&whose)?;
            let input = CreateServiceAccount { organization, name, description, key: terms(key) };
            let made = service_accounts::create_service_account(app, caller, input, None).await?;
            let mut answer = json!(made.account);
            answer["api_key"] = json!(made.key.key);
            show_with_key(config, output, answer, account_fields(&made.account), &made.key)
        }
        Command::List { whose, page } => {
            let input = ListServiceAccounts { organization: organization(&whose)?, page: page_input(page) };
            let page = service_accounts::list_service_accounts(app, caller, input).await?;
            output.answer(&json!({ "items": page.items, "next_cursor": page.next_cursor }), || {
                let mut table = Table::new(&["name", "active", "made by", "id"]);
                for account in &page.items {
                    let (by, id) = (account.created_by.as_deref().unwrap_or("—"), account.id.to_string());
                    table.row([account.name.as_str(), yes(account.is_active), by, &id]);
                }
                table
            })?;
            more(output, page.next_cursor)
        }
        Command::Disable { account, whose } => {
            let organization = organization(&whose)?;
            let found = find(app, caller, organization, &account).await?;
            let input = UpdateServiceAccount {
                organization,
                account: found.id,
                version: found.version,
                name: None,
                description: None,
                is_active: Some(false),
            };
            let disabled = service_accounts::update_service_account(app, caller, input).await?;
            output.answer(&disabled, || account_fields(&disabled))
        }
        Command::Key(command) => act_on_key(app, caller, config, output, command).await,
    }
}

async fn act_on_key(app: &App, caller: &Caller, config: &Config, output: Output, command: Key) -> Result<()> {
    match command {
        Key::Create { account, key, whose } => {
            let organization = organization(&whose)?;
            let account = find(app, caller, organization, &account).await?.id;
            let input = CreateApiKey { organization, account, terms: terms(key) };
            let made = keys::create_api_key(app, caller, input, None).await?;
            show_with_key(config, output, json!(made.key), key_fields(&made.key), &made)
        }
        Key::List { account, whose, page } => {
            let organization = organization(&whose)?;
            let account = find(app, caller, organization, &account).await?.id;
            let input = ListApiKeys { organization, account, page: page_input(page) };
            let page = keys::list_api_keys(app, caller, input).await?;
            output.answer(&json!({ "items": page.items, "next_cursor": page.next_cursor }), || {
                let mut table = Table::new(&["beginning", "scopes", "last used", "ends", "withdrawn", "id"]);
                for key in &page.items {
                    table.row([
                        key.prefix.clone(),
                        key.scopes.join(", "),
                        time(key.last_used_at),
                        time(key.expires_at),
                        time(key.revoked_at),
                        key.id.to_string(),
                    ]);
                }
                table
            })?;
            more(output, page.next_cursor)
        }
        Key::Rotate { account, key, overlap_hours, days, whose } => {
            let organization = organization(&whose)?;
            let account = find(app, caller, organization, &account).await?.id;
            let overlap_seconds = Some(i64::from(overlap_hours) * 3600);
            let (key, expires_in_days) = (key_id(&key)?, days);
            let input = RotateApiKey { organization, account, key, overlap_seconds, expires_in_days };
            let rotated = keys::rotate_api_key(app, caller, input, None).await?;
            let mut answer = json!(rotated.made.key);
            answer["replaced"] = json!(rotated.replaced);
            let mut table = key_fields(&rotated.made.key);
            table.row(["the old key ends", &time(rotated.replaced.expires_at)]);
            show_with_key(config, output, answer, table, &rotated.made)
        }
        Key::Revoke { account, key, whose } => {
            let organization = organization(&whose)?;
            let account = find(app, caller, organization, &account).await?.id;
            let ended = keys::revoke_api_key(app, caller, organization, account, key_id(&key)?).await?;
            output.answer(&ended, || key_fields(&ended))
        }
    }
}

fn organization(whose: &Whose) -> Result<OrganizationId> {
    whose.organization.as_deref().map_or(Ok(PLATFORM), super::organization::parse)
}

fn terms(terms: Terms) -> KeyTerms {
    KeyTerms { scopes: terms.scopes, expires_in_days: terms.days }
}

fn page_input(page: Page) -> PageInput {
    PageInput { limit: Some(page.limit), cursor: page.cursor }
}

fn key_id(text: &str) -> Result<ApiKeyId> {
    text.parse()
        .map_err(|_| Error::invalid("key", "must be an identifier; `keystead service-account key list` shows them"))
}

/// Finds a service account by identifier or name.
async fn find(app: &App, caller: &Caller, organization: OrganizationId, text: &str) -> Result<ServiceAccount> {
    if let Ok(id) = text.parse::<ServiceAccountId>() {
        return service_accounts::get_service_account(app, caller, organization, id).await;
    }
    let mut cursor = None;
    loop {
        let page = PageInput { limit: Some(200), cursor };
        let input = ListServiceAccounts { organization, page };
        let page = service_accounts::list_service_accounts(app, caller, input).await?;
        if let Some(account) = page.items.into_iter().find(|account| account.name == text) {
            return Ok(account);
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Err(Error::not_found("service account"));
        }
    }
}

/// Answers with a key that was made: on a terminal itself, else the file where it is.
fn show_with_key(
    config: &Config,
    output: Output,
    mut answer: Value,
    mut table: Table,
    made: &CreatedKey,
) -> Result<()> {
    let name = format!("key-of-{}", made.key.id);
    let place = secrets::Place::of_answer(&data::data_dir(config)?, &name, &made.token)?;
    answer[place.field(secrets::What::Key)] = json!(place.shown(&made.token));
    output.answer(&answer, || {
        table.row([place.heading(secrets::What::Key).to_owned(), place.shown(&made.token)]);
        table
    })
}

fn account_fields(account: &ServiceAccount) -> Table {
    let mut table = Table::new(&["field", "value"]);
    table.row(["id", &account.id.to_string()]);
    table.row(["organization", &account.organization_id.to_string()]);
    table.row(["name", &account.name]);
    table.row(["description", account.description.as_deref().unwrap_or("—")]);
    table.row(["active", yes(account.is_active)]);
    table.row(["made", &account.created_at.to_string()]);
    table
}

fn key_fields(key: &ApiKey) -> Table {
    let mut table = Table::new(&["field", "value"]);
    table.row(["id", &key.id.to_string()]);
    table.row(["service account", &key.service_account_id.to_string()]);
    table.row(["beginning", &key.prefix]);
    table.row(["scopes", &key.scopes.join(", ")]);
    table.row(["ends", &time(key.expires_at)]);
    table.row(["withdrawn", &time(key.revoked_at)]);
    table
}

fn time(time: Option<Timestamp>) -> String {
    time.map_or_else(|| "—".to_owned(), |time| time.to_string())
}

const fn yes(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn more(output: Output, cursor: Option<String>) -> Result<()> {
    if let (Some(cursor), false) = (cursor, output.is_json()) {
        output.note(&format!("More: --cursor {cursor}"));
    }
    Ok(())
}
