//! Entities, values, rules, errors, caller and clock of Keystead. No I/O.
