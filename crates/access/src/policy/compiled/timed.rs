//! When rules hold.

use super::{Policy, row::Window};

impl Policy {
    /// When each rule holds that does not always.
    pub(crate) fn windows(&self) -> impl Iterator<Item = Window> {
        let rows = self.tables.iter().flat_map(|table| table.rows.iter().filter(|row| row.live).map(|row| row.window));
        let links = self.graphs.iter().flat_map(|graph| graph.windows());
        rows.chain(links).filter(|window| *window != Window::ALWAYS)
    }
}
