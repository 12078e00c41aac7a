//! `keystead seed`.

use crate::{
    cli::{Output, Seed, Table},
    config::Config,
    data, secrets, wiring,
};
use keystead_domain::{Caller, RequestContext, Result, accounts::Password};
use keystead_service::{
    App,
    bootstrap::{Bootstrap, bootstrap},
    seeds,
};
use secrecy::ExposeSecret;
use serde_json::json;

pub(super) async fn run(config: &Config, output: Output, seed: Seed) -> Result<()> {
    let (app, store) = wiring::service(config, None).await?;
    system(&app, config, output).await?;
    let caller = Caller::operator(RequestContext { source: "seed", ..wiring::command_line(&app) });
    let outcome = match seed {
        Seed::System => output.say("The system seed is in: the platform, its roles and the first administrator."),
        Seed::Demo => people(output, &seeds::seed_demo(&app, &caller).await?),
        Seed::Test => people(output, &seeds::seed_test(&app, &caller).await?),
    };
    store.close().await?;
    outcome
}

/// The system seed, at every start: it changes nothing that is there. A password that was made up is shown once.
///
/// # Errors
/// When the store fails, or the password of the configuration is too weak.
pub(super) async fn system(app: &App, config: &Config, output: Output) -> Result<()> {
    let administrator_password =
        config.optional("admin_password").map(|text| Password::chosen(text.to_owned())).transpose()?;
    let made = bootstrap(app, Bootstrap { administrator_password }).await?;
    let Some(administrator) = made.administrator else { return Ok(()) };
    let name = administrator.user.username.as_str().to_owned();
    tracing::info!(username = name, "the first administrator was made");
    let Some(password) = administrator.password else { return Ok(()) };
    let folder = data::data_dir(config)?;
    let shown = secrets::show_once(&format!("First password of {name}"), &password, &folder, "first-password")?;
    if let Some(path) = shown {
        output.note(&format!("The first password of {name} is in {}: read it, then delete the file.", path.display()));
    }
    Ok(())
}

/// The people of a seed with their passwords: once, to whoever asked for it. The log never sees them.
fn people(output: Output, seeded: &seeds::Seeded) -> Result<()> {
    if seeded.people.is_empty() {
        return output.say("The seed is in already; nothing was changed.");
    }
    let shown: Vec<_> = seeded
        .people
        .iter()
        .map(|person| json!({ "username": person.username, "password": person.password.expose_secret() }))
        .collect();
    output.answer(&shown, || {
        let mut table = Table::new(&["username", "password (shown once)"]);
        for person in &seeded.people {
            table.row([person.username.as_str(), person.password.expose_secret()]);
        }
        table
    })
}
