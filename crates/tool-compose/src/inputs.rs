//! What can a step see?

use serde_json::Value;
use tool_core::{ErrorKind, Execution, ToolError};

use crate::{
    StepRun,
    path::{self, Gaps},
    reference::{Missing, Reference, Root},
};

/// What is known when a step's parameters are made: the run's parameters and every earlier result.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'r> {
    pub(crate) params: &'r Value,
    pub(crate) done: &'r [StepRun],
}

impl<'r> Inputs<'r> {
    /// Returns a parameter of the run, defaults filled in.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&'r Value> {
        self.params.get(name)
    }

    /// Returns the result of an earlier step, parsed once; none if it was skipped.
    #[must_use]
    pub fn output(&self, step: &str) -> Option<&'r Value> {
        self.step(step)?.output.as_ref().map(|output| output.payload.value())
    }

    /// Returns what became of an earlier step.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&'r StepRun> {
        self.done.iter().find(|step| &*step.id == id)
    }

    /// Finds what a reference stands for; `None` where it is to be left out.
    pub(crate) fn find(&self, reference: &Reference) -> Result<Option<Value>, ToolError> {
        let gaps = if reference.missing == Missing::Fail { Gaps::Fail } else { Gaps::LeaveOut };
        let found = match (self.root(&reference.root), gaps) {
            (Some(value), _) => path::find(value, &reference.path, gaps).map_err(|miss| {
                let message = format!("`${{{}{}}}` {miss}", reference.root, miss.place);
                not_made(kind_of(&reference.root), message)
            })?,
            (None, Gaps::LeaveOut) => None,
            (None, Gaps::Fail) => return Err(self.nothing_there(reference)),
        };
        Ok(match (&reference.missing, found) {
            (Missing::Default(default), None) => Some(default.clone()),
            (_, found) => found,
        })
    }

    fn root(&self, root: &Root) -> Option<&'r Value> {
        match root {
            Root::Param(name) => self.param(name),
            Root::Step(id) => self.output(id),
        }
    }

    fn nothing_there(&self, reference: &Reference) -> ToolError {
        match &reference.root {
            Root::Param(name) => {
                not_made(ErrorKind::InvalidParams, format!("`${{{reference}}}` is missing: `{name}` was not given"))
            }
            Root::Step(id) => {
                let state = self.step(id).map_or("has not run", |step| step.status.was());
                not_made(ErrorKind::Unavailable, format!("`${{{reference}}}` is missing: step `{id}` {state}"))
            }
        }
    }
}

/// A miss in a parameter is the caller's fault, one in a result the tool's.
fn kind_of(root: &Root) -> ErrorKind {
    match root {
        Root::Param(_) => ErrorKind::InvalidParams,
        Root::Step(_) => ErrorKind::InvalidOutput,
    }
}

fn not_made(kind: ErrorKind, message: String) -> ToolError {
    ToolError::new(kind, message).with_execution(Execution::NotExecuted)
}
