//! Sessions: signing in, staying signed in, signing out.

mod access_token;
mod activity;
mod authenticate;

pub use access_token::AccessToken;
pub(crate) use activity::Activity;
pub use authenticate::{Authenticated, authenticate};
