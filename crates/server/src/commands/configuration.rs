//! `keystead config`.

use crate::{
    cli::{ConfigCommand, Output, Table},
    config::{self, Config},
    data, wiring,
};
use keystead_domain::Result;

pub(super) fn run(config: &Config, output: Output, command: &ConfigCommand) -> Result<()> {
    match command {
        ConfigCommand::Show => {
            let settings = config::shown(config);
            output.answer(&settings, || {
                let mut table = Table::new(&["key", "value", "said by", "variable"]);
                for setting in &settings {
                    table.row([setting.key, &setting.value, &setting.source, setting.variable]);
                }
                table
            })
        }
        ConfigCommand::Check => {
            let target = data::target(config)?;
            wiring::service_settings(config, None)?;
            wiring::http_settings(config)?;
            output.say(&format!("The configuration is good. The store is {target}."))
        }
    }
}
