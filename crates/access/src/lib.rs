//! The decision engine: may this subject do this action on this resource? No I/O.
