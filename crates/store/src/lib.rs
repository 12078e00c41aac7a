//! Repository traits, the unit of work, and the contract suite that every store passes.
