//! `keystead database`.

use crate::{
    cli::{Database, Output},
    config::Config,
    data, open,
};
use keystead_domain::{Error, Result};
use keystead_store_sql::{
    StoreTarget,
    migrate::MigrationTarget,
    roles::{RoleOptions, apply_roles, role_sql},
};

pub(super) async fn run(config: &Config, output: Output, command: Database) -> Result<()> {
    let Database::Roles { run } = command;
    let options = RoleOptions::default();
    if !run {
        return output.line(&role_sql(&options));
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
    output.say("The roles and the schema are made. Give keystead_app a way to sign in (a password or a certificate), and put its address into DATABASE_URL.")
}
