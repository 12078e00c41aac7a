//! The command line: what can be typed, with examples.

pub mod access;
mod organization;
mod output;
pub mod service_account;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

pub use organization::Organization;
pub use output::{Output, Table, wants_colour};

/// Accounts, access and records: one self-hosted server.
#[derive(Debug, Parser)]
#[command(
    name = "keystead",
    version,
    after_help = "Examples:\n  keystead                                 run the server with its embedded database\n  \
                  keystead --listen 127.0.0.1:9000 serve   run it elsewhere\n  \
                  DATABASE_URL=postgres://… keystead doctor  look at a deployment\n  \
                  keystead user create ada --email ada@example.org\n\n\
                  Without a command, keystead serves."
)]
pub struct Cli {
    /// What is configured.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// The configuration file (TOML).
    #[arg(long, global = true, env = "KEYSTEAD_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    pub json: bool,
    /// Where the rows are kept: postgres://…, sqlite:path, json:path or memory:.
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Where the embedded database and the master key live.
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<String>,
    /// The address and port to listen on.
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// development, test or production.
    #[arg(long, global = true, value_name = "NAME")]
    pub environment: Option<String>,
    /// Any other setting: key=value. May be given several times.
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server (the default).
    Serve,
    /// Bring the database to the program's schema, or back.
    #[command(subcommand)]
    Migrate(Migrate),
    /// Put initial rows in: system (roles, permissions, first administrator), demo or test.
    #[command(
        after_help = "Examples:\n  keystead seed            the system seed\n  keystead seed demo       an organization with people to try things with"
    )]
    Seed {
        /// Which seed.
        #[arg(value_enum, default_value_t = Seed::System)]
        seed: Seed,
    },
    /// Work with whole stores.
    #[command(subcommand)]
    Store(StoreCommand),
    /// Prepare a PostgreSQL database.
    #[command(subcommand)]
    Database(Database),
    /// Work with accounts.
    #[command(subcommand)]
    User(User),
    /// Work with organizations.
    #[command(subcommand)]
    Organization(Organization),
    /// Work with service accounts and their keys.
    #[command(subcommand)]
    ServiceAccount(service_account::ServiceAccount),
    /// Ask what an organization decides, and why.
    #[command(subcommand)]
    Access(access::Access),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Check a deployment and say what to do.
    Doctor,
    /// Print the OpenAPI document.
    Openapi,
    /// Print completions for a shell.
    #[command(after_help = "Example:\n  keystead completions bash > /etc/bash_completion.d/keystead")]
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Print the generated pages of the reference.
    #[command(hide = true)]
    Reference {
        /// Which page.
        #[arg(value_enum)]
        page: Page,
    },
}

/// A generated page.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Page {
    /// Settings.
    Settings,
    /// The command line.
    CommandLine,
    /// The role table.
    Roles,
    /// The schema.
    Schema,
    /// The schema for programs.
    SchemaJson,
    /// The data register.
    DataRegister,
}

/// Migrations.
#[derive(Debug, Subcommand)]
pub enum Migrate {
    /// Apply pending migrations.
    #[command(
        after_help = "Examples:\n  keystead migrate up\n  keystead migrate up --dry-run   print the SQL and change nothing"
    )]
    Up {
        /// Print the SQL and change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Take back the last N migrations.
    Down {
        /// How many.
        #[arg(default_value_t = 1)]
        count: u32,
        /// Print the SQL and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Say which migrations are applied and which wait.
    Status,
    /// List the applied migrations with their times.
    History,
    /// Make the files of a new migration.
    New {
        /// Its name, such as add_teams.
        name: String,
        /// Where the migrations are.
        #[arg(long, default_value = "crates/store-sql/migrations")]
        dir: PathBuf,
    },
    /// Find differences between the database and what the program expects.
    Check,
}

/// A seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Seed {
    /// The platform, its roles and the first administrator.
    System,
    /// An organization with people, teams and roles to try things with.
    Demo,
    /// Fixed rows for tests of products.
    Test,
}

/// Whole stores.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Copy everything from one store to another, with checks.
    #[command(
        after_help = "Examples:\n  keystead store copy sqlite:keystead.db postgres://owner@localhost/keystead\n  keystead store copy postgres://… json:backup.json\n\nRun it again after an interruption: it goes on where it stopped."
    )]
    Copy {
        /// From where.
        from: String,
        /// To where; it must be empty or an interrupted copy.
        to: String,
    },
}

/// PostgreSQL.
#[derive(Debug, Subcommand)]
pub enum Database {
    /// Print the SQL that makes the four roles, or run it.
    #[command(
        after_help = "Examples:\n  keystead database roles | psql -U postgres keystead\n  keystead database roles --run --app-password-file app.secret   with DATABASE_MIGRATION_URL of a superuser or a role that may create roles\n\nPasswords come from files or from KEYSTEAD_DATABASE_APP_PASSWORD, KEYSTEAD_DATABASE_MIGRATOR_PASSWORD and KEYSTEAD_DATABASE_BACKUP_PASSWORD, never from the command line, which other users see. The SQL holds SCRAM-SHA-256 verifiers only. A role without one keeps the password it has."
    )]
    Roles {
        /// Run it instead of printing it.
        #[arg(long)]
        run: bool,
        /// The file with the password of keystead_app.
        #[arg(long, value_name = "FILE")]
        app_password_file: Option<PathBuf>,
        /// The file with the password of keystead_migrator.
        #[arg(long, value_name = "FILE")]
        migrator_password_file: Option<PathBuf>,
        /// The file with the password of keystead_backup.
        #[arg(long, value_name = "FILE")]
        backup_password_file: Option<PathBuf>,
    },
}

/// Accounts.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Make an account. The password comes from standard input or is random and shown once.
    #[command(
        after_help = "Examples:\n  keystead user create ada --email ada@example.org\n  pass show ada | keystead user create ada --email ada@example.org --password-stdin"
    )]
    Create {
        /// The username.
        username: String,
        /// The address.
        #[arg(long)]
        email: String,
        /// Given name.
        #[arg(long)]
        first_name: Option<String>,
        /// Family name.
        #[arg(long)]
        last_name: Option<String>,
        /// Read the password from the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List accounts.
    List {
        /// Only usernames and addresses that begin with this.
        #[arg(long)]
        search: Option<String>,
        /// Only this status: pending, active or disabled.
        #[arg(long)]
        status: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: u16,
        /// Go on where the last page ended.
        #[arg(long)]
        cursor: Option<String>,
    },
    /// Show an account.
    Show {
        /// Its username, address or identifier.
        user: String,
    },
    /// Disable an account and end its sessions.
    Disable {
        /// Its username, address or identifier.
        user: String,
    },
    /// Enable an account.
    Enable {
        /// Its username, address or identifier.
        user: String,
    },
    /// Lift the locks that wrong passwords caused.
    Unlock {
        /// Its username, address or identifier.
        user: String,
    },
    /// Set a new password, to be changed at the next sign-in; ends the account's sessions.
    ResetPassword {
        /// Its username, address or identifier.
        user: String,
        /// Read the password from the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Set the role of a member in an organization.
    #[command(
        after_help = "Examples:\n  keystead user set-role ada admin                      administrator of the installation\n  keystead user set-role ada manager --organization ID"
    )]
    SetRole {
        /// The account: username, address or identifier.
        user: String,
        /// The roles, by name.
        #[arg(required = true)]
        roles: Vec<String>,
        /// The organization's identifier; the platform by default.
        #[arg(long)]
        organization: Option<String>,
    },
}

/// The configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting with its value and who said it; secrets are hidden.
    Show,
    /// Check the configuration without starting anything.
    Check,
}

impl Global {
    /// The flags as settings.
    ///
    /// # Errors
    /// A `--set` that is no `key=value`.
    pub fn flags(&self) -> keystead_domain::Result<Vec<(&'static str, String)>> {
        let mut flags = Vec::new();
        for (key, value) in [
            ("database_url", &self.database_url),
            ("data_dir", &self.data_dir),
            ("listen", &self.listen),
            ("environment", &self.environment),
        ] {
            if let Some(value) = value {
                flags.push((key, value.clone()));
            }
        }
        for pair in &self.set {
            let (key, value) = pair.split_once('=').ok_or_else(|| {
                keystead_domain::Error::invalid("--set", "must be key=value, such as --set log.level=debug")
            })?;
            let setting = crate::config::find(key).ok_or_else(|| {
                keystead_domain::Error::invalid(
                    "--set",
                    format!("{key} is no setting; `keystead config show` lists them all"),
                )
            })?;
            flags.push((setting.key, value.to_owned()));
        }
        Ok(flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_become_settings() {
        let cli = Cli::parse_from(["keystead", "--listen", "127.0.0.1:0", "--set", "log.level=debug", "doctor"]);
        let flags = cli.global.flags().unwrap();
        assert_eq!(flags, [("listen", "127.0.0.1:0".to_owned()), ("log.level", "debug".to_owned())]);
        assert!(Cli::parse_from(["keystead", "--set", "nonsense=1"]).global.flags().is_err());
    }
}
