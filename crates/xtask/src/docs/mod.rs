//! The documentation: the book with its links, and the documentation of the code.

mod links;
mod mdbook;

use crate::{
    failure::{Failure, Result},
    run::show,
    steps::Steps,
    workspace::Workspace,
};
use std::collections::BTreeSet;

pub(crate) fn steps(workspace: &Workspace, steps: &mut Steps) {
    steps.take("every page is in the book", || pages(workspace));
    if steps.take("the book", || mdbook::build(workspace)) {
        steps.take("links of the book", || links::check(workspace, &mdbook::folder(workspace)));
    }
    steps.take("documentation of the code", || {
        let mut cargo = workspace.cargo(&["doc", "--workspace", "--no-deps", "--quiet"]);
        show(cargo.env("RUSTDOCFLAGS", "-D warnings"))
    });
}

/// The summary lists every page there is, once, and no other. (mdBook would make an empty page for one that is missing,
/// and leave out one that is not listed.)
fn pages(workspace: &Workspace) -> Result<()> {
    let sources = workspace.root.join("docs/src");
    let summary = workspace.read("docs/src/SUMMARY.md")?;
    let there: BTreeSet<String> = workspace
        .files()?
        .iter()
        .filter_map(|path| path.strip_prefix(&sources).ok())
        .map(|path| path.to_string_lossy().into_owned())
        .filter(|path| path.ends_with(".md") && path != "SUMMARY.md")
        .collect();
    let broken = differences(&summary, &there);
    if broken.is_empty() { Ok(()) } else { Err(Failure::new(broken.join("\n  ")).next("mend docs/src/SUMMARY.md")) }
}

fn differences(summary: &str, there: &BTreeSet<String>) -> Vec<String> {
    let listed: Vec<_> = summary.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    let twice = listed.iter().enumerate().filter(|(at, page)| listed[..*at].contains(page));
    let mut broken: Vec<_> = twice.map(|(_, page)| format!("listed twice: {page}")).collect();
    let listed: BTreeSet<String> = listed.into_iter().map(str::to_owned).collect();
    broken.extend(listed.difference(there).map(|page| format!("not there: {page}")));
    broken.extend(there.difference(&listed).map(|page| format!("not listed: {page}")));
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_and_the_pages_are_the_same() {
        let there = ["a.md", "b/c.md"].map(str::to_owned).into();
        assert!(differences("- [A](a.md)\n- [C](b/c.md)", &there).is_empty());
        assert_eq!(
            differences("- [A](a.md)\n- [Again](a.md)\n- [D](d.md)", &there),
            ["listed twice: a.md", "not there: d.md", "not listed: b/c.md"]
        );
    }
}
