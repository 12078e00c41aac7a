//! What was found, as a table and as JSON.

use crate::{machine::Machine, measure::Measure, rounds::Pair};
use comfy_table::{Table, presets::UTF8_HORIZONTAL_ONLY};
use serde::Serialize;

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
    /// How often a second each of a pair does what is asked, and the one as a part of the other.
    pub(crate) fn of_rates(name: impl Into<String>, floor: impl Into<String>, pair: Pair, least: f64) -> Self {
        let rate = |value: f64| if value < 1_000.0 { format!("{value:.1}/s") } else { format!("{value:.0}/s") };
        Self {
            name: name.into(),
            floor: floor.into(),
            product_figure: rate(pair.product),
            floor_figure: rate(pair.floor),
            value: pair.ratio,
            unit: "",
            target: Target::AtLeast(least),
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
    pub(crate) fn cells(&self) -> [String; 6] {
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

/// A figure with the measurement that it belongs to.
#[derive(Debug, Serialize)]
pub(crate) struct Taken {
    pub(crate) measure: Measure,
    #[serde(flatten)]
    pub(crate) figure: Figure,
}

/// A whole run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    /// The day and the commit.
    pub(crate) when: String,
    #[serde(rename = "figures")]
    pub(crate) taken: Vec<Taken>,
}

/// What stands above the cells of a figure.
pub(crate) const HEAD: [&str; 6] = ["what", "product", "floor", "value", "target", "verdict"];

impl Report {
    /// How many figures are not what they should be.
    pub(crate) fn missed(&self) -> usize {
        self.taken.iter().filter(|taken| !taken.figure.target.is_met(taken.figure.value)).count()
    }

    pub(crate) fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(UTF8_HORIZONTAL_ONLY).set_header(HEAD);
        for taken in &self.taken {
            table.add_row(taken.figure.cells());
        }
        format!("{} · {}\n{table}", self.when, self.machine)
    }
}
