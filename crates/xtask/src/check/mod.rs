//! The rules of the house, in seconds.

pub(crate) mod floors;
mod licences;
mod names;

use crate::{steps::Steps, workspace::Workspace};

pub(crate) fn steps(workspace: &Workspace, steps: &mut Steps) {
    steps.take("floors: imports run downwards only", || floors::check(workspace));
    steps.take("names and marks", || names::check(workspace));
    steps.take("licences and banned crates", || licences::check(workspace));
}
