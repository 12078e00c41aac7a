//! Imports run downwards only; a crate does not see its neighbours.

use crate::{
    failure::{Failure, Result},
    workspace::Workspace,
};

/// The floors, from the top down. Crates of one line do not see each other.
const FLOORS: &[&[&str]] = &[
    &["server"],
    &["http", "console"],
    &["service"],
    &["store-sql", "gateways"],
    &["store"],
    &["access", "crypto"],
    &["domain"],
];

/// What a crate may never name, although it lies below: only `server` puts them together.
const NEVER: &[(&str, &str)] = &[
    ("service", "store-sql"),
    ("service", "gateways"),
    ("http", "store-sql"),
    ("http", "gateways"),
    ("console", "store-sql"),
];

pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let mut broken = Vec::new();
    for member in &workspace.members {
        let Some(floor) = floor(&member.name) else { continue };
        for dependency in member.dependencies.iter().filter(|dependency| dependency.kind.as_deref() != Some("dev")) {
            let Some(below) = self::floor(&dependency.name) else { continue };
            let (user, used) = (short(&member.name), short(&dependency.name));
            if below <= floor || NEVER.contains(&(user, used)) {
                broken.push(format!("{user} uses {used}"));
            }
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(Failure::new(broken.join("; ")).next(
        "move the code to the floor where both can see it; docs/src/explanation/architecture.md shows the floors",
    ))
}

/// The floors with the crates that there are already.
pub(crate) fn built(workspace: &Workspace) -> Vec<Vec<&'static str>> {
    let is_built = |name: &&str| workspace.members.iter().any(|member| short(&member.name) == *name);
    let floors = FLOORS.iter().map(|floor| floor.iter().copied().filter(is_built).collect::<Vec<_>>());
    floors.filter(|floor| !floor.is_empty()).collect()
}

fn short(name: &str) -> &str {
    name.strip_prefix("keystead-").unwrap_or(name)
}

/// The place of a crate, 0 at the top; none for tools and other people's crates.
fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|crates| name.starts_with("keystead-") && crates.contains(&short(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_floor_has_its_place() {
        assert_eq!(floor("keystead-server"), Some(0));
        assert!(floor("keystead-domain") > floor("keystead-store"));
        assert_eq!(floor("serde"), None);
        assert_eq!(floor("keystead-testkit"), None);
    }
}
