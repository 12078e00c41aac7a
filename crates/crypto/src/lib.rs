//! Sealing, hashing, signing and token formats. No I/O.
