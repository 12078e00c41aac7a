//! `keystead database`.

use crate::{
    cli::{Database, Output},
    config::Config,
    data, open,
};
use keystead_domain::{Error, Result, SystemRandom};
use keystead_store_sql::{
    StoreTarget,
    migrate::MigrationTarget,
    roles::{RoleOptions, RolePassword, apply_roles, role_sql},
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// The largest password file that is read, in bytes.
const MAX_FILE: u64 = 4096;

pub(super) async fn run(config: &Config, output: Output, command: Database) -> Result<()> {
    let Database::Roles { run, app_password_file, migrator_password_file, backup_password_file } = command;
    let options = RoleOptions {
        app_password: password(config, "database.app_password", app_password_file)?,
        migrator_password: password(config, "database.migrator_password", migrator_password_file)?,
        backup_password: password(config, "database.backup_password", backup_password_file)?,
    };
    if !run {
        return output.text("sql", &role_sql(&options));
    }
    let target = data::target(config)?;
    let settings = data::store_settings(config, target.clone());
    let StoreTarget::Postgres(address) = &target else {
        return Err(Error::invalid("DATABASE_URL", "is no PostgreSQL address; other stores have no roles"));
    };
    let MigrationTarget::Postgres(address) = open::postgres_migration_target(config, &settings, address)? else {
        return Err(Error::internal("the migration target of PostgreSQL is PostgreSQL"));
    };
    apply_roles(&address, &options).await?;
    let next = if options.app_password.is_some() {
        "Put the address of keystead_app into DATABASE_URL and that of keystead_migrator into DATABASE_MIGRATION_URL."
    } else {
        "Give keystead_app a way to sign in (--app-password-file, or a certificate), and put its address into DATABASE_URL."
    };
    output.say(&format!("The roles and the schema are made. {next}"))
}

/// The password of the file, else of the setting; none keeps what the role has.
fn password(config: &Config, key: &str, file: Option<PathBuf>) -> Result<Option<RolePassword>> {
    let (place, text) = match (file, config.optional(key)) {
        (Some(path), _) => (path.display().to_string(), read(&path)?),
        (None, Some(text)) => (key.to_owned(), SecretString::from(text.to_owned())),
        (None, None) => return Ok(None),
    };
    let made = RolePassword::new(text.expose_secret(), &SystemRandom);
    made.map(Some).map_err(|error| Error::invalid(place, error.message))
}

/// The file's one line.
fn read(path: &Path) -> Result<SecretString> {
    let refuse = |why: String| Error::invalid(path.display().to_string(), why);
    let mut text = String::new();
    let file = File::open(path).map_err(|error| refuse(format!("the password file cannot be read: {error}")))?;
    file.take(MAX_FILE)
        .read_to_string(&mut text)
        .map_err(|error| refuse(format!("the password file cannot be read: {error}")))?;
    let text = SecretString::from(text);
    let line = text.expose_secret().trim_end_matches(['\r', '\n']);
    if line.contains('\n') {
        return Err(refuse("the password file has more than one line".to_owned()));
    }
    Ok(SecretString::from(line.to_owned()))
}
