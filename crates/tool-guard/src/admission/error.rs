//! Which setting of admission is wrong?

/// Says which setting of admission is wrong, where it stands, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{place}` {problem}")]
pub struct AdmissionError {
    place: String,
    rule: Option<usize>,
    problem: String,
}

impl AdmissionError {
    pub(crate) fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place: place.into(), rule: None, problem: problem.into() }
    }

    /// Places the fault in a rule, counted from 0.
    pub(crate) fn in_rule(self, rule: usize) -> Self {
        let field = if self.place.is_empty() { String::new() } else { format!(".{}", self.place) };
        Self { place: format!("rules[{rule}]{field}"), rule: Some(rule), problem: self.problem }
    }

    /// Returns where the fault is, as in `rules[2].tools`; rules are counted from 0.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Returns which rule is at fault, counted from 0; nothing where it is another setting.
    #[must_use]
    pub fn rule(&self) -> Option<usize> {
        self.rule
    }

    /// Returns what is wrong there, as a fragment for people.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}
