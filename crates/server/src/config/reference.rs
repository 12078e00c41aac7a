//! The settings' page of the reference.

use super::{Kind, settings};
use std::fmt::Write;

/// The page, as Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Settings\n\nA setting is read from the configuration file (`--config FILE` or `KEYSTEAD_CONFIG`, TOML), then from the \
         environment, then from flags; the later one wins. Unknown keys are errors. `keystead config show` prints what is in force.\n\n\
         | key and variable | what it does |\n| --- | --- |\n",
    );
    for setting in settings() {
        let kind = match setting.kind {
            Kind::Text => "text".to_owned(),
            Kind::Flag => "true or false".to_owned(),
            Kind::Number(min, max) => format!("{min} to {max}"),
            Kind::Word(words) => words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(", "),
            Kind::List => "list".to_owned(),
            Kind::Secret => "secret text".to_owned(),
        };
        // Where there is none, the text says what holds instead.
        let default =
            if setting.default.is_empty() { String::new() } else { format!("; default: `{}`", setting.default) };
        let (key, variable, about) = (setting.key, setting.variable, setting.about);
        let _ = writeln!(page, "| `{key}`<br>`{variable}` | {about}<br>*{kind}{default}* |");
    }
    page
}
