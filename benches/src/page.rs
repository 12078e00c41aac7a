//! The page of the book that shows the figures.

use crate::{
    measure::Measure,
    report::{HEAD, Report},
};
use clap::ValueEnum;
use std::fmt::Write;

const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

/// The page, taken apart.
pub(crate) struct Page {
    before: String,
    /// Where its figures were taken.
    machine: String,
    /// Each row of the table with what it belongs to.
    rows: Vec<(Measure, String)>,
    after: String,
}

impl Page {
    /// Rows of a measurement that there is no longer are left out.
    pub(crate) fn parse(text: &str) -> Self {
        let (before, rest) = text.split_once(BEGIN).expect("the page has its first mark");
        let (figures, after) = rest.split_once(END).expect("the page has its second mark");
        let row = |line: &str| {
            let name = line.strip_prefix("| ")?.split(" |").next()?;
            Some((Measure::from_str(name, false).ok()?, line.to_owned()))
        };
        Self {
            before: before.to_owned(),
            machine: figures.trim_start().lines().next().unwrap_or_default().to_owned(),
            rows: figures.lines().filter_map(row).collect(),
            after: after.to_owned(),
        }
    }

    /// Whether figures that were taken elsewhere would stand in one table with those of `machine`, were only `measures` taken anew.
    pub(crate) fn would_mix(&self, machine: &str, measures: &[Measure]) -> bool {
        self.machine != machine && self.rows.iter().any(|(measure, _)| !measures.contains(measure))
    }

    /// Puts what was taken in the place of what was there of the same measurements, and keeps the rest.
    pub(crate) fn put(&mut self, report: &Report) {
        self.machine = report.machine.to_string();
        self.rows.retain(|(measure, _)| report.taken.iter().all(|taken| taken.measure != *measure));
        for taken in &report.taken {
            let cells = taken.figure.cells().join(" | ");
            let row = format!("| {} | {cells} | {} |", taken.measure.name(), report.when);
            self.rows.push((taken.measure, row));
        }
        self.rows.sort_by_key(|(measure, _)| *measure);
    }

    pub(crate) fn text(&self) -> String {
        let Self { before, machine, rows, after } = self;
        let mut table = format!("| measure | {} | taken |\n|{}\n", HEAD.join(" | "), " --- |".repeat(HEAD.len() + 2));
        for (_, row) in rows {
            let _ = writeln!(table, "{row}");
        }
        format!("{before}{BEGIN}\n\n{machine}\n\n{table}\n{END}{after}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        machine,
        report::{Figure, Taken, Target},
    };

    const PAGE: &str = "Words.\n\n<!-- figures: begin -->\n\nAnother machine\n\n\
        | measure | what | product | floor | value | target | verdict | taken |\n\
        | --- | --- | --- | --- | --- | --- | --- | --- |\n\
        | sign_in | one | 1/s | – (none) | 1.00/s | ≥ 1 | met | 2020-01-01 aaaaaaaaa |\n\
        | me | two | 2/s | – (none) | 2.00/s | ≥ 1 | met | 2020-01-02 bbbbbbbbb |\n\
        | me | three | 3/s | – (none) | 3.00/s | ≥ 1 | met | 2020-01-02 bbbbbbbbb |\n\
        | search | four | 4 ms | – (none) | 4.00 ms | ≤ 50 | met | 2020-01-03 ccccccccc |\n\n\
        <!-- figures: end -->\n\nMore words.\n";

    fn report(measures: &[Measure]) -> Report {
        let figure = || Figure::alone("anew", 9.0, " ms", Target::AtMost(1.0));
        let taken = measures.iter().map(|measure| Taken { measure: *measure, figure: figure() });
        Report { machine: machine::describe(), when: "2026-11-21 ddddddddd".to_owned(), taken: taken.collect() }
    }

    #[test]
    fn a_page_that_is_taken_apart_and_put_together_is_the_same() {
        assert_eq!(Page::parse(PAGE).text(), PAGE);
        let shown = include_str!("../../docs/benchmarks.md");
        assert_eq!(
            Page::parse(shown).text(),
            shown,
            "`cargo xtask bench --write` writes what stands between the marks"
        );
    }

    #[test]
    fn only_what_was_taken_is_replaced() {
        let mut page = Page::parse(PAGE);
        let report = report(&[Measure::Me, Measure::Start]);
        page.put(&report);
        let new = |name: &str| {
            format!("| {name} | anew | 9.00 ms | – (none) | 9.00 ms | ≤ 1 | MISSED | 2026-11-21 ddddddddd |\n")
        };
        let old: Vec<_> = PAGE.lines().filter(|line| line.starts_with("| me ")).collect();
        let expected = PAGE
            .replace(&format!("{}\n{}\n", old[0], old[1]), &format!("{}{}", new("me"), new("start")))
            .replace("Another machine", &report.machine.to_string());
        assert_eq!(page.text(), expected);
    }

    #[test]
    fn whoever_takes_everything_keeps_nothing() {
        let mut page = Page::parse(PAGE);
        page.put(&report(Measure::value_variants()));
        assert_eq!(page.rows.len(), Measure::value_variants().len());
        assert!(page.rows.iter().all(|(_, row)| row.contains("anew")), "{}", page.text());
    }

    #[test]
    fn a_row_of_a_measurement_that_there_is_no_longer_goes() {
        let page = Page::parse(&PAGE.replace("| search |", "| gone |"));
        assert_eq!(page.rows.len(), 3);
        assert!(!page.text().contains("four"));
    }

    #[test]
    fn figures_of_two_machines_do_not_stand_together() {
        let page = Page::parse(PAGE);
        assert!(!page.would_mix("Another machine", &[Measure::Me]));
        assert!(page.would_mix("This machine", &[Measure::Me]));
        assert!(!page.would_mix("This machine", &[Measure::Me, Measure::SignIn, Measure::Search]));
    }
}
