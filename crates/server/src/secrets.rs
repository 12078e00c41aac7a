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
/// When the file cannot be read or made, others may read it, or it holds no key.
pub(crate) fn master_key_file(path: &Path, random: &dyn Random) -> Result<MasterKey> {
    match File::open(path) {
        Ok(file) => read_key(path, file),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make_key(path, random),
        Err(error) => Err(refuse(path, error)),
    }
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

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
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
    // An earlier file with other rights must not be reused.
    let _ = std::fs::remove_file(&path);
    write_private(&path, secret.expose_secret()).map_err(|error| refuse(&path, error))?;
    Ok(path)
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
    pub(crate) const fn field(&self) -> &'static str {
        match self {
            Self::Answer => "password",
            Self::File(_) => "password_file",
        }
    }
    /// What a person finds it by.
    pub(crate) const fn heading(&self) -> &'static str {
        match self {
            Self::Answer => "password (shown once)",
            Self::File(_) => "password is in",
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
