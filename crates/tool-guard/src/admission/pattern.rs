//! Which tools does a pattern name?

use tool_core::ToolName;

/// One tool, all tools under a prefix, or all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// `*`
    All,
    /// `ci.*`, kept as `ci.`.
    Under(String),
    /// `ci.search`
    One(ToolName),
}

impl Pattern {
    /// Reads `ci.search`, `ci.*` or `*`; says what is wrong with anything else.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::All);
        }
        let parsed = match text.strip_suffix(".*") {
            Some(stem) => under(stem),
            None => text.parse().ok().map(Self::One),
        };
        parsed.ok_or_else(|| {
            format!("holds `{text}`, but must name a tool (`ci.search`), a namespace (`ci.*`) or all (`*`)")
        })
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Under(prefix) => name.starts_with(&**prefix),
            Self::One(tool) => tool.as_str() == name,
        }
    }

    /// Whether it matches all that another does.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        match other {
            Self::All => *self == Self::All,
            Self::Under(prefix) => self.matches(prefix),
            Self::One(tool) => self.matches(tool.as_str()),
        }
    }
}

/// A stem is good where a name under it would be.
fn under(stem: &str) -> Option<Pattern> {
    let name: ToolName = format!("{stem}.x").parse().ok()?;
    name.as_str().strip_suffix('x').map(|prefix| Pattern::Under(prefix.to_owned()))
}

#[cfg(test)]
mod tests;
