//! What each command does. The use cases are the service's; here is only how to ask for them and how to show the answer.

mod access;
mod configuration;
mod database;
mod doctor;
mod migrate;
mod organization;
mod reference;
mod seed;
mod serve;
mod service_account;
mod store;
mod user;

use crate::{
    cli::{Cli, Command, Output},
    config::{self, Config},
    logging,
};
use clap::CommandFactory;
use keystead_domain::{Error, Result};

/// Runs the command line.
///
/// # Errors
/// What went wrong, with what to do next.
pub fn run(cli: Cli) -> Result<()> {
    let output = Output::new(cli.global.json);
    let command = cli.command.unwrap_or(Command::Serve);
    // These need no configuration, and must work where it is broken.
    match &command {
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "keystead", &mut script);
            return output.text("script", String::from_utf8_lossy(&script).trim_end());
        }
        Command::Openapi => return reference::openapi(output),
        Command::Reference { page } => return reference::page(output, *page),
        Command::Migrate(crate::cli::Migrate::New { name, dir }) => return migrate::new(output, name, dir),
        _ => {}
    }
    let config = config::load(cli.global.config.as_deref(), text_variables(), &cli.global.flags()?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::internal(format!("runtime: {error}")))?;
    if !matches!(command, Command::Config(_)) {
        logging::start(&config)?;
    }
    runtime.block_on(dispatch(command, config, output))
}

async fn dispatch(command: Command, config: Config, output: Output) -> Result<()> {
    match command {
        Command::Serve => serve::serve(&config, output).await,
        Command::Migrate(command) => migrate::run(&config, output, command).await,
        Command::Seed { seed } => seed::run(&config, output, seed).await,
        Command::Store(command) => store::run(&config, output, command).await,
        Command::Database(command) => database::run(&config, output, command).await,
        Command::User(command) => user::run(&config, output, command).await,
        Command::Organization(command) => organization::run(&config, output, command).await,
        Command::ServiceAccount(command) => service_account::run(&config, output, command).await,
        Command::Access(command) => access::run(&config, output, command).await,
        Command::Config(command) => configuration::run(&config, output, &command),
        Command::Doctor => doctor::run(&config, output).await,
        Command::Openapi | Command::Completions { .. } | Command::Reference { .. } => Ok(()),
    }
}

/// The environment, without variables that are no text: none of ours is.
fn text_variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
}
