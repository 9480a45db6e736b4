//! Which tools serve which intent?

use std::collections::BTreeMap;

use tool_core::{NameError, ToolName, nearest};

/// A tool that serves an intent, and how well.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Candidate {
    /// The tool.
    pub tool: ToolName,
    /// The intent bonus, 0 to 1.
    pub bonus: f64,
}

/// Intents and their candidates: data of who brings the tools. Case does not matter in an intent's name.
///
/// # Examples
///
/// ```
/// use tool_select::IntentTable;
///
/// let table = IntentTable::new()
///     .intent("LOOKUP", &[("ci.get", 0.20), ("ci.get_by_code", 0.15)])?
///     .intent("SEARCH", &[("ci.search", 0.20), ("ci.get", 0.0)])?;
/// assert_eq!(table.candidates("lookup")?[1].tool.as_str(), "ci.get_by_code");
/// assert_eq!(table.candidates("serch").unwrap_err().suggestions(), ["SEARCH"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IntentTable {
    intents: BTreeMap<String, Vec<Candidate>>,
}

impl IntentTable {
    /// Returns a table without intents.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an intent with its candidates: tool and bonus.
    ///
    /// # Errors
    ///
    /// [`IntentTableError`] if the intent is there already or is empty, a tool's name is none or comes twice, or a bonus
    /// is outside 0 to 1.
    pub fn intent(mut self, name: &str, candidates: &[(&str, f64)]) -> Result<Self, IntentTableError> {
        let intent = name.trim().to_uppercase();
        if intent.is_empty() || self.intents.contains_key(&intent) {
            return Err(IntentTableError::Intent(name.to_owned()));
        }
        let mut read: Vec<Candidate> = Vec::with_capacity(candidates.len());
        for (tool, bonus) in candidates {
            let tool: ToolName = tool.parse()?;
            if !(0.0..=1.0).contains(bonus) {
                return Err(IntentTableError::Bonus { intent, tool, bonus: *bonus });
            }
            if read.iter().any(|earlier| earlier.tool == tool) {
                return Err(IntentTableError::Twice { intent, tool });
            }
            read.push(Candidate { tool, bonus: *bonus });
        }
        self.intents.insert(intent, read);
        Ok(self)
    }

    /// Returns the candidates of an intent.
    ///
    /// # Errors
    ///
    /// [`UnknownIntent`], with the nearest names.
    pub fn candidates(&self, intent: &str) -> Result<&[Candidate], UnknownIntent> {
        self.intents
            .get(&intent.trim().to_uppercase())
            .map(Vec::as_slice)
            .ok_or_else(|| UnknownIntent { intent: intent.to_owned(), suggestions: nearest(intent, self.intents(), 3) })
    }

    /// Returns the names of the intents, in alphabetical order.
    pub fn intents(&self) -> impl Iterator<Item = &str> {
        self.intents.keys().map(String::as_str)
    }
}

/// Says what is wrong with a table of intents.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IntentTableError {
    /// The intent's name is empty, or is there already.
    #[error("intent `{0}` is empty or comes twice")]
    Intent(String),
    /// A tool's name is none.
    #[error("a candidate has no tool's name")]
    Tool(#[from] NameError),
    /// A bonus is outside 0 to 1.
    #[error("bonus of {tool} for intent `{intent}` is {bonus}: expected 0 to 1")]
    Bonus {
        /// The intent.
        intent: String,
        /// The candidate.
        tool: ToolName,
        /// What it was given.
        bonus: f64,
    },
    /// A tool comes twice.
    #[error("{tool} comes twice for intent `{intent}`")]
    Twice {
        /// The intent.
        intent: String,
        /// The candidate.
        tool: ToolName,
    },
}

/// Says that no intent has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no intent is called `{intent}`")]
pub struct UnknownIntent {
    intent: String,
    suggestions: Vec<String>,
}

impl UnknownIntent {
    /// Returns the name that was asked for.
    #[must_use]
    pub fn intent(&self) -> &str {
        &self.intent
    }

    /// Returns the nearest names, nearest first.
    #[must_use]
    pub fn suggestions(&self) -> &[String] {
        &self.suggestions
    }
}
