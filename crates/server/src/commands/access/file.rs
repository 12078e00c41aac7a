//! Files that commands read.

use super::expected::Expected;
use keystead_domain::{Error, Result};
use keystead_http::documents;
use keystead_service::access::previewing::PreviewChanges;
use std::{fs::File, io::Read, path::Path};

/// The largest file that is read, in bytes.
const MOST: u64 = 64 * 1024 * 1024;

/// Reads a file of expected decisions.
///
/// # Errors
/// `Invalid`, naming the file and the place in it.
pub(super) fn expected(path: &Path) -> Result<Expected> {
    read(path, documents::read)
}

/// Reads a file of changes.
///
/// # Errors
/// `Invalid`, naming the file and the place in it.
pub(super) fn changes(path: &Path) -> Result<PreviewChanges> {
    read(path, documents::changes)
}

/// A file of JSON where its name ends so, else of YAML.
fn read<T>(path: &Path, read: impl FnOnce(&[u8], bool) -> Result<T>) -> Result<T> {
    let refuse = |why: String| Error::invalid(path.display().to_string(), why);
    let mut text = Vec::new();
    let file = File::open(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    file.take(MOST + 1).read_to_end(&mut text).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > MOST {
        return Err(refuse(format!("is larger than {MOST} bytes: split it")));
    }
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    read(&text, !is_json).map_err(|error| refuse(error.message))
}
