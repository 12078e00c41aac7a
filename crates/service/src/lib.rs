//! Use cases: guard, one transaction, one audit event, its jobs.
