//! The documentation: of the code, and that every page of the book is there.

use crate::{
    failure::{Failure, Result},
    run::show,
    steps::Steps,
    workspace::Workspace,
};

pub(crate) fn steps(workspace: &Workspace, steps: &mut Steps) {
    steps.take("every page of the book is there", || pages(workspace));
    steps.take("documentation of the code", || {
        let mut cargo = workspace.cargo(&["doc", "--workspace", "--no-deps", "--quiet"]);
        show(cargo.env("RUSTDOCFLAGS", "-D warnings"))
    });
}

/// Every link of the summary leads to a page.
fn pages(workspace: &Workspace) -> Result<()> {
    let summary = workspace.read("docs/src/SUMMARY.md")?;
    let links = summary.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let missing: Vec<_> = links.filter(|link| !workspace.root.join("docs/src").join(link).is_file()).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("missing: {}", missing.join(", ")))
            .next("write them, or take them out of docs/src/SUMMARY.md"))
    }
}
