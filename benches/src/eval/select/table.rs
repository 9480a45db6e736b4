//! How do the figures look to a person?

use std::fmt::Write;

use super::{
    document::{Document, Ranking},
    learn::Stream,
};

/// Returns an aligned table; all figures but counts are in percent.
pub(super) fn show(document: &Document) -> String {
    let mut out = format!(
        "{:<18} {:>6} {:>7} {:>7} {:>9} {:>10} {:>8} {:>11} {:>10}\n",
        "set", "tools", "queries", "top-1", "recall@5", "recall@10", "nDCG@10", "plain BM25", "abstained"
    );
    for set in &document.sets {
        let tools = set.tools.map(|tools| tools.to_string()).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = write!(out, "{:<18} {tools:>6} {:>7}", set.name, set.queries);
        out.push_str(&set.ranking.map_or_else(|| " ".repeat(50), |ranking| figures(&ranking)));
        let _ = writeln!(out, " {:>10.2}", set.abstained);
    }
    let _ = writeln!(out, "{:<33}{}", "mean", figures(&document.mean));
    if !document.learned.is_empty() {
        let _ = writeln!(
            out,
            "\n{:<18} {:>12} {:>9} {:>12} {:>12}   first of a stream right, mean of 10 orders",
            "set", "static", "learning", "10 % noise", "30 % noise"
        );
    }
    for Stream { name, static_top1, top1, noise10_top1, noise30_top1, .. } in &document.learned {
        let _ = writeln!(out, "{name:<18} {static_top1:>12.2} {top1:>9.2} {noise10_top1:>12.2} {noise30_top1:>12.2}");
    }
    out
}

fn figures(ranking: &Ranking) -> String {
    let Ranking { top1, recall5, recall10, ndcg10, plain_bm25_ndcg10: plain } = ranking;
    format!(" {top1:>7.2} {recall5:>9.2} {recall10:>10.2} {ndcg10:>8.2} {plain:>11.2}")
}
