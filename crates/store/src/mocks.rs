//! A unit of work made of mocks, for unit tests of use cases.
