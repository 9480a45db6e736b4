//! Who is the probable cause of trouble at an item, and what proves it?

mod alert;
mod answer;
mod assemble;
mod headline;

pub use alert::AlertSubject;
pub use answer::{
    AffectedLine, CallCounts, ChangeLine, EvidenceLine, Investigation, MissingLine, Observation, SubjectLine,
    SuspectLine, TimelineLine,
};
use tool_compose::CompositionRun;
use tool_core::ToolError;

impl Investigation {
    /// Makes the answer of a run of the composition `investigate`.
    ///
    /// # Errors
    ///
    /// The run's own error if it did not come to its end, and
    /// [`ErrorKind::InvalidOutput`](tool_core::ErrorKind::InvalidOutput) if a step returned something else than its tool
    /// promises.
    pub fn from_run(run: &CompositionRun) -> Result<Self, ToolError> {
        assemble::assemble(run)
    }
}
