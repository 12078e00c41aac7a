//! The keystead binary: wiring, configuration, commands.
