//! The shared libraries that a fetched program needs and the system does not have.

use std::{path::Path, process::Command};

use super::{cache::Cache, debian};

/// Debian's packages of what the fetched servers are linked to.
const PACKAGES: [(&str, &str); 7] = [
    ("libcrypto.so.3", "libssl3"),
    ("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
    ("liblz4.so.1", "liblz4-1"),
    ("libssl.so.3", "libssl3"),
    ("libxml2.so.2", "libxml2"),
    ("libz.so.1", "zlib1g"),
    ("libzstd.so.1", "libzstd1"),
];

/// A search path for what `program` lacks, fetched when it is missing. `None` if it lacks nothing.
///
/// # Errors
///
/// When it lacks something that cannot be fetched: what that is, and why.
pub(crate) fn fetched_for(cache: &Cache, program: &Path) -> Result<Option<String>, String> {
    // Where there is no `ldd`, as on macOS, the packages bring their libraries.
    let Ok(output) = Command::new("ldd").arg(program).env("LC_ALL", "C").output() else {
        return Ok(None);
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let missing: Vec<&str> = missing(&said).collect();
    if missing.is_empty() {
        return Ok(None);
    }
    let mut packages = Vec::new();
    for library in &missing {
        let known = PACKAGES.iter().find(|(name, _)| name == library).map(|(_, package)| *package);
        packages.push(known.ok_or_else(|| format!("this machine has no {library}"))?);
    }
    packages.sort_unstable();
    packages.dedup();
    let home = debian::unpacked(cache, &format!("libraries-{}", packages.join("-")), &packages).map_err(|why| {
        let (missing, packages) = (missing.join(" "), packages.join(" "));
        format!(
            "this machine has no {missing}, and fetching them failed:\n{why}\n\
             On Debian: apt-get install {packages}"
        )
    })?;
    Ok(Some(debian::library_path(&home)))
}

/// The names in an answer of `ldd` that are not found.
fn missing(answer: &str) -> impl Iterator<Item = &str> {
    answer.lines().filter_map(|line| line.trim().strip_suffix(" => not found"))
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn what_is_missing_is_named() {
        let answer =
            "\tlinux-vdso.so.1 (0x00007f1a)\n\tlibxml2.so.2 => not found\n\tlibm.so.6 => /lib/libm.so.6 (0x7f)\n";
        assert_eq!(missing(answer).collect::<Vec<_>>(), ["libxml2.so.2"]);
        assert_eq!(missing("\tstatically linked\n").count(), 0);
    }
}
