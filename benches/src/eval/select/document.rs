//! What does an evaluation say?

use serde::Serialize;

use super::{learn::Stream, metrics::Quality};

/// The figures of all sets, in percent.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    pub(super) sets: Vec<Judged>,
    /// Over the sets that have a catalogue, each counting once.
    pub(super) mean: Ranking,
    /// The sets replayed as streams, if that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) learned: Vec<Stream>,
}

/// The figures of one set, in percent.
#[derive(Debug, Serialize)]
pub(super) struct Judged {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tools: Option<usize>,
    pub(super) queries: usize,
    #[serde(flatten)]
    pub(super) ranking: Option<Ranking>,
    /// How often nothing was offered.
    pub(super) abstained: f64,
}

/// How good a ranking is, in percent.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(super) struct Ranking {
    pub(super) top1: f64,
    pub(super) recall5: f64,
    pub(super) recall10: f64,
    pub(super) ndcg10: f64,
    pub(super) plain_bm25_ndcg10: f64,
}

impl Judged {
    pub(super) fn of_catalogue(
        name: &str,
        counts: (usize, usize),
        ours: Quality,
        plain: Quality,
        abstained: f64,
    ) -> Self {
        let ranking = Ranking {
            top1: percent(ours.top1),
            recall5: percent(ours.recall5),
            recall10: percent(ours.recall10),
            ndcg10: percent(ours.ndcg10),
            plain_bm25_ndcg10: percent(plain.ndcg10),
        };
        let (tools, queries) = counts;
        Self {
            name: name.to_owned(),
            tools: Some(tools),
            queries,
            ranking: Some(ranking),
            abstained: percent(abstained),
        }
    }

    pub(super) fn of_candidates(name: &str, queries: usize, abstained: f64) -> Self {
        Self { name: name.to_owned(), tools: None, queries, ranking: None, abstained: percent(abstained) }
    }
}

impl Document {
    pub(super) fn new(sets: Vec<Judged>) -> Self {
        let rankings: Vec<Ranking> = sets.iter().filter_map(|set| set.ranking).collect();
        let mean = |of: fn(&Ranking) -> f64| {
            percent(rankings.iter().map(of).sum::<f64>() / rankings.len().max(1) as f64 / 100.0)
        };
        let mean = Ranking {
            top1: mean(|one| one.top1),
            recall5: mean(|one| one.recall5),
            recall10: mean(|one| one.recall10),
            ndcg10: mean(|one| one.ndcg10),
            plain_bm25_ndcg10: mean(|one| one.plain_bm25_ndcg10),
        };
        Self { sets, mean, learned: Vec::new() }
    }
}

/// Returns a share in percent, to two digits.
fn percent(share: f64) -> f64 {
    (share * 10_000.0).round() / 100.0
}
