//! Where the file is, and how it is replaced as a whole.

use keystead_domain::{Error, ErrorKind, Result};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// The paths of one JSON store.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    /// The file itself, behind every symbolic link: the link stays when the file is replaced.
    pub(crate) file: PathBuf,
    /// Locked by the program that has the store.
    pub(super) lock: PathBuf,
    /// A new content on its way.
    temporary: PathBuf,
    folder: PathBuf,
}

impl Paths {
    /// The paths for the file at `path`; its folder is made if it is missing.
    pub(super) fn of(path: &Path) -> Result<Self> {
        let refuse = |error: &io::Error| unusable(path, error);
        let file = match fs::canonicalize(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                fs::create_dir_all(folder).map_err(|error| refuse(&error))?;
                let name = path.file_name().ok_or_else(|| refuse(&io::ErrorKind::InvalidFilename.into()))?;
                fs::canonicalize(folder).map_err(|error| refuse(&error))?.join(name)
            }
            Err(error) => return Err(refuse(&error)),
        };
        if file.is_dir() {
            return Err(refuse(&io::ErrorKind::IsADirectory.into()));
        }
        let beside = |end: &str| {
            let mut name = file.file_name().unwrap_or_default().to_owned();
            name.push(end);
            file.with_file_name(name)
        };
        let folder = file.parent().map_or_else(|| PathBuf::from("/"), Path::to_owned);
        Ok(Self { lock: beside(".lock"), temporary: beside(".tmp"), folder, file })
    }

    /// Replaces the file by what `write` writes: as a whole, on the disk when this returns, readable by its owner only.
    /// When it fails, the old file is as it was.
    ///
    /// # Errors
    /// What `write` or the disk says.
    pub(super) fn replace(&self, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
        let refuse = |error: io::Error| unsaved(&self.file, &error);
        let result = (|| {
            let file = self.new_temporary().map_err(refuse)?;
            let mut writer = BufWriter::with_capacity(1 << 16, file);
            write(&mut writer)?;
            let file = writer.into_inner().map_err(|error| refuse(error.into_error()))?;
            file.sync_all().map_err(refuse)?;
            fs::rename(&self.temporary, &self.file).map_err(refuse)
        })();
        if result.is_err() {
            // On a full disk the half-written file would keep what others need.
            let _ = fs::remove_file(&self.temporary);
        }
        result?;
        // Without this the rename itself may be lost with the power. Only Unix lets a folder be opened for it.
        #[cfg(unix)]
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(refuse)?;
        Ok(())
    }

    fn new_temporary(&self) -> io::Result<File> {
        // A killed program may have left one.
        match fs::remove_file(&self.temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.temporary)
    }
}

/// The file cannot be used at all.
pub(super) fn unusable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorKind::Invalid,
        "store_file",
        format!("The store file {} cannot be opened: {error}. Check the path and its permissions.", path.display()),
    )
}

/// The file cannot be written.
pub(super) fn unsaved(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorKind::Busy,
        "store_file_unsaved",
        format!(
            "{} cannot be saved: {error}. The file is as it was before; the changes are in memory only.",
            path.display()
        ),
    )
}
