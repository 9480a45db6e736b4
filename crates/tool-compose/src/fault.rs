//! What is wrong with a definition?

use std::fmt;

use serde::Serialize;

/// What kind of fault it is; callers branch on this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultKind {
    /// A composition, step, parameter or tool has a name that cannot be one.
    BadName,
    /// A parameter is declared in a way that contradicts itself.
    BadParam,
    /// A reference cannot be read, or stands where none can.
    BadReference,
    /// A number or a size is outside its bounds.
    OutOfBounds,
    /// There are no steps.
    NoSteps,
    /// Two steps have one id.
    DuplicateStep,
    /// A reference names a step that does not exist.
    UnknownStep,
    /// A reference names the step itself or one that runs later.
    LaterStep,
    /// A reference names a parameter that is not declared.
    UnknownParam,
    /// A declared parameter is used nowhere.
    UnusedParam,
    /// A reference without a default reads what may not be there: an optional parameter, or a step that may be skipped.
    MayBeMissing,
    /// No tool has this name.
    UnknownTool,
    /// The composition calls itself.
    Recursion,
}

/// One fault of a definition: where, which and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Fault {
    /// Which kind of fault it is.
    pub kind: FaultKind,
    /// Where, as in `steps.metric.params.ci_ids`.
    pub place: String,
    /// What is wrong there, as a fragment for people.
    pub reason: String,
}

impl Fault {
    pub(crate) fn new(kind: FaultKind, place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { kind, place: place.into(), reason: reason.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

/// Says everything that is wrong with a definition, in one go; nothing has run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("composition `{composition}` cannot run: {}", list(faults))]
pub struct DefinitionError {
    composition: String,
    faults: Vec<Fault>,
}

impl DefinitionError {
    pub(crate) fn new(composition: &str, faults: Vec<Fault>) -> Self {
        Self { composition: composition.to_owned(), faults }
    }

    /// Returns the name of the composition, as it was written.
    #[must_use]
    pub fn composition(&self) -> &str {
        &self.composition
    }

    /// Returns every fault, in the order of the definition; never empty.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

fn list(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
