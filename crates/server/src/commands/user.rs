//! `keystead user`: the service's use cases, asked for by the operator.

use crate::{
    cli::{Output, Table, User as Command},
    config::Config,
    data, secrets, wiring,
};
use keystead_domain::{
    Caller, Error, ErrorKind, OrganizationId, PLATFORM, Result, UserId,
    accounts::{Email, User, UserFilter, UserStatus, Username},
};
use keystead_service::{
    App,
    accounts::{self, CreateUser, ListUsers},
    background,
    organizations::members::{AddMember, SetMemberRoles, add_member, get_member, set_member_roles},
    paging::PageInput,
    passwords::{self, ResetPassword},
};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::io::BufRead;

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
        Command::Create { username, email, first_name, last_name, password_stdin } => {
            let password = password_stdin.then(read_password).transpose()?;
            let must_change_password = password.is_none();
            let input = CreateUser {
                username,
                email,
                password,
                first_name,
                last_name,
                tier: None,
                metadata: None,
                must_change_password,
            };
            let made = accounts::create_user(app, caller, input, None).await?;
            show_with(config, output, &made.user, made.password.as_ref())
        }
        Command::List { search, status, limit, cursor } => {
            let status = status
                .map(|word| {
                    UserStatus::parse(&word)
                        .ok_or_else(|| Error::invalid("--status", "must be pending, active or disabled"))
                })
                .transpose()?;
            let filter = UserFilter { status, tier: None, search };
            let page = PageInput { limit: Some(limit), cursor };
            list(app, caller, output, ListUsers { filter, page }).await
        }
        Command::Show { user } => {
            let id = find(app, caller, &user).await?;
            show(output, &accounts::get_user(app, caller, id).await?)
        }
        Command::Disable { user } => {
            let id = find(app, caller, &user).await?;
            show(output, &accounts::disable_user(app, caller, id).await?)
        }
        Command::Enable { user } => {
            let id = find(app, caller, &user).await?;
            show(output, &accounts::enable_user(app, caller, id).await?)
        }
        Command::Unlock { user } => {
            let id = find(app, caller, &user).await?;
            show(output, &accounts::unlock_user(app, caller, id).await?)
        }
        Command::ResetPassword { user, password_stdin } => {
            let id = find(app, caller, &user).await?;
            let password = password_stdin.then(read_password).transpose()?;
            let reset = passwords::reset_password(app, caller, ResetPassword { user: id, password }).await?;
            show_with(config, output, &accounts::get_user(app, caller, id).await?, reset.password.as_ref())
        }
        Command::SetRole { user, roles, organization } => {
            let user = find(app, caller, &user).await?;
            let organization = match organization {
                Some(text) => super::organization::parse(&text)?,
                None => PLATFORM,
            };
            set_roles(app, caller, output, organization, user, roles).await
        }
    }
}

async fn list(app: &App, caller: &Caller, output: Output, input: ListUsers) -> Result<()> {
    let page = accounts::list_users(app, caller, input).await?;
    let users: Vec<_> = page.items.iter().map(shown).collect();
    output.answer(&json!({ "items": users, "next_cursor": page.next_cursor }), || {
        let mut table = Table::new(&["username", "address", "status", "last sign-in", "id"]);
        for user in &page.items {
            let last = user.last_login_at.map_or_else(|| "never".to_owned(), |time| time.to_string());
            table.row([user.username.as_str(), user.email.as_str(), user.status.as_str(), &last, &user.id.to_string()]);
        }
        table
    })?;
    if let (Some(cursor), false) = (page.next_cursor, output.is_json()) {
        output.note(&format!("More: --cursor {cursor}"));
    }
    Ok(())
}

async fn set_roles(
    app: &App,
    caller: &Caller,
    output: Output,
    organization: OrganizationId,
    user: UserId,
    roles: Vec<String>,
) -> Result<()> {
    let member = match get_member(app, caller, organization, user).await {
        Ok(member) => {
            let version = member.membership.version;
            set_member_roles(app, caller, SetMemberRoles { organization, user, version, roles }).await?
        }
        Err(error) if error.is(ErrorKind::NotFound) => {
            add_member(app, caller, AddMember { organization, user, roles }).await?
        }
        Err(error) => return Err(error),
    };
    let names: Vec<_> = member.roles.iter().map(|(_, name)| name.clone()).collect();
    let answer = json!({ "user_id": user, "organization_id": organization, "roles": names });
    output.answer(&answer, || {
        let mut table = Table::new(&["username", "organization", "roles"]);
        table.row([member.user.username.as_str(), &organization.to_string(), &names.join(", ")]);
        table
    })
}

/// Finds an account by identifier, username or address.
pub(super) async fn find(app: &App, caller: &Caller, text: &str) -> Result<UserId> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let (key, is_address) = if text.contains('@') {
        (Email::new(text)?.key().to_owned(), true)
    } else {
        (Username::new(text)?.key().to_owned(), false)
    };
    // The search is by beginning, and the exact match comes among the first.
    let filter = UserFilter { search: Some(key.clone()), ..UserFilter::default() };
    let mut cursor = None;
    loop {
        let input = ListUsers { filter: filter.clone(), page: PageInput { limit: Some(200), cursor } };
        let page = accounts::list_users(app, caller, input).await?;
        let same = |user: &User| if is_address { user.email.key() == key } else { user.username.key() == key };
        if let Some(user) = page.items.iter().find(|user| same(user)) {
            return Ok(user.id);
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Err(Error::not_found("user"));
        }
    }
}

fn show(output: Output, user: &User) -> Result<()> {
    output.answer(&shown(user), || fields(user))
}

/// As [`show`], with a password that was made up for it.
fn show_with(config: &Config, output: Output, user: &User, password: Option<&SecretString>) -> Result<()> {
    let Some(password) = password else { return show(output, user) };
    let name = format!("password-of-{}", user.id);
    let place = secrets::Place::of_answer(&data::data_dir(config)?, &name, password)?;
    let mut answer = shown(user);
    answer[place.field(secrets::What::Password)] = json!(place.shown(password));
    output.answer(&answer, || {
        let mut table = fields(user);
        table.row([place.heading(secrets::What::Password).to_owned(), place.shown(password)]);
        table
    })
}

fn fields(user: &User) -> Table {
    let mut table = Table::new(&["field", "value"]);
    let name =
        [user.first_name.as_deref(), user.last_name.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let time = |time: Option<keystead_domain::Timestamp>| time.map_or_else(|| "—".to_owned(), |time| time.to_string());
    table.row(["id", &user.id.to_string()]);
    table.row(["username", user.username.as_str()]);
    table.row(["address", user.email.as_str()]);
    table.row(["name", &name]);
    table.row(["status", user.status.as_str()]);
    table.row(["last sign-in", &time(user.last_login_at)]);
    table.row(["locked until", &time(user.locked_until)]);
    table.row(["made", &user.created_at.to_string()]);
    table
}

fn shown(user: &User) -> Value {
    json!({
        "id": user.id, "username": user.username, "email": user.email, "status": user.status, "tier": user.tier,
        "first_name": user.first_name, "last_name": user.last_name, "must_change_password": user.must_change_password,
        "failed_login_attempts": user.failed_login_attempts, "locked_until": user.locked_until,
        "last_login_at": user.last_login_at, "created_at": user.created_at, "updated_at": user.updated_at,
        "version": user.version,
    })
}

fn read_password() -> Result<String> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Error::internal(format!("standard input: {error}")))?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        return Err(Error::invalid("--password-stdin", "needs the password on the first line of standard input"));
    }
    Ok(password)
}
