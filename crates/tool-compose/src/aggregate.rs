//! How is a run told as JSON?

use std::time::Duration;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};

use crate::{CompositionRun, StepRun};

impl Serialize for CompositionRun {
    /// Writes `{primary, enriched, execution_trace, metadata, output?, error?}`; results are copied as text, not
    /// parsed.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("primary", &self.primary().map(|output| &output.payload))?;
        map.serialize_entry("enriched", &Enriched(self.steps.get(1..).unwrap_or_default()))?;
        map.serialize_entry("execution_trace", &self.steps.iter().map(entry).collect::<Vec<_>>())?;
        map.serialize_entry("metadata", &metadata(self))?;
        if let Some(output) = &self.output {
            map.serialize_entry("output", output)?;
        }
        if let Some(error) = &self.error {
            map.serialize_entry("error", error)?;
        }
        map.end()
    }
}

/// The results of the later steps, by id; a step without one is not in it.
struct Enriched<'r>(&'r [StepRun]);

impl Serialize for Enriched<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let results = self.0.iter().filter_map(|step| Some((&*step.id, &step.output.as_ref()?.payload)));
        serializer.collect_map(results)
    }
}

/// Returns what the trace says of one step.
fn entry(step: &StepRun) -> Value {
    let report = step.output.as_ref().map(|output| &output.report);
    let mut entry = json!({
        "step": &*step.id, "tool": step.tool, "status": step.status, "elapsed_ms": millis(step.elapsed),
        "origin": report.map(|report| report.origin),
        "age_ms": report.map(|report| millis(report.age)),
    });
    if let Some(from) = &step.fallback_from {
        entry["fallback_from"] = json!(from);
    }
    if let Some(error) = &step.error {
        entry["error"] = json!(error);
    }
    entry
}

fn metadata(run: &CompositionRun) -> Value {
    let failed = run.steps.iter().filter_map(|step| Some((&step.id, step.error.as_ref()?)));
    let errors: Vec<Value> =
        failed.map(|(id, error)| json!({"step": &**id, "kind": error.kind(), "message": error.to_string()})).collect();
    json!({"total_time_ms": millis(run.elapsed), "steps_completed": run.steps_completed(), "errors": errors})
}

/// Milliseconds with three decimals.
fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1000.0
}
