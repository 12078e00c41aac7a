//! The `json:` mode: a database in memory, loaded from and saved to one readable file.
//!
//! The file holds every row, tables in declared order and rows in the order of their keys, so that two files can be
//! compared with `diff`. It is written as a whole, beside the old one, and takes its place by a rename: whoever reads
//! it sees the old rows or the new ones, never a part. Saving happens in the background within a second after a commit;
//! many commits make one save. A file that does not load is refused with the line that is wrong, and never touched.

mod document;
mod file;
mod load;
mod lock;
mod older;
mod open;
mod save;
mod saver;

pub use open::open_json;
pub(crate) use open::{Loaded, load};
pub(crate) use save::save;
pub(crate) use saver::JsonFile;

/// The form of the file. A program refuses a file of a later one.
const FORMAT: u32 = 1;
