//! What was found, as a table, as JSON and as a page.

use crate::machine::Machine;
use comfy_table::{Table, presets::UTF8_HORIZONTAL_ONLY};
use serde::Serialize;
use std::{fmt::Write, path::Path};

/// One figure with what it should be.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) name: String,
    /// What it was compared with, in the same run.
    pub(crate) floor: String,
    /// The product's figure, with its unit.
    pub(crate) product_figure: String,
    /// The floor's figure, with its unit.
    pub(crate) floor_figure: String,
    /// What counts: a ratio, milliseconds, megabytes.
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) target: Target,
}

/// What a value should be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// It stands beside others, to be compared.
    None,
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
            Self::None => true,
        }
    }
    fn text(self) -> String {
        match self {
            Self::AtLeast(least) => format!("≥ {least}"),
            Self::AtMost(most) => format!("≤ {most}"),
            Self::None => "none".to_owned(),
        }
    }
}

impl Figure {
    /// One that is compared with nothing but its target.
    pub(crate) fn alone(name: impl Into<String>, value: f64, unit: &'static str, target: Target) -> Self {
        let decimals = if value < 10.0 { 2 } else { 0 };
        Self {
            name: name.into(),
            floor: "none".to_owned(),
            product_figure: format!("{value:.decimals$}{unit}"),
            floor_figure: "–".to_owned(),
            value,
            unit,
            target,
        }
    }
    fn verdict(&self) -> &'static str {
        match self.target {
            Target::None => "–",
            target if target.is_met(self.value) => "met",
            _ => "MISSED",
        }
    }
    /// All of it, for whoever watches.
    pub(crate) fn line(&self) -> String {
        self.cells().join(" · ")
    }
    fn cells(&self) -> [String; 6] {
        [
            self.name.clone(),
            self.product_figure.clone(),
            format!("{} ({})", self.floor_figure, self.floor),
            format!("{:.2}{}", self.value, self.unit),
            self.target.text(),
            self.verdict().to_owned(),
        ]
    }
}

/// A whole run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) figures: Vec<Figure>,
}

const HEAD: [&str; 6] = ["what", "product", "floor", "value", "target", "verdict"];

impl Report {
    /// How many figures are not what they should be.
    pub(crate) fn missed(&self) -> usize {
        self.figures.iter().filter(|figure| !figure.target.is_met(figure.value)).count()
    }

    pub(crate) fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(UTF8_HORIZONTAL_ONLY).set_header(HEAD);
        for figure in &self.figures {
            table.add_row(figure.cells());
        }
        format!("{}\n{table}", self.machine)
    }

    /// Puts the figures between the marks of the page.
    pub(crate) fn write(&self, page: &Path, quick: bool) {
        let mut text = String::new();
        let command = if quick { "cargo xtask bench --quick --write" } else { "cargo xtask bench --write" };
        let _ = write!(
            text,
            "{}  \nCommand: `{command}`\n\n| {} |\n|{}\n",
            self.machine,
            HEAD.join(" | "),
            " --- |".repeat(6)
        );
        for figure in &self.figures {
            let _ = writeln!(text, "| {} |", figure.cells().join(" | "));
        }
        let old = std::fs::read_to_string(page).unwrap();
        let (begin, end) = ("<!-- figures: begin -->\n", "<!-- figures: end -->");
        let (head, rest) = old.split_once(begin).expect("the page has its first mark");
        let (_, tail) = rest.split_once(end).expect("the page has its second mark");
        std::fs::write(page, format!("{head}{begin}\n{text}\n{end}{tail}")).unwrap();
    }
}
