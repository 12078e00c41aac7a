//! Tests, documentation, benchmarks and checks of the workspace.
fn main() {}
