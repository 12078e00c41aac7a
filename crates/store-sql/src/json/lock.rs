//! One program at a time.

use super::file::{Paths, unusable};
use keystead_domain::{Error, ErrorKind, Result};
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
};

/// The lock on a JSON store. The operating system lets go of it when the process ends, however it ends; the empty file
/// that stays behind means nothing. (Removing it would open a gap in which two programs lock two files of the same name.)
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Takes the lock.
    ///
    /// # Errors
    /// `Conflict` with code `store_file_in_use` when another program has it.
    pub(super) fn take(paths: &Paths) -> Result<Self> {
        let refuse = |error: std::io::Error| unusable(&paths.lock, &error);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&paths.lock).map_err(refuse)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut owner = String::new();
                let _ = file.read_to_string(&mut owner);
                let owner = owner.trim().parse::<u32>().map_or_else(|_| String::new(), |id| format!(" (process {id})"));
                return Err(Error::new(
                    ErrorKind::Conflict,
                    "store_file_in_use",
                    format!(
                        "{} is in use by another Keystead{owner}: a JSON store belongs to one program at a time. Stop that one \
                         first, or use another file.",
                        paths.file.display()
                    ),
                ));
            }
            Err(TryLockError::Error(error)) => return Err(refuse(error)),
        }
        // Who has it, for the message above.
        let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
        Ok(Self(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.set_len(0).and_then(|()| self.0.rewind());
        let _ = self.0.unlock();
    }
}
