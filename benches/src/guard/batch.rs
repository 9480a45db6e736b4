//! What does one call of a batch take?

use std::{hint::black_box, ops::Range};

use benches::upstream::Upstream;
use tokio::runtime::{Builder, Runtime};
use tool_core::{Clock, SystemClock, ToolCall, ToolError, ToolExecutor, ToolOutput};
use tower::{Service, ServiceExt};

use crate::Outcome;
use crate::turns::BATCH;

/// Measures batches of calls, each made afresh outside of the measured time; all of them are to go well.
pub(super) struct Bench {
    upstream: Upstream,
    runtime: Runtime,
}

impl Bench {
    pub(super) fn new(upstream: Upstream) -> Outcome<Self> {
        Ok(Self { upstream, runtime: Builder::new_current_thread().enable_all().build()? })
    }

    /// Returns the questions of a round: what every side is asked, with parameters of its own.
    pub(super) fn questions(round: usize) -> Outcome<Range<usize>> {
        let first = round * BATCH;
        Ok(first..first + BATCH)
    }

    /// Returns the time of one call through an executor, in nanoseconds; not a number if one fails.
    pub(super) fn through(&self, executor: &impl ToolExecutor, questions: &Range<usize>) -> f64 {
        self.measured(questions, async |calls| {
            for call in calls {
                black_box(executor.execute(black_box(call)).await)?;
            }
            Ok(())
        })
    }

    /// Returns the time of one call of a service, in nanoseconds; not a number if one fails.
    pub(super) fn of<S>(&self, service: &mut S, questions: &Range<usize>) -> f64
    where
        S: Service<ToolCall, Response = ToolOutput>,
        S::Error: Into<tower::BoxError>,
    {
        self.measured(questions, async |calls| {
            for call in calls {
                let ready = service.ready().await.map_err(Into::into)?;
                black_box(ready.call(black_box(call)).await).map_err(Into::into)?;
            }
            Ok(())
        })
    }

    fn measured(
        &self,
        questions: &Range<usize>,
        run: impl AsyncFnOnce(Vec<ToolCall>) -> Result<(), tower::BoxError>,
    ) -> f64 {
        let calls: Result<Vec<ToolCall>, ToolError> =
            questions.clone().map(|number| self.upstream.call(number)).collect();
        let Ok(calls) = calls else { return f64::NAN };
        self.runtime.block_on(async {
            let clock = SystemClock::new();
            let started = clock.now();
            let done = run(calls).await;
            let took = clock.now() - started;
            done.map_or(f64::NAN, |()| took.as_secs_f64() * 1e9 / BATCH as f64)
        })
    }
}

/// Refuses figures of calls of which one failed.
pub(super) fn all_well<const N: usize>(figures: [f64; N]) -> Outcome<[f64; N]> {
    match figures.iter().any(|figure| figure.is_nan()) {
        true => Err("a call of a healthy tool failed".into()),
        false => Ok(figures),
    }
}
