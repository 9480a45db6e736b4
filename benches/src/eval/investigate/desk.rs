//! How is one question put to the real `investigate`? Nothing here knows a right answer.

use std::sync::Arc;

use ops_tools::{Estate, EstateData, Investigation, SqliteEstate, compositions, format_instant, tools};
use runner::Runner;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tool_core::{CallContext, Params};

use crate::error::Result;

/// What an alert asks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    /// The code of the item in trouble.
    pub(super) ci: String,
    /// The metric in trouble, if the alert says.
    pub(super) metric: Option<String>,
    /// The moment to look at, in Unix seconds.
    pub(super) at: i64,
    /// The half-open period to take for normal, in Unix seconds; the estate's own if missing.
    pub(super) normal: Option<(i64, i64)>,
}

impl Question {
    fn params(&self) -> Result<Params> {
        let mut params = json!({"ci": self.ci, "at": format_instant(self.at)});
        if let Some(metric) = &self.metric {
            params["metric"] = json!(metric);
        }
        if let Some((from, to)) = self.normal {
            params["normal"] = json!({"from": format_instant(from), "to": format_instant(to)});
        }
        Ok(Params::try_from(params)?)
    }
}

/// An estate and a whole runner over it, as the command line has them, with every setting at its default.
pub(super) struct Desk {
    runner: Runner,
    estate: Arc<dyn Estate>,
    tenant: String,
    runtime: Runtime,
}

impl Desk {
    /// Stores the estate in memory and puts a runner over it.
    ///
    /// # Errors
    ///
    /// If the data contradicts itself, or the runner cannot be built.
    pub(super) fn open(data: &EstateData) -> Result<Self> {
        let estate: Arc<dyn Estate> = Arc::new(SqliteEstate::in_memory(std::slice::from_ref(data))?);
        let builder = Runner::builder().tools(tools(&estate));
        let builder = compositions().into_iter().fold(builder, |builder, definition| builder.composition(definition));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        Ok(Self { runner: builder.build()?, estate, tenant: data.tenant.clone(), runtime })
    }

    /// Runs the composition `investigate`.
    ///
    /// # Errors
    ///
    /// Whatever the run fails with.
    pub(super) fn investigate(&self, question: &Question) -> Result<Investigation> {
        let run = self.runner.run("investigate", question.params()?, self.context());
        Ok(Investigation::from_run(&self.runtime.block_on(run)?)?)
    }

    /// Calls one tool.
    ///
    /// # Errors
    ///
    /// Whatever the call fails with.
    pub(super) fn call(&self, tool: &str, params: Value) -> Result<Value> {
        let call = self.runner.call(tool, Params::try_from(params)?, self.context());
        Ok(self.runtime.block_on(call)?.payload.value().clone())
    }

    /// Returns where the estate's data ends, in Unix seconds.
    ///
    /// # Errors
    ///
    /// If the estate cannot be read.
    pub(super) fn now(&self) -> Result<i64> {
        Ok(self.runtime.block_on(self.estate.summary(&self.tenant))?.now())
    }

    fn context(&self) -> CallContext {
        CallContext::new(self.tenant.as_str(), "eval")
    }
}

/// Returns the codes of the suspects, best first.
pub(super) fn suspects(answer: &Investigation) -> Vec<String> {
    answer.suspects.iter().map(|suspect| suspect.ci.clone()).collect()
}

/// Returns the codes of the suspects with the subject at the place that the answer gives it.
pub(super) fn suspects_and_subject(answer: &Investigation) -> Vec<String> {
    let mut codes = suspects(answer);
    let place = answer.subject.rank.saturating_sub(1).min(codes.len());
    codes.insert(place, answer.subject.ci.clone());
    codes
}

/// Returns whether the answer raises an alarm.
pub(super) fn is_alarm(answer: &Investigation) -> bool {
    answer.verdict == "suspect_found"
}
