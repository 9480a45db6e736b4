//! How long is an answer of this tool good?

use std::{collections::BTreeMap, time::Duration};

use tool_core::ToolName;

/// Lifetimes by tool: an exact name before the longest pattern that fits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Overrides {
    exact: BTreeMap<ToolName, Duration>,
    /// What a name begins with, such as `ci.`; longest first.
    prefixes: Vec<(String, Duration)>,
}

impl Overrides {
    /// Sets the lifetime for a tool (`ci.search`), a namespace (`ci.*`) or every tool (`*`); the last setting holds.
    pub(crate) fn set(&mut self, pattern: &str, ttl: Duration) -> Result<(), String> {
        let Some(prefix) = prefix(pattern)? else {
            let name = pattern.parse().map_err(|error: tool_core::NameError| error.to_string())?;
            self.exact.insert(name, ttl);
            return Ok(());
        };
        self.prefixes.retain(|(old, _)| *old != prefix);
        self.prefixes.push((prefix, ttl));
        self.prefixes.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        Ok(())
    }

    pub(crate) fn get(&self, name: &ToolName) -> Option<Duration> {
        let by_prefix = || self.prefixes.iter().find(|(prefix, _)| name.as_str().starts_with(prefix));
        self.exact.get(name).copied().or_else(|| by_prefix().map(|(_, ttl)| *ttl))
    }

    /// Returns the patterns that fit none of these tools.
    pub(crate) fn unmatched(&self, tools: &[&ToolName]) -> Vec<String> {
        let exact = self.exact.keys().filter(|name| !tools.contains(name)).map(ToString::to_string);
        let fits = |prefix: &str| tools.iter().any(|tool| tool.as_str().starts_with(prefix));
        let prefixes = self.prefixes.iter().filter(|(prefix, _)| !fits(prefix)).map(|(prefix, _)| format!("{prefix}*"));
        exact.chain(prefixes).collect()
    }
}

/// Returns what names begin with that fit a pattern; `None` if it is no pattern.
fn prefix(pattern: &str) -> Result<Option<String>, String> {
    if pattern == "*" {
        return Ok(Some(String::new()));
    }
    let Some(namespace) = pattern.strip_suffix(".*") else {
        return match pattern.contains('*') {
            true => Err(format!("`{pattern}`: `*` stands alone or after a namespace, as in `ci.*`")),
            false => Ok(None),
        };
    };
    match format!("{namespace}.x").parse::<ToolName>() {
        Ok(name) => Ok(Some(name.as_str().trim_end_matches('x').to_owned())),
        Err(_) => Err(format!("`{pattern}`: `{namespace}` is not a namespace")),
    }
}
