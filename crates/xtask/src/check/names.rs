//! No drawers for everything, no marks of unfinished work.

use crate::{
    failure::{Failure, Result},
    workspace::Workspace,
};

/// Names that say nothing about what is inside.
const DRAWERS: &[&str] = &["utils", "util", "common", "helpers", "helper", "misc"];

pub(super) fn check(workspace: &Workspace) -> Result<()> {
    // In two halves, so that this file does not find itself.
    let marks = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("#[ign", "ore"), concat!("FIX", "ME")];
    let mut broken = Vec::new();
    for path in workspace.files()? {
        let drawer = path.components().any(|part| {
            let part = part.as_os_str().to_string_lossy();
            DRAWERS.contains(&part.trim_end_matches(".rs"))
        });
        if drawer {
            broken.push(format!("{} says nothing about what is inside", workspace.show(&path)));
        }
        if path.extension().is_some_and(|extension| extension == "rs") {
            let text = workspace.read(&path)?;
            for (number, line) in (1..).zip(text.lines()) {
                if let Some(mark) = marks.iter().find(|mark| line.contains(**mark)) {
                    broken.push(format!("{}:{number} holds {mark}", workspace.show(&path)));
                }
            }
        }
    }
    if broken.is_empty() { Ok(()) } else { Err(Failure::new(broken.join("\n  ")).next("rename or finish them")) }
}
