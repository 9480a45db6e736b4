//! How good is one set's ranking?

use tool_select::{Fit, Hit, Index, Search};

use super::data::{CandidateQuery, Query, Questions, Set, Tool};
use super::document::Judged;
use super::learn::{self, Stream};
use super::metrics::{DEPTH, Quality};
use super::plain::Plain;
use crate::cli::Half;
use crate::error::Result;

/// Judges a set.
///
/// # Errors
///
/// If a tool has no name.
pub(super) fn judge(set: &Set, half: Half) -> Result<Judged> {
    match &set.questions {
        Questions::OfCatalogue { tools, queries } => {
            let queries: Vec<&Query> = queries.iter().filter(|query| half.has(&query.query)).collect();
            of_catalogue(&set.name, tools, &queries)
        }
        Questions::OfCandidates(queries) => {
            let queries: Vec<&CandidateQuery> = queries.iter().filter(|query| half.has(&query.query)).collect();
            of_candidates(&set.name, &queries)
        }
    }
}

/// Replays a set that has a catalogue as a stream.
///
/// # Errors
///
/// If a tool has no name.
pub(super) fn stream(set: &Set, half: Half) -> Result<Option<Stream>> {
    let Questions::OfCatalogue { tools, queries } = &set.questions else { return Ok(None) };
    let queries: Vec<&Query> = queries.iter().filter(|query| half.has(&query.query)).collect();
    learn::stream(&set.name, tools, &queries, &index(tools)?).map(Some)
}

fn index<'t>(tools: impl IntoIterator<Item = &'t Tool>) -> Result<Index> {
    let mut index = Index::new();
    for tool in tools {
        index.insert(&tool.card())?;
    }
    Ok(index)
}

fn of_catalogue(name: &str, tools: &[Tool], queries: &[&Query]) -> Result<Judged> {
    let index = index(tools)?;
    let plain = Plain::new(tools.iter().map(|tool| (tool.id(), tool.text())));
    let (mut ours, mut theirs, mut abstained) = (Vec::new(), Vec::new(), 0_usize);
    for Query { query, gold } in queries {
        let found = index.search(&Search::new(query).top(DEPTH));
        let ranked: Vec<&str> = found.hits.iter().map(Hit::id).collect();
        ours.push(Quality::of(&ranked, gold));
        theirs.push(Quality::of(&plain.search(query), gold));
        abstained += usize::from(found.fit == Fit::NoneFits);
    }
    let counts = (tools.len(), queries.len());
    Ok(Judged::of_catalogue(
        name,
        counts,
        Quality::mean(&ours),
        Quality::mean(&theirs),
        share(abstained, queries.len()),
    ))
}

/// Counts, of the requests that none of their tools answers, those where nothing is offered.
fn of_candidates(name: &str, queries: &[&CandidateQuery]) -> Result<Judged> {
    let (mut abstained, mut unanswerable) = (0, 0);
    for query in queries.iter().filter(|query| !query.answerable) {
        let found = index(&query.candidates)?.search(&Search::new(&query.query).top(1));
        abstained += usize::from(found.fit == Fit::NoneFits);
        unanswerable += 1;
    }
    Ok(Judged::of_candidates(name, unanswerable, share(abstained, unanswerable)))
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
