//! Files that commands read.

use keystead_domain::{Error, Result};
use keystead_http::documents;
use serde::de::DeserializeOwned;
use std::{fs::File, io::Read, path::Path};

/// The largest file that is read, in bytes.
const MOST: u64 = 16 * 1024 * 1024;

/// Reads a file of JSON where its name ends so, else of YAML.
///
/// # Errors
/// `Invalid`, naming the file and the place in it.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let refuse = |why: String| Error::invalid(path.display().to_string(), why);
    let mut text = Vec::new();
    let file = File::open(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    file.take(MOST + 1).read_to_end(&mut text).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > MOST {
        return Err(refuse(format!("is larger than {MOST} bytes: split it")));
    }
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    documents::read(&text, !is_json).map_err(|error| refuse(error.message))
}
