//! Which known name did a mistyped one mean?

/// Returns `; did you mean "NAME"?`, or nothing if no known name is near.
pub(crate) fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let nearest = tool_core::nearest(typed, known, 1);
    nearest.first().map_or_else(String::new, |name| format!("; did you mean \"{name}\"?"))
}
