//! The matrix of an editor: levels × features × actions, and levels × views.

mod read;
mod write;

pub use read::{Matrix, MatrixFeature, MatrixRow, MatrixView, ReadMatrix, read_access_matrix};
pub use write::{ChangeMatrix, LevelChange, change_access_matrix};
