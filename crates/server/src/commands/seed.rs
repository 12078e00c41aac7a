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
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::path::PathBuf;

pub(super) async fn run(config: &Config, output: Output, seed: Seed) -> Result<()> {
    let (app, store) = wiring::service(config, None).await?;
    let first = system(&app, config).await?;
    let caller = Caller::operator(RequestContext { source: "seed", ..wiring::command_line(&app) });
    let outcome = match seed {
        Seed::System => output.say(&format!(
            "The system seed is in: the platform, its roles and the first administrator.{}",
            first.file().map(|path| format!(" The password of admin is in {path}.")).unwrap_or_default()
        )),
        Seed::Demo => people(config, output, &seeds::seed_demo(&app, &caller).await?),
        Seed::Test => people(config, output, &seeds::seed_test(&app, &caller).await?),
    };
    store.close().await?;
    outcome
}

/// Where the password of the first administrator went.
#[derive(Debug)]
pub(super) enum FirstPassword {
    /// There was an administrator already.
    NotMade,
    /// The operator chose it.
    Chosen,
    /// It was shown on the terminal.
    Shown,
    /// It is in this file.
    InFile(PathBuf),
}

impl FirstPassword {
    /// The file that it is in.
    pub(super) fn file(&self) -> Option<String> {
        match self {
            Self::InFile(path) => Some(path.display().to_string()),
            Self::NotMade | Self::Chosen | Self::Shown => None,
        }
    }
}

/// The system seed, at every start: it changes nothing that is there. A password that was made up is shown once.
///
/// # Errors
/// When the store fails, or the password of the configuration is too weak.
pub(super) async fn system(app: &App, config: &Config) -> Result<FirstPassword> {
    let administrator_password =
        config.optional("admin_password").map(|text| Password::chosen(text.to_owned())).transpose()?;
    let made = bootstrap(app, Bootstrap { administrator_password }).await?;
    let Some(administrator) = made.administrator else { return Ok(FirstPassword::NotMade) };
    let username = administrator.user.username.as_str();
    tracing::info!(username, "the first administrator was made");
    let Some(password) = administrator.password else { return Ok(FirstPassword::Chosen) };
    let folder = data::data_dir(config)?;
    let Some(path) =
        secrets::show_once(&format!("First password of {username}"), &password, &folder, "first-password")?
    else {
        return Ok(FirstPassword::Shown);
    };
    tracing::warn!(username, file = %path.display(), "the first password is in a file: read it, then delete the file");
    Ok(FirstPassword::InFile(path))
}

/// The people of a seed with their passwords: once, to whoever asked for it. The log never sees them.
fn people(config: &Config, output: Output, seeded: &seeds::Seeded) -> Result<()> {
    if seeded.people.is_empty() {
        return output.say("The seed is in already; nothing was changed.");
    }
    let secret = |person: &seeds::SeededPerson| format!("{} {}", person.username, person.password.expose_secret());
    let all = SecretString::from(seeded.people.iter().map(secret).collect::<Vec<_>>().join("\n"));
    let place = secrets::Place::of_answer(&data::data_dir(config)?, "seed-passwords", &all)?;
    let shown: Vec<_> = seeded
        .people
        .iter()
        .map(|person| json!({ "username": person.username, (place.field(secrets::What::Password)): place.shown(&person.password) }))
        .collect();
    output.answer(&shown, || {
        let mut table = Table::new(&["username", place.heading(secrets::What::Password)]);
        for person in &seeded.people {
            table.row([person.username.clone(), place.shown(&person.password)]);
        }
        table
    })
}
