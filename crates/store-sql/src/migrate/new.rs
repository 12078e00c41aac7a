//! A new migration's files.

use super::list::MIGRATIONS;
use keystead_domain::{Error, ErrorKind, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Makes the folder of the next migration in `directory`, with its four files, and returns it. The folder must then be
/// named in the list of migrations.
///
/// # Errors
/// `Invalid` when the name is not made of `a` to `z`, digits and `_`, begins or ends with `_`, or is longer than 60
/// characters, or when the files cannot be written.
pub fn new_migration(directory: &Path, name: &str) -> Result<PathBuf> {
    let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    if name.is_empty() || name.len() > 60 || !name.chars().all(allowed) || name.starts_with('_') || name.ends_with('_')
    {
        return Err(Error::invalid("name", "1 to 60 of a-z, 0-9 and _, as in add_profiles"));
    }
    let refuse = |error: std::io::Error| {
        Error::new(ErrorKind::Invalid, "migration_file", format!("{} cannot be written: {error}", directory.display()))
    };
    let mut last = MIGRATIONS.len();
    for entry in fs::read_dir(directory).map_err(refuse)? {
        let folder = entry.map_err(refuse)?.file_name();
        let number = folder.to_str().and_then(|folder| folder.split_once('_')?.0.parse().ok());
        last = last.max(number.unwrap_or(0));
    }
    let folder = format!("{:04}_{name}", last + 1);
    let path = directory.join(&folder);
    fs::create_dir(&path).map_err(refuse)?;
    for (engine, place) in
        [("postgres", "as keystead_owner, in the schema keystead"), ("sqlite", "foreign keys checked at its end")]
    {
        for (direction, title) in [("up", folder.clone()), ("down", format!("{folder}, taken back"))] {
            let header =
                format!("-- {title}.\n-- It runs in one transaction, {place}. Once landed, it is never edited.\n\n");
            fs::write(path.join(format!("{engine}.{direction}.sql")), header).map_err(refuse)?;
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_number_and_four_files_are_made() {
        let directory = tempfile::tempdir().unwrap();
        let first = new_migration(directory.path(), "add_profiles").unwrap();
        let number = MIGRATIONS.len() + 1;
        assert!(first.ends_with(format!("{number:04}_add_profiles")));
        let second = new_migration(directory.path(), "add_more").unwrap();
        assert!(second.ends_with(format!("{:04}_add_more", number + 1)));
        let header = fs::read_to_string(first.join("postgres.down.sql")).unwrap();
        assert!(header.starts_with(&format!("-- {number:04}_add_profiles, taken back.\n")), "{header}");
        assert_eq!(fs::read_dir(&first).unwrap().count(), 4);
    }

    #[test]
    fn names_that_are_no_plain_words_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["", "Add", "a b", "../a", "_a", "a_", &"a".repeat(61)] {
            assert!(new_migration(directory.path(), name).is_err(), "{name}");
        }
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}
