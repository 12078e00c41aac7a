//! The master key's file, and secrets that are shown once.

use crate::cli::wants_colour;
use keystead_crypto::sealing::MasterKey;
use keystead_domain::{Error, ErrorKind, Random, Result};
use secrecy::{ExposeSecret, SecretString};
use std::{
    fs::{File, OpenOptions},
    io::{IsTerminal, Read, Write},
    path::{Path, PathBuf},
};

/// The largest key file that is read, in bytes.
const MAX_FILE: u64 = 1024;

fn refuse(path: &Path, why: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Invalid, "master_key", format!("The master key file {}: {why}", path.display()))
}

/// The master key of `path`, made at the first start (mode 0600, flushed to the disk before it seals anything).
///
/// # Errors
/// When the file cannot be read or made, others may read it or exchange it, or it holds no key.
pub(crate) fn master_key_file(path: &Path, random: &dyn Random) -> Result<MasterKey> {
    check_folder(path)?;
    match File::open(path) {
        Ok(file) => read_key(path, file),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make_key(path, random),
        Err(error) => Err(refuse(path, error)),
    }
}

/// Refuses a folder in which others could put another file into the place of `path`: a key of their choice would seal
/// everything. A folder that is not there yet is made with the right mode.
///
/// # Errors
/// `Invalid`, with what to do.
pub(crate) fn check_folder(path: &Path) -> Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent()
        && let Ok(about) = std::fs::metadata(folder)
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = about.permissions().mode();
        if mode & 0o022 != 0 {
            let folder = folder.display();
            return Err(refuse(
                path,
                format!(
                    "others may write into its folder (mode {:o}) and could exchange it. Run: chmod go-w {folder}. Where \
                     the folder cannot be changed, set KEYSTEAD_MASTER_KEY or another KEYSTEAD_DATA_DIR.",
                    mode & 0o7777
                ),
            ));
        }
    }
    Ok(())
}

fn read_key(path: &Path, file: File) -> Result<MasterKey> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata().map_err(|error| refuse(path, error))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(refuse(
                path,
                format!("others may read it (mode {:o}). Run: chmod 600 {}", mode & 0o777, path.display()),
            ));
        }
    }
    let mut text = String::new();
    file.take(MAX_FILE).read_to_string(&mut text).map_err(|error| refuse(path, error))?;
    let text = SecretString::from(text);
    MasterKey::parse(text.expose_secret().trim()).map_err(|error| {
        refuse(path, format!("{error}. Restore it from your backup: without it nothing that was sealed can be read"))
    })
}

fn make_key(path: &Path, random: &dyn Random) -> Result<MasterKey> {
    let key = MasterKey::generate(random).map_err(|error| Error::internal(error.to_string()))?;
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    // Made under another name and linked into place, so that a second server starting now finds a whole key or none.
    let temporary = path.with_extension(format!("new-{}", std::process::id()));
    let written = write_private(&temporary, key.encode().expose_secret());
    let linked = written.and_then(|()| std::fs::hard_link(&temporary, path));
    let _ = std::fs::remove_file(&temporary);
    match linked {
        Ok(()) => {
            if let Some(folder) = path.parent() {
                let _ = File::open(folder).and_then(|folder| folder.sync_all());
            }
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            read_key(path, File::open(path).map_err(|error| refuse(path, error))?)
        }
        Err(error) => Err(refuse(path, error)),
    }
}

/// Makes a folder that only its owner can enter.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        Error::new(
            ErrorKind::Invalid,
            "data_dir",
            format!("The folder {} cannot be made: {error}. Set KEYSTEAD_DATA_DIR.", folder.display()),
        )
    })
}

/// Writes a new file of mode 0600. One that is there already may belong to others, be open in their hands or point elsewhere:
/// it is removed, and the new one must be the only one of its name.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// Shows a secret once: on the terminal, or, where there is none, in a file of mode 0600. Never in a log.
/// Returns the file when it was one.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn show_once(label: &str, secret: &SecretString, folder: &Path, name: &str) -> Result<Option<PathBuf>> {
    let mut terminal = std::io::stderr();
    if terminal.is_terminal() {
        let (bold, plain) = if wants_colour() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
        let secret = secret.expose_secret();
        let shown = writeln!(terminal, "\n  {label}: {bold}{secret}{plain}\n  It is shown this once.\n");
        return shown.map(|()| None).map_err(|error| Error::internal(error.to_string()));
    }
    write_anew(folder, name, secret).map(Some)
}

fn write_anew(folder: &Path, name: &str, secret: &SecretString) -> Result<PathBuf> {
    make_folder(folder)?;
    let path = folder.join(name);
    write_private(&path, secret.expose_secret()).map_err(|error| refuse(&path, error))?;
    Ok(path)
}

/// What kind of secret a command answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A person's.
    Password,
    /// A service account's.
    Key,
}

/// Where a secret goes that is part of a command's answer.
#[derive(Debug)]
pub(crate) enum Place {
    /// Into the answer: a person reads it on a terminal.
    Answer,
    /// Into this file of mode 0600: the answer goes to a pipe or a file, which may be kept anywhere.
    File(PathBuf),
}

impl Place {
    /// The place of `secret`, which is written where that is a file called `name` in `folder`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn of_answer(folder: &Path, name: &str, secret: &SecretString) -> Result<Self> {
        if std::io::stdout().is_terminal() {
            return Ok(Self::Answer);
        }
        write_anew(folder, name, secret).map(Self::File)
    }
    /// What a program finds it by.
    pub(crate) const fn field(&self, what: What) -> &'static str {
        match (self, what) {
            (Self::Answer, What::Password) => "password",
            (Self::File(_), What::Password) => "password_file",
            (Self::Answer, What::Key) => "key",
            (Self::File(_), What::Key) => "key_file",
        }
    }
    /// What a person finds it by.
    pub(crate) const fn heading(&self, what: What) -> &'static str {
        match (self, what) {
            (Self::Answer, What::Password) => "password (shown once)",
            (Self::File(_), What::Password) => "password is in",
            (Self::Answer, What::Key) => "key (shown once)",
            (Self::File(_), What::Key) => "key is in",
        }
    }
    /// `secret`, or where it is.
    pub(crate) fn shown(&self, secret: &SecretString) -> String {
        match self {
            Self::Answer => secret.expose_secret().to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_domain::SystemRandom;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_key_is_made_once_private_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/master.key");
        let first = master_key_file(&path, &SystemRandom).unwrap();
        let second = master_key_file(&path, &SystemRandom).unwrap();
        assert_eq!(first.encode().expose_secret(), second.encode().expose_secret());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_planted_file_is_not_written_into() {
        let folder = tempfile::tempdir().unwrap();
        let (planted, other) = (folder.path().join("planted"), folder.path().join("other"));
        std::fs::write(&other, "theirs").unwrap();
        // Readable by all, and known under a second name; then a link to elsewhere.
        std::fs::write(&planted, "theirs").unwrap();
        std::fs::set_permissions(&planted, std::fs::Permissions::from_mode(0o666)).unwrap();
        std::fs::hard_link(&planted, folder.path().join("second")).unwrap();
        write_private(&planted, "secret").unwrap();
        assert_eq!(std::fs::metadata(&planted).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_to_string(folder.path().join("second")).unwrap(), "theirs");
        std::fs::remove_file(&planted).unwrap();
        std::os::unix::fs::symlink(&other, &planted).unwrap();
        write_private(&planted, "secret").unwrap();
        assert!(!std::fs::symlink_metadata(&planted).unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(&other).unwrap(), "theirs");
    }

    #[test]
    fn a_folder_that_others_can_write_to_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let mode = |mode| std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
        for open in [0o777, 0o1777, 0o775] {
            mode(open);
            assert!(master_key_file(&path, &SystemRandom).unwrap_err().message.contains("chmod go-w"), "{open:o}");
            assert!(!path.exists());
        }
        mode(0o755);
        master_key_file(&path, &SystemRandom).unwrap();
        mode(0o770);
        assert!(master_key_file(&path, &SystemRandom).unwrap_err().message.contains("chmod go-w"));
    }

    #[test]
    fn a_readable_or_damaged_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        std::fs::write(&path, "nonsense").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(master_key_file(&path, &SystemRandom).unwrap_err().message.contains("chmod 600"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(master_key_file(&path, &SystemRandom).unwrap_err().message.contains("backup"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "nonsense");
    }
}
