//! What decides, over HTTP, whatever is changed, and by whom: never by an old state, and as the rows say.

mod never_stale;
mod place;
mod switches;
mod truth;
