//! How is one question put to the real grammar and selection? Nothing here knows a right answer.

use std::sync::Arc;

use ops_tools::{AskGrammar, DEMO_SEED, Estate, SqliteEstate, compositions, demo, intents, tools};
use runner::Runner;
use serde_json::{Map, Value};
use tokio::runtime::Runtime;
use tool_core::CallContext;
use tool_select::{Interpreter, ToolSelectionContext};

use crate::error::Result;

const TENANT: &str = "demo";

/// The demo estate with a whole runner and the grammar over it, as the command line has them.
pub(super) struct Desk {
    runner: Runner,
    grammar: AskGrammar,
    now: i64,
}

/// What a question came to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    /// The tool that was selected, and its parameters.
    Call { intent: String, tool: String, params: Map<String, Value> },
    /// No tool, for these words look like names and are none.
    Unknown(Vec<String>),
    /// No tool.
    NoneFits,
}

impl Desk {
    /// Opens the demo estate.
    ///
    /// # Errors
    ///
    /// If it cannot be stored or read, or the runner cannot be built.
    pub(super) fn open() -> Result<Self> {
        let estate: Arc<dyn Estate> = Arc::new(SqliteEstate::in_memory(&[demo(DEMO_SEED).data])?);
        let builder = Runner::builder().tools(tools(&estate)).intents(intents());
        let builder = compositions().into_iter().fold(builder, |builder, definition| builder.composition(definition));
        let runtime: Runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let grammar = runtime.block_on(AskGrammar::load(&*estate, TENANT))?;
        let now = runtime.block_on(estate.summary(TENANT))?.now();
        Ok(Self { runner: builder.build()?, grammar, now })
    }

    /// Returns where the estate's data ends, in Unix seconds.
    pub(super) fn now(&self) -> i64 {
        self.now
    }

    /// Returns the schema of a tool's parameters.
    ///
    /// # Errors
    ///
    /// If there is no such tool.
    pub(super) fn schema(&self, tool: &str) -> Result<Value> {
        Ok(self.runner.registry().resolve(tool)?.spec().input_schema().clone())
    }

    /// Reads a question and selects the tool.
    ///
    /// # Errors
    ///
    /// If the text is no question, or the intent is none.
    pub(super) fn answer(&self, question: &str) -> Result<Answer> {
        let read = self.grammar.interpret(question)?;
        let Some(intent) = read.intent.clone() else {
            let unknown: Vec<String> = read.unknown.into_iter().map(|name| name.text).collect();
            return Ok(if unknown.is_empty() { Answer::NoneFits } else { Answer::Unknown(unknown) });
        };
        let request = ToolSelectionContext::new(CallContext::new(TENANT, "eval"))
            .with_intent(intent.as_str())
            .with_known_params(read.known_params());
        let selection = self.runner.select(&request)?;
        let Some((reading, _)) = read.ranked(&selection).into_iter().next() else { return Ok(Answer::NoneFits) };
        let params = reading.params.as_value().as_object().cloned().unwrap_or_default();
        Ok(Answer::Call { intent, tool: reading.tool.to_string(), params })
    }
}
