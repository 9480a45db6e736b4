//! How fast is the right tool found?
//!
//! A catalogue of 10,000 tools made of seeded word lists, and requests of four to twelve words about one tool each, no
//! two alike. Reading a request's text is inside the measured time, as is the exact score of each hit.

mod catalogue;

use std::{error::Error, hint::black_box};

use tool_core::{Clock, SystemClock};
use tool_select::{Index, LiveIndex, Search};

use crate::row::Row;
use catalogue::Catalogue;

type Outcome<T> = Result<T, Box<dyn Error>>;

const TOOLS: usize = 10_000;
const TOP: usize = 10;
const QUERIES: usize = 5_000;
const CHANGES: usize = 2_000;
/// What a search may take, in microseconds.
const SEARCH_BOUND: f64 = 50.0;
/// What taking a tool in or out may take, in microseconds.
const CHANGE_BOUND: f64 = 100.0;

/// Measures every case.
///
/// # Errors
///
/// If a search does not find the tool that it is about.
pub(crate) fn run() -> Outcome<Vec<Row>> {
    let catalogue = Catalogue::new(TOOLS);
    let mut index = Index::new();
    for card in &catalogue.cards {
        index.insert(card)?;
    }
    let search = searches(&index, &catalogue)?;
    let (add, remove) = changes(index, &catalogue)?;
    let row = |case, value| Row::new("select", case, "us", value);
    Ok(vec![
        row("text query, 10,000 tools", search).at_most(SEARCH_BOUND),
        row("add a tool at 10,000", add).at_most(CHANGE_BOUND),
        row("remove a tool at 10,000", remove).at_most(CHANGE_BOUND),
    ])
}

/// Returns the median time of a search, in microseconds.
fn searches(index: &Index, catalogue: &Catalogue) -> Outcome<f64> {
    let clock = SystemClock::new();
    let (mut times, mut found) = (Vec::with_capacity(QUERIES), 0);
    for number in 0..QUERIES {
        let (text, about) = catalogue.request(number);
        let started = clock.now();
        let hits = black_box(index.search(&Search::new(black_box(&text)).top(TOP))).hits;
        times.push((clock.now() - started).as_secs_f64() * 1e6);
        found += usize::from(hits.iter().any(|hit| hit.id() == about));
    }
    // A search that finds nothing is quick.
    if found < QUERIES * 9 / 10 {
        return Err(format!("only {found} of {QUERIES} requests found the tool that they are about").into());
    }
    Ok(median(times))
}

/// Returns the median times of taking a tool in and out, in microseconds.
fn changes(index: Index, catalogue: &Catalogue) -> Outcome<(f64, f64)> {
    let (clock, live) = (SystemClock::new(), LiveIndex::new(index));
    let (mut add, mut remove) = (Vec::with_capacity(CHANGES), Vec::with_capacity(CHANGES));
    for number in 0..CHANGES {
        let card = &catalogue.cards[number * 7 % TOOLS];
        let started = clock.now();
        let there = live.remove(black_box(card.name()));
        remove.push((clock.now() - started).as_secs_f64() * 1e6);
        let started = clock.now();
        live.insert(black_box(card))?;
        add.push((clock.now() - started).as_secs_f64() * 1e6);
        if !there || live.current().len() != TOOLS {
            return Err("a tool did not come or go".into());
        }
    }
    Ok((median(add), median(remove)))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
