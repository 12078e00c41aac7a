//! invitations
pub(crate) mod view;
