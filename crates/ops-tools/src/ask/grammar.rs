//! How does a question become calls?

use std::sync::Arc;

use serde_json::Value;
use tool_core::{Params, ToolName, nearest};
use tool_select::{InterpretError, Interpretation, Interpreter, Reading, UnknownName};

use super::facts::Facts;
use super::find;
use super::params::Maker;
use super::sheet::Sheet;
use super::stop::is_stop;
use super::vocabulary::Vocabulary;
use super::want::{Want, want};
use crate::estate::{Estate, EstateError, Resolution};

/// How long a question may be, in bytes.
pub const MAX_QUESTION_BYTES: usize = 2_000;

/// What is stated beside a question, and goes before what the question says.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct AskGiven {
    /// The tool that is to answer.
    pub tool: Option<ToolName>,
    /// The item: its code, id or name.
    pub ci: Option<String>,
    /// The metric's name.
    pub metric: Option<String>,
    /// The time range, as tools take it.
    pub time_range: Option<Value>,
    /// How many rows or groups.
    pub limit: Option<u64>,
}

/// Reads questions about one tenant's estate; it knows words and names, and no model.
///
/// It reads the names that the estate has once; a question then costs no query.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use ops_tools::{AskGrammar, DEMO_SEED, Estate, SqliteEstate, demo};
/// use tool_select::Interpreter;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let estate: Arc<dyn Estate> = Arc::new(SqliteEstate::in_memory(&[demo(DEMO_SEED).data])?);
/// let grammar = AskGrammar::load(&*estate, "demo").await?;
///
/// let read = grammar.interpret("peak cpu of srv-db-1 in the last 6 hours")?;
/// assert_eq!(read.intent.as_deref(), Some("AGGREGATE"));
/// assert_eq!(read.readings[0].tool.as_str(), "metric.aggregate");
/// assert_eq!(read.readings[0].params.get("agg"), Some(&"max".into()));
/// assert_eq!(read.readings[0].params.get("time_range"), Some(&"last_6h".into()));
///
/// let read = grammar.interpret("restart srv-db-1 gently")?;
/// assert!(read.readings.is_empty());
/// assert_eq!(read.unused.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["restart", "gently"]);
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct AskGrammar {
    known: Arc<Vocabulary>,
    given: AskGiven,
}

impl AskGrammar {
    /// Reads what an estate calls its things, in about ten queries.
    ///
    /// # Errors
    ///
    /// Those of reading the estate.
    pub async fn load(estate: &dyn Estate, tenant: &str) -> Result<Self, EstateError> {
        Ok(Self { known: Arc::new(Vocabulary::load(estate, tenant).await?), given: AskGiven::default() })
    }

    /// States what goes before the words of a question.
    #[must_use]
    pub fn with_given(mut self, given: AskGiven) -> Self {
        self.given = given;
        self
    }

    /// Lays what is stated over what was found; returns what of it is no name.
    fn state(&self, facts: &mut Facts) -> Vec<UnknownName> {
        let mut unknown = Vec::new();
        if let Some(ci) = &self.given.ci {
            let graph = &self.known.graph;
            let named = |hints: Vec<crate::estate::CiHint>| hints.into_iter().map(|hint| hint.ci_code).collect();
            match graph.resolve(ci) {
                Resolution::Exact(hint) => {
                    facts.items = graph.find(&hint.ci_id).into_iter().map(|node| (node, 0)).collect();
                    facts.group.clear();
                }
                Resolution::Ambiguous(hints) | Resolution::Unknown(hints) => {
                    unknown.push(UnknownName::new("item", 0..ci.len(), ci, named(hints)));
                }
            }
        }
        if let Some(metric) = &self.given.metric {
            let names = || self.known.metrics.iter().map(|def| def.name.as_str());
            if names().any(|name| name == metric) {
                facts.metrics = vec![metric.clone()];
            } else {
                unknown.push(UnknownName::new("metric", 0..metric.len(), metric, nearest(metric, names(), 5)));
            }
        }
        facts.given_range.clone_from(&self.given.time_range);
        facts.limit = self.given.limit.or(facts.limit);
        unknown
    }

    /// Returns the words that look like an item's code but are none, with the nearest codes.
    fn unknown(&self, sheet: &Sheet<'_>) -> Vec<UnknownName> {
        let odd = sheet.unused().filter(|at| looks_like_code(sheet.word(*at)));
        let near = |at: usize| self.known.graph.nearest(sheet.word(at)).into_iter().map(|hint| hint.ci_code).collect();
        odd.map(|at| UnknownName::new("item", sheet.span(at..at + 1), sheet.text, near(at))).collect()
    }

    fn readings(&self, facts: &Facts, want: Want) -> Vec<Reading> {
        let maker = Maker { facts, known: &self.known };
        let tools = want.tools().iter().copied();
        tools.filter_map(|tool| reading(tool, maker.params(tool, want)?)).collect()
    }

    /// Returns what comes near: every kind of answer that the names alone would allow.
    fn near(&self, facts: &Facts) -> Vec<Reading> {
        const LIKELY: [&str; 6] =
            ["metric.aggregate", "metric.compare", "ci.get", "compose.investigate", "ci.search", "history.event_log"];
        let maker = Maker { facts, known: &self.known };
        let useful = |tool: &&str| match *tool {
            "ci.search" => !facts.conditions.is_empty() || !facts.keywords.is_empty(),
            "history.event_log" => !facts.event_types.is_empty() || facts.when.is_some(),
            "metric.compare" => !facts.metrics.is_empty(),
            _ => true,
        };
        let readings = LIKELY.iter().filter(|tool| useful(tool)).filter_map(|tool| {
            let want = Want::of_tool(tool, facts)?;
            reading(tool, maker.params(tool, want)?)
        });
        readings.take(MAX_NEAR).collect()
    }

    /// Decides, and says what was left out.
    fn conclude(&self, sheet: Sheet<'_>, facts: &Facts, unknown: Vec<UnknownName>) -> Interpretation {
        let unused: Vec<usize> = sheet.unused().filter(|at| !is_stop(sheet.word(*at))).collect();
        let asked = self.given.tool.as_ref().map(ToolName::as_str);
        let wanted = match asked {
            Some(tool) => Want::of_tool(tool, facts),
            None => want(facts).filter(|_| unknown.is_empty() && is_understood(&sheet, &unused)),
        };
        let mut readings = wanted.map(|want| self.readings(facts, want)).unwrap_or_default();
        readings.retain(|reading| asked.is_none_or(|tool| reading.tool.as_str() == tool));
        let mut read = Interpretation::new();
        read.intent = wanted.filter(|_| !readings.is_empty()).map(|want| want.intent().to_owned());
        if readings.is_empty() {
            read.near = self.near(facts);
        }
        read.readings = readings;
        read.unknown = unknown;
        let spans: Vec<_> = unused.into_iter().map(|at| sheet.span(at..at + 1)).collect();
        let mut read = read.with_unused(sheet.text, spans);
        read.entities = sheet.into_entities();
        read
    }
}

/// How many calls that come near are offered.
const MAX_NEAR: usize = 3;

impl Interpreter for AskGrammar {
    fn interpret(&self, text: &str) -> Result<Interpretation, InterpretError> {
        InterpretError::check(text, MAX_QUESTION_BYTES)?;
        let mut sheet = Sheet::new(text);
        let mut facts = find::facts(&mut sheet, &self.known);
        // An item that is stated leaves nothing to look up in the words.
        let mut unknown = if self.given.ci.is_none() { self.unknown(&sheet) } else { Vec::new() };
        unknown.extend(self.state(&mut facts));
        Ok(self.conclude(sheet, &facts, unknown))
    }
}

/// Returns whether a word is built like a code: parts with a hyphen or an underscore, or letters with digits.
fn looks_like_code(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['-', '_']).collect();
    let digit = word.chars().any(|c| c.is_ascii_digit()) && word.chars().any(char::is_alphabetic);
    let plain = parts.iter().all(|part| !part.is_empty());
    plain && (parts.len() > 2 || (parts.len() == 2 && (digit || parts[0].len() <= 4)))
}

/// Returns whether enough of a question has been used: what comes first has, and little else has not.
fn is_understood(sheet: &Sheet<'_>, unused: &[usize]) -> bool {
    let first = (0..sheet.len()).find(|at| !is_stop(sheet.word(*at)) || !sheet.is_free(*at));
    let begins = unused.first().is_none_or(|unused| Some(*unused) != first);
    begins && unused.len() <= 1 + sheet.used_count() / 4
}

fn reading(tool: &str, params: serde_json::Map<String, Value>) -> Option<Reading> {
    Some(Reading::new(tool.parse().ok()?, Params::from(params)))
}
