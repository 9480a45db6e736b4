//! How do people read the figures?

use std::fmt::Write;

use super::cost::TimeSaved;
use super::document::{Document, Score};

/// How many points below LRU a policy may be.
const SLACK: f64 = 1.5;

/// Returns the figures as an aligned table.
pub(super) fn show(document: &Document) -> String {
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = write(&mut text, document);
    text
}

fn write(out: &mut String, document: &Document) -> std::fmt::Result {
    let wide = document.traces.iter().map(|score| score.name.chars().count()).max().unwrap_or_default().max(5);
    let head = ["capacity", "requests", "ours", "lru", "quick_cache", "moka", "opt"];
    let [capacity, requests, ours, lru, quick_cache, moka, opt] = head;
    writeln!(
        out,
        "{:<wide$}  {capacity:>8}  {requests:>8}  {ours:>6}  {lru:>6}  {quick_cache:>11}  {moka:>6}  {opt:>6}",
        "trace"
    )?;
    for score in &document.traces {
        let Score { name, capacity, requests, ours, lru, quick_cache, moka, opt } = score;
        write!(out, "{name:<wide$}  {capacity:>8}  {requests:>8}  {ours:>6.2}  {lru:>6.2}  {quick_cache:>11.2}")?;
        let behind = lru - ours;
        let remark = if behind > SLACK { format!("  {behind:.2} below lru") } else { String::new() };
        writeln!(out, "  {moka:>6.2}  {opt:>6.2}{remark}")?;
    }
    let TimeSaved { bytes, aware, blind, ratio, lru, greedy_dual } = &document.cost;
    writeln!(
        out,
        "\nload time saved with {bytes} bytes: knowing costs {aware:.2} %, blind {blind:.2} %: {ratio:.3} x"
    )?;
    writeln!(out, "beside: lru {lru:.2} %, GreedyDual-Size-Frequency {greedy_dual:.2} %")
}
