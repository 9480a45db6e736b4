//! Which compositions come with the tools?

use tool_compose::Definition;

/// The built-in compositions, as TOML.
const SOURCES: [&str; 2] = [include_str!("search_with_context.toml"), include_str!("investigate.toml")];

/// Returns the built-in compositions: `search_with_context` and `investigate`.
///
/// # Panics
///
/// If one of them is malformed: a test reads them.
#[must_use]
pub fn compositions() -> Vec<Definition> {
    SOURCES.iter().map(|text| toml::from_str(text).expect("a composition that its test has read")).collect()
}
