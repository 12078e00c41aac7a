//! The contracts that every store passes: exported test functions beside the traits.
