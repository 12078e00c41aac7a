//! Pictures, as SVG: drawn from the schema, the floors and the flows. No program and no network is needed for them, and the
//! same sources make the same files everywhere.

mod building;
mod entities;
mod flow;
mod ladder;
mod layers;
mod sequence;
mod svg;
mod truth;
mod words;

use crate::{
    check::floors,
    failure::{Failure, Result, While},
    workspace::Workspace,
};
use entities::AREAS;
use flow::Flow;
use ladder::Ladder;
use std::{fmt::Write, fs};
use truth::Truth;

/// A file below `docs/src/reference`.
pub(super) type File = (String, Vec<u8>);

/// Every picture, and the page of flows.
///
/// # Errors
/// When a source cannot be read, or says what is not so.
pub(super) fn files(workspace: &Workspace, schema: &[u8], openapi: &[u8]) -> Result<Vec<File>> {
    let schema: entities::Schema = serde_json::from_slice(schema).doing(|| "reading the schema".to_owned())?;
    let mut files = vec![
        picture("tables", entities::overview(&schema)?),
        picture("floors", building::building(workspace, &floors::built(workspace))),
    ];
    files.extend(AREAS.iter().map(|area| picture(&format!("tables-{}", area.name), entities::area(&schema, area))));
    let truth = Truth::read(workspace, openapi)?;
    let mut page = String::from(INTRODUCTION);
    for (name, text) in sources(workspace)? {
        let (stem, kind) = name.rsplit_once('.').unwrap_or((&name, ""));
        if kind == "ladder" {
            let ladder = Ladder::parse(&name, &text)?;
            truth.check(&name, ladder.texts())?;
            files.push(picture(stem, ladder.draw()));
        } else {
            let flow = Flow::parse(&name, &text)?;
            truth.check(&name, flow.texts())?;
            let slug = stem.split_once('-').map_or(stem, |(_, slug)| slug);
            let _ = write!(
                page,
                "\n## {title}\n\n{about}\n\n![Sequence diagram: {title}](pictures/flow-{slug}.svg)\n\n\
                 <details>\n<summary>The same in words</summary>\n\n{words}\n\n</details>\n",
                title = flow.title,
                about = flow.about,
                words = flow.words(),
            );
            files.push(picture(&format!("flow-{slug}"), sequence::sequence(&flow)));
        }
    }
    files.push(("flows.md".to_owned(), page.into_bytes()));
    Ok(files)
}

const INTRODUCTION: &str = "# Authentication flows

Who asks whom, in which order. Each picture is drawn from a few lines in `docs/flows`, and `cargo xtask generate --check` fails
where one names an operation, a use case, an event or a table that is not there. *HTTP* is the route in `crates/http`,
*Service* the use case in `crates/service`, *Store* the database behind the repositories: each arrow to it inside one
transaction is a statement, and what is said to be one statement is one round trip.
";

/// The entity diagrams, for the page of the schema.
pub(super) fn diagrams() -> String {
    let mut text = String::from(
        "\n## Pictures\n\nEvery table by name, and which refers to which. A line ends in a crow's foot where many rows refer to one, in \
         a bar where one does; a ring says that it may be none. Lines to the same table have one colour.\n\n\
         ![All tables and their references](pictures/tables.svg)\n",
    );
    for area in AREAS {
        let _ = write!(
            text,
            "\n### {title}\n\n![Entity diagram: {title}](pictures/tables-{name}.svg)\n",
            title = area.title,
            name = area.name
        );
    }
    text.push_str("\nPK: primary key. FK: refers to another table. PF: both. `?`: may be null.\n");
    text
}

fn picture(name: &str, svg: String) -> File {
    (format!("pictures/{name}.svg"), svg.into_bytes())
}

/// The files of `docs/flows` in the order of their names.
fn sources(workspace: &Workspace) -> Result<Vec<(String, String)>> {
    let folder = workspace.root.join("docs/flows");
    let doing = || format!("reading {}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).doing(doing)? {
        names.push(entry.doing(doing)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    if let Some(other) = names.iter().find(|name| !name.ends_with(".flow") && !name.ends_with(".ladder")) {
        return Err(Failure::new(format!("docs/flows/{other} is neither a flow nor a ladder")));
    }
    names.into_iter().map(|name| Ok((name.clone(), workspace.read(format!("docs/flows/{name}"))?))).collect()
}
