//! How is told what was found?

use std::time::Duration;

use serde_json::{Value, json};

use crate::{campaign::Findings, fault::Fault, planted::Caught};

/// From how many seeds on every fault must have happened.
const ENOUGH: u64 = 100;
/// How often in a thousand seeds each fault happens at least.
const LEAST: u64 = 100;

/// Returns the faults that happened too seldom to have shown anything.
pub(crate) fn silent(found: &Findings) -> Vec<Fault> {
    let least = if found.seeds >= 1000 { LEAST * found.seeds / 1000 } else { u64::from(found.seeds >= ENOUGH) };
    Fault::ALL.iter().copied().filter(|fault| found.fired.of(*fault) < least).collect()
}

/// Returns the findings as one document.
pub(crate) fn json(found: &Findings, planted: &[Caught], took: Duration) -> Value {
    let fired: serde_json::Map<String, Value> =
        Fault::ALL.iter().map(|fault| (fault.as_str().to_owned(), json!(found.fired.of(*fault)))).collect();
    let failures = found.failures.iter().map(|failure| {
        json!({"seed": failure.seed, "invariant": failure.invariant, "what": failure.what, "story": failure.story})
    });
    let planted = planted.iter().map(|caught| {
        json!({"bug": caught.bug, "caught": caught.seed.is_some(), "seed": caught.seed, "invariant": caught.invariant})
    });
    json!({
        "seeds": found.seeds,
        "calls": found.calls,
        "fired": fired,
        "silent": silent(found).into_iter().map(Fault::as_str).collect::<Vec<_>>(),
        "failures": failures.collect::<Vec<_>>(),
        "planted": planted.collect::<Vec<_>>(),
        "overrun_ms": {"p99_9": millis(quantile(found, 0.999)), "max": millis(quantile(found, 1.0)), "deadlines": found.overruns.len()},
        "seeds_per_minute": per_minute(found.seeds, took),
        "elapsed_ms": millis(took),
    })
}

/// Returns the findings for people.
pub(crate) fn text(found: &Findings, planted: &[Caught], took: Duration) -> String {
    let mut lines: Vec<String> = Vec::new();
    for failure in found.failures.iter().take(5) {
        lines.push(format!("seed {} breaks `{}`: {}", failure.seed, failure.invariant, failure.what));
        lines.push(failure.story.clone());
        lines.push(format!("again: cargo xtask sim --seed {} --seeds 1\n", failure.seed));
    }
    lines.push("how often each fault happened:".to_owned());
    lines.extend(Fault::ALL.iter().map(|fault| format!("  {:<34}{:>10}", fault.as_str(), found.fired.of(*fault))));
    lines.extend(silent(found).iter().map(|fault| format!("too seldom to show anything: {}", fault.as_str())));
    lines.extend(planted.iter().map(|caught| match (caught.seed, caught.invariant) {
        (Some(seed), Some(invariant)) => format!("  caught {:<30} seed {seed:>4}, {invariant}", caught.bug),
        _ => format!("  MISSED {}", caught.bug),
    }));
    lines.push(format!(
        "simulation: {} seeds, {} calls, {} seeds failed; deadlines missed by {:?} at p99.9, {:?} at most ({}); {} seeds a minute",
        found.seeds,
        found.calls,
        found.failures.len(),
        quantile(found, 0.999),
        quantile(found, 1.0),
        found.overruns.len(),
        per_minute(found.seeds, took)
    ));
    lines.join("\n")
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a rank")]
fn quantile(found: &Findings, share: f64) -> Duration {
    let mut sorted = found.overruns.clone();
    sorted.sort_unstable();
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn per_minute(seeds: u64, took: Duration) -> u64 {
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    seeds.saturating_mul(60_000) / millis
}
