//! What must hold of any input?
//!
//! One function per target: it takes bytes that anybody may have written and panics if the project breaks a promise on
//! them. `cargo xtask fuzz TARGET --seconds N` searches for such bytes; the tests of this crate replay those that were
//! found, and a few that reach far, on every run.
#![forbid(unsafe_code)]

mod composition;
mod config;
mod desk;
mod json;
mod key;
mod names;
mod rule;
mod schema;
mod snapshot;
mod time;

pub use composition::composition;
pub use config::config;
pub use key::key;
pub use names::names;
pub use rule::rule;
pub use schema::schema;
pub use snapshot::snapshot;
pub use time::time;

/// A check of one target.
pub type Check = fn(&[u8]);

/// Every target by name, as `cargo xtask fuzz` and the directories of the corpus call it.
pub const TARGETS: [(&str, Check); 8] = [
    ("composition", composition),
    ("config", config),
    ("key", key),
    ("names", names),
    ("rule", rule),
    ("schema", schema),
    ("snapshot", snapshot),
    ("time", time),
];

/// The byte that parts an input into documents: no UTF-8 text holds it.
pub(crate) const SEPARATOR: u8 = 0xff;

/// Parts an input into two texts; the second is empty where there is no separator, and invalid UTF-8 is no text.
pub(crate) fn two_texts(input: &[u8]) -> Option<(&str, &str)> {
    let mut parts = input.splitn(2, |byte| *byte == SEPARATOR);
    let mut text = || std::str::from_utf8(parts.next().unwrap_or_default()).ok();
    Some((text()?, text()?))
}
