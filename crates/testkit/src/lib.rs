//! For tests only: an ephemeral PostgreSQL, an application under test, builders.
