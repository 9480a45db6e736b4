//! How is told what was found?

use std::time::Duration;

use serde_json::{Value, json};

use crate::{args::Format, stand::Soaked};

pub(crate) fn print(soaked: &Soaked, took: Duration, format: Format) -> String {
    match format {
        Format::Json => json(soaked, took).to_string(),
        Format::Text => text(soaked, took),
    }
}

/// Returns by how many percent memory grew from the first reading to the last.
fn growth(soaked: &Soaked) -> Option<f64> {
    let (first, last) = (soaked.readings.first()?.resident?, soaked.readings.last()?.resident?);
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let growth = (last as f64 / first as f64 - 1.0) * 100.0;
    Some(growth)
}

fn json(soaked: &Soaked, took: Duration) -> Value {
    let readings = soaked
        .readings
        .iter()
        .map(|reading| json!({"calls": reading.calls, "resident_bytes": reading.resident, "tasks": reading.tasks}));
    let fired: serde_json::Map<String, Value> =
        soaked.fired.iter().map(|(name, fired)| ((*name).to_owned(), json!(fired))).collect();
    json!({
        "calls": soaked.calls,
        "runs": soaked.runs,
        "memory": readings.collect::<Vec<_>>(),
        "growth_percent": growth(soaked),
        "outcomes": soaked.outcomes,
        "fired": fired,
        "tasks_left": soaked.tasks_left,
        "failures": soaked.failures,
        "elapsed_ms": took.as_secs_f64() * 1000.0,
    })
}

fn text(soaked: &Soaked, took: Duration) -> String {
    let mut lines = vec!["      calls  resident KiB  tasks".to_owned()];
    for reading in &soaked.readings {
        let resident = reading.resident.map_or("?".to_owned(), |bytes| (bytes / 1024).to_string());
        lines.push(format!("{:>11}  {resident:>12}  {:>5}", reading.calls, reading.tasks));
    }
    let list = |pairs: &mut dyn Iterator<Item = (&'static str, u64)>| {
        pairs.map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
    };
    lines.push(format!("outcomes: {}", list(&mut soaked.outcomes.iter().map(|(name, count)| (*name, *count)))));
    lines.push(format!("faults: {}", list(&mut soaked.fired.iter().copied())));
    lines.extend(soaked.failures.iter().map(|failure| format!("FAILED {failure}")));
    let growth = growth(soaked).map_or("unknown".to_owned(), |growth| format!("{growth:+.1} %"));
    lines.push(format!(
        "soak: {} calls, {} runs of tools in {:.1} s; memory from a tenth to the end {growth}; {} tasks left, {} failures",
        soaked.calls,
        soaked.runs,
        took.as_secs_f64(),
        soaked.tasks_left,
        soaked.failures.len()
    ));
    lines.join("\n")
}
