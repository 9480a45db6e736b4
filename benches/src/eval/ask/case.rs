//! What is asked, and which answers are right?

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Result;

/// The questions of this project, as `benches/questions/README.md` describes them.
const QUESTIONS: &str = include_str!("../../../questions/ask.jsonl");

/// Whether a question may be tuned on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Half {
    Dev,
    Held,
}

/// One question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) id: String,
    pub(super) half: Half,
    pub(super) question: String,
    pub(super) accept: Vec<Accepted>,
}

/// A right answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Accepted {
    Call { intent: String, tool: String, params: Map<String, Value> },
    Outcome { outcome: Outcome, text: Option<String> },
}

/// A right answer that is no call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    NoneFits,
    UnknownItem,
}

/// Reads every question.
///
/// # Errors
///
/// Which line is malformed.
pub(super) fn all() -> Result<Vec<Case>> {
    let read = |(at, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| format!("question {}: {error}", at + 1).into())
    };
    QUESTIONS.lines().enumerate().map(read).collect()
}
