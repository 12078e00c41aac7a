//! What `keystead config show` prints: every setting with its value and who said it; secrets hidden.

use super::{Config, Kind, settings};
use serde::Serialize;

/// A setting as it is shown.
#[derive(Debug, Serialize)]
pub struct ShownSetting {
    /// Its key.
    pub key: &'static str,
    /// Its environment variable.
    pub variable: &'static str,
    /// Its value; `(set)` for a secret.
    pub value: String,
    /// Who said it.
    pub source: String,
}

/// Every setting.
#[must_use]
pub fn shown(config: &Config) -> Vec<ShownSetting> {
    settings()
        .map(|setting| {
            let (value, source) = config.get(setting.key);
            let value = match setting.kind {
                Kind::Secret if !value.is_empty() => "(set)".to_owned(),
                _ => value.to_owned(),
            };
            ShownSetting { key: setting.key, variable: setting.variable, value, source: source.to_string() }
        })
        .collect()
}
