//! Licences of everything that is built in, and crates that must not be.

use crate::{
    failure::{Failure, Result, While},
    run::quiet,
    workspace::Workspace,
};
use spdx::{Expression, ParseMode};
use std::collections::BTreeSet;

/// Licences that may be combined with ours.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BlueOak-1.0.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OpenSSL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
/// A second TLS provider makes rustls panic; the others are not ours to ship.
const BANNED: &[&str] = &["ring", "openssl", "openssl-sys", "native-tls", "evalexpr"];

/// Everything that is built on this platform, in any of the workspace's builds.
const TREE: &[&str] =
    &["tree", "--workspace", "--prefix", "none", "--edges", "normal,build,dev", "--format", "{p}\t{l}"];

pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let answer = quiet("reading the licences", &mut workspace.cargo(TREE))?;
    let answer = String::from_utf8(answer).doing(|| "reading cargo tree".to_owned())?;
    let packages: BTreeSet<_> = answer.lines().filter(|line| !line.starts_with("keystead-")).collect();
    let mut broken = Vec::new();
    for line in packages {
        let Some((package, license)) = line.split_once('\t') else { continue };
        // Seen twice, a package is marked with a star the second time.
        let license = license.trim_end_matches("(*)").trim();
        let name = package.split(' ').next().unwrap_or_default();
        if BANNED.contains(&name) {
            broken.push(format!("{package} is banned"));
        }
        let fits = Expression::parse_mode(license, ParseMode::LAX).is_ok_and(|expression| {
            expression.evaluate(|wanted| wanted.license.id().is_some_and(|id| ALLOWED.contains(&id.name)))
        });
        if !fits {
            broken.push(format!("{package} has the licence {license:?}"));
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(Failure::new(broken.join("\n  ")).next("find another crate: `cargo tree -i NAME` says who needs it"))
}
