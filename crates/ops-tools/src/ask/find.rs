//! What does a question name? Every finder looks at the words that are still free, the surest first.

use serde_json::{Value, json};

use super::conditions;
use super::cues::{self, Cue};
use super::facts::{Condition, Facts, First, Number};
use super::metrics;
use super::moment::unit;
use super::names::{Named, Part};
use super::numbers::positive;
use super::sheet::Sheet;
use super::stop::is_stop;
use super::time;
use super::vocabulary::Vocabulary;
use crate::estate::NodeId;

/// Reads all that a question names.
pub(super) fn facts(sheet: &mut Sheet<'_>, known: &Vocabulary) -> Facts {
    let mut facts = Facts::default();
    whole_names(sheet, known, &mut facts);
    codes(sheet, known, &mut facts);
    keywords(sheet, &mut facts);
    facts.when = time::find(sheet, known.now);
    conditions::properties(sheet, known, &mut facts);
    depth(sheet, &mut facts);
    limit(sheet, known, &mut facts);
    conditions::severity(sheet, &mut facts);
    conditions::event_types(sheet, &known.event_types, &mut facts);
    number(sheet, &mut facts);
    conditions::grouping(sheet, &mut facts);
    metric_names(sheet, known, &mut facts);
    hints(sheet, &mut facts);
    some_names(sheet, known, &mut facts);
    conditions::kinds(sheet, known, &mut facts);
    slips(sheet, known, &mut facts);
    facts
}

fn take_item(
    sheet: &mut Sheet<'_>,
    range: std::ops::Range<usize>,
    node: NodeId,
    known: &Vocabulary,
    facts: &mut Facts,
) {
    let at = range.start;
    sheet.take(range, "item", json!(known.graph.node(node).code));
    if facts.items.iter().all(|(earlier, _)| *earlier != node) {
        facts.items.push((node, at));
    }
}

/// Ticks off ids and codes of items, and ids of rules.
fn codes(sheet: &mut Sheet<'_>, known: &Vocabulary, facts: &mut Facts) {
    for at in 0..sheet.len() {
        if !sheet.is_free(at) {
            continue;
        }
        let word = sheet.word(at).to_owned();
        if let Some(rule) = known.rules.iter().find(|rule| rule.to_lowercase() == word) {
            sheet.take(at..at + 1, "rule", json!(rule));
            facts.rule = Some(rule.clone());
        } else if let Some(node) = known.names.code(&word).filter(|_| !is_stop(&word)) {
            take_item(sheet, at..at + 1, node, known, facts);
        }
    }
}

/// Ticks off words that are to be searched for: `search for X`, `find X`, `containing X`, `with X in its name`.
fn keywords(sheet: &mut Sheet<'_>, facts: &mut Facts) {
    const BEFORE: [&str; 10] = [
        "search for",
        "search",
        "containing",
        "name contains",
        "names contain",
        "code contains",
        "whose name contains",
        "name containing",
        "matching",
        "called",
    ];
    for at in 0..sheet.len() {
        let end = sheet.any(at, &BEFORE).or_else(|| sheet.phrase(at, "find").filter(|end| *end + 1 == sheet.len()));
        let Some(end) = end.filter(|end| sheet.is_free(*end) && !is_stop(sheet.word(*end))) else { continue };
        // A search that goes on is one by properties: `search for databases in zone-1`.
        let alone = end + 1 == sheet.len() || is_stop(sheet.word(end + 1));
        if alone && !is_metric_question(sheet) {
            take_keyword(sheet, end, facts);
            sheet.tick(at..end);
        }
    }
    for at in 0..sheet.len() {
        let lead = sheet.any(at, &["with", "have", "having", "contain"]);
        let end = lead.and_then(|word| {
            sheet.any(
                word + 1,
                &[
                    "in its name",
                    "in the name",
                    "in their name",
                    "in name",
                    "in their names",
                    "in its code",
                    "in the code",
                ],
            )
        });
        if let (Some(word), Some(end)) = (lead, end)
            && sheet.is_free(word)
        {
            take_keyword(sheet, word, facts);
            sheet.tick(word + 1..end);
        }
    }
}

fn is_metric_question(sheet: &Sheet<'_>) -> bool {
    (0..sheet.len()).any(|at| matches!(sheet.word(at), "metric" | "metrics"))
}

fn take_keyword(sheet: &mut Sheet<'_>, at: usize, facts: &mut Facts) {
    let word = sheet.word(at).to_owned();
    sheet.take(at..at + 1, "keyword", json!(word));
    facts.keywords.push(word);
}

/// Ticks off how far to go: `2 hops`, `depth 3`, `direct`.
fn depth(sheet: &mut Sheet<'_>, facts: &mut Facts) {
    const UNITS: [&str; 8] = ["hop", "hops", "level", "levels", "step", "steps", "layers", "layer"];
    for at in 0..sheet.len() {
        let word = sheet.word(at);
        let (depth, end) = if let (Some(depth), true) = (positive(word), UNITS.contains(&sheet.word(at + 1))) {
            (depth, at + 2 + usize::from(sheet.word(at + 2) == "deep"))
        } else if let (true, Some(depth)) = (matches!(word, "depth" | "level"), positive(sheet.word(at + 1))) {
            (depth, at + 2)
        } else if matches!(word, "direct" | "directly" | "immediate" | "immediately") {
            (1, at + 1)
        } else {
            continue;
        };
        if sheet.are_free(at..end) {
            sheet.take(at..end, "depth", json!(depth));
            facts.depth = Some(u64::from(depth));
        }
    }
}

const LISTED: [&str; 22] = [
    "event",
    "item",
    "change",
    "value",
    "alarm",
    "alert",
    "entry",
    "row",
    "result",
    "record",
    "deployment",
    "reading",
    "sample",
    "incident",
    "work",
    "ci",
    "team",
    "owner",
    "location",
    "hit",
    "log",
    "point",
];

/// Ticks off how many are wanted and which come first: `top 5`, `last 10 events`, `the oldest 5`, `latest alert`.
fn limit(sheet: &mut Sheet<'_>, known: &Vocabulary, facts: &mut Facts) {
    for at in 0..sheet.len() {
        let (first, said) = match sheet.word(at) {
            "last" | "latest" | "newest" | "recent" => (Some(First::Newest), true),
            "oldest" | "earliest" => (Some(First::Oldest), true),
            "top" | "first" | "limit" => (None, true),
            _ => (None, false),
        };
        let most = sheet.any(at, &["at most", "up to", "no more than", "most recent"]);
        let place = most.unwrap_or(at + usize::from(said));
        let leads = said || most.is_some();
        let count = positive(sheet.word(place)).filter(|_| leads || is_listed(sheet, place + 1, known));
        let one = || (first.is_some() && is_one(sheet, at + 1)).then_some(1);
        let (count, end) = match (count, one()) {
            (Some(count), _) if unit(sheet.word(place + 1)).is_none() => (count, place + 1),
            (None, Some(count)) => (count, at + 1),
            _ if first == Some(First::Oldest) => {
                facts.first = first;
                sheet.tick(at..at + 1);
                continue;
            }
            _ => continue,
        };
        if sheet.are_free(at..end) {
            sheet.take(at..end, "limit", json!(count));
            facts.limit = Some(u64::from(count));
            facts.first = first.or(facts.first);
        }
    }
}

/// Returns whether `at` is what a number may count; a word may stand between, as in `50 latency values`.
fn is_listed(sheet: &Sheet<'_>, at: usize, known: &Vocabulary) -> bool {
    let listed =
        |at: usize| sheet.words.get(at).is_some_and(|word| LISTED.contains(&word.stem.as_str()) && word.is_plural());
    let plural = sheet.words.get(at).is_some_and(|word| word.is_plural() && unit(&word.text).is_none());
    let kind = at + 1 == sheet.len() || known.kinds.at(sheet, at).is_some();
    (plural && kind) || listed(at) || listed(at + 1)
}

/// Returns whether `at` is one thing of a list, as in `latest alert`.
fn is_one(sheet: &Sheet<'_>, at: usize) -> bool {
    sheet.words.get(at).is_some_and(|word| LISTED.contains(&word.text.as_str()))
}

/// Ticks off how values become one number.
fn number(sheet: &mut Sheet<'_>, facts: &mut Facts) {
    #[rustfmt::skip]
    const WORDS: [(Number, &[&str]); 6] = [
        (Number::P95, &["p95", "95th percentile", "95th percentile of", "p95 of", "95 percentile"]),
        (Number::Count, &["number of samples", "number of values", "number of data points", "number of points", "number of readings", "how many samples", "how many values", "how many data points"]),
        (Number::Avg, &["avg", "average", "mean", "averaged", "on average", "avarage"]),
        (Number::Max, &["max", "maximum", "maximal", "peak", "highest", "how high", "peaked", "greatest", "maximum of", "max of"]),
        (Number::Min, &["min", "minimum", "minimal", "lowest", "how low", "smallest"]),
        (Number::Sum, &["sum", "sum of", "total", "total number of", "in total", "altogether", "overall"]),
    ];
    for at in 0..sheet.len() {
        let found = WORDS.iter().filter_map(|(number, phrases)| Some((*number, sheet.any(at, phrases)?)));
        // "number of latency samples": a metric stands between.
        let split = sheet.any(at, &["number of", "how many", "count of"]).filter(|end| {
            sheet.words.get(end + 1).is_some_and(|word| matches!(word.stem.as_str(), "sample" | "value" | "reading"))
        });
        let split = split.map(|end| (Number::Count, end));
        let slip = || {
            let word = sheet.word(at);
            let near = |phrases: &[&str]| phrases.iter().any(|phrase| super::spelling::is_slip(word, phrase));
            sheet
                .is_free(at)
                .then(|| WORDS.iter().find(|(_, phrases)| near(phrases)))
                .flatten()
                .map(|(number, _)| (*number, at + 1))
        };
        if let Some((number, end)) = split.or_else(|| found.max_by_key(|(_, end)| *end)).or_else(slip) {
            sheet.take(at..end, "aggregate", json!(number.name()));
            facts.number = Some(number);
        }
    }
}

fn metric_names(sheet: &mut Sheet<'_>, known: &Vocabulary, facts: &mut Facts) {
    for at in 0..sheet.len() {
        if let Some((name, end)) = metrics::at(sheet, at, &known.metrics) {
            take_metric(sheet, at..end, name, facts);
        } else if matches!(sheet.word(at), "named" | "called") && sheet.is_free(at + 1) && is_metric_question(sheet) {
            let name = sheet.word(at + 1).to_owned();
            if metrics::at(sheet, at + 1, &known.metrics).is_none() {
                sheet.take(at + 1..at + 2, "metric", json!(name));
                facts.odd_metric = Some(name);
            }
            sheet.tick(at..at + 1);
        }
    }
}

fn take_metric(sheet: &mut Sheet<'_>, range: std::ops::Range<usize>, name: &str, facts: &mut Facts) {
    sheet.take(range, "metric", json!(name));
    if !facts.metrics.iter().any(|earlier| earlier == name) {
        facts.metrics.push(name.to_owned());
    }
}

fn hints(sheet: &mut Sheet<'_>, facts: &mut Facts) {
    for at in 0..sheet.len() {
        if let Some((cue, end)) = cues::at(sheet, at) {
            facts.cues.entry(cue).or_insert(at);
            // What no tool does stays unused, and is told so.
            if cue != Cue::Beyond {
                sheet.tick(at..end);
            }
        }
    }
}

fn whole_names(sheet: &mut Sheet<'_>, known: &Vocabulary, facts: &mut Facts) {
    for at in 0..sheet.len() {
        if let Some((Named::One(node), end)) = known.names.at(sheet, at, &known.kinds, Part::Whole) {
            take_item(sheet, at..end, node, known, facts);
        }
    }
}

fn some_names(sheet: &mut Sheet<'_>, known: &Vocabulary, facts: &mut Facts) {
    for at in 0..sheet.len() {
        match known.names.at(sheet, at, &known.kinds, Part::Any) {
            Some((Named::One(node), end)) => take_item(sheet, at..end, node, known, facts),
            // Several items of one name are all meant, as are those of a name in the plural.
            Some((Named::Several(nodes), end)) if end > at + 1 => {
                let codes: Vec<&str> = nodes.iter().map(|node| known.graph.node(*node).code.as_str()).collect();
                sheet.take(at..end, "items", json!(codes));
                facts.group.extend(nodes);
            }
            _ => {}
        }
    }
}

/// Ticks off what is a slip of something known.
fn slips(sheet: &mut Sheet<'_>, known: &Vocabulary, facts: &mut Facts) {
    for at in 0..sheet.len() {
        let word = sheet.word(at).to_owned();
        if !sheet.is_free(at) || is_stop(&word) {
            continue;
        }
        let rule = || known.rules.iter().find(|rule| super::spelling::is_slip(&word, &rule.to_lowercase())).cloned();
        if let Some(node) = known.names.near_code(&word) {
            take_item(sheet, at..at + 1, node, known, facts);
        } else if let Some(rule) = rule() {
            sheet.take(at..at + 1, "rule", json!(rule));
            facts.rule = Some(rule);
        } else if let Some((name, end)) = metrics::near(sheet, at, &known.metrics) {
            let name = name.to_owned();
            take_metric(sheet, at..end, &name, facts);
        } else if let Some(cue) = cues::near(&word) {
            facts.cues.entry(cue).or_insert(at);
            if cue != Cue::Beyond {
                sheet.tick(at..at + 1);
            }
        } else {
            near_name(sheet, at, known, facts);
        }
    }
}

/// Reads a word as the word of a name that it is a slip of, if that names one item.
fn near_name(sheet: &mut Sheet<'_>, at: usize, known: &Vocabulary, facts: &mut Facts) {
    let Some(meant) = known.names.near_word(sheet.word(at)).map(str::to_owned) else { return };
    let mut repaired = sheet.clone();
    repaired.words[at].stem.clone_from(&meant);
    repaired.words[at].text = meant;
    if let Some((Named::One(node), end)) = known.names.at(&repaired, at, &known.kinds, Part::Any) {
        take_item(sheet, at..end, node, known, facts);
    }
}

/// Makes a condition of a field, an operator and a value.
pub(super) fn condition(field: &str, op: &'static str, value: impl Into<Value>) -> Condition {
    Condition { field: field.to_owned(), op, value: value.into() }
}
