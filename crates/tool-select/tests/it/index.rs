//! The index against BM25F written out plainly, and against itself after changes.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tool_select::{Fit, Found, Index, LiveIndex, Search, ToolCard, View};

/// Words that are their own stems, have no like words and say something; `word 3` and `word 4` are common below.
const VOCABULARY: [&str; 8] = ["zork", "blim", "quax", "fnord", "grault", "plugh", "xyzzi", "wibbl"];

/// The field weights, in the order name, description, parameter names, their descriptions, namespace.
const WEIGHTS: [f64; 5] = [4.0, 1.0, 0.7, 0.7, 0.7];
const K1: f64 = 2.2;
const B: f64 = 0.6;
const PAIR: f64 = 0.4;

/// A card as five lists of words.
type Sample = [Vec<&'static str>; 5];

fn texts(longest: usize) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(VOCABULARY.to_vec()), 0..longest)
}

fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let sample = (texts(3), texts(9), texts(4), texts(6), texts(3)).prop_map(|(a, b, c, d, e)| [a, b, c, d, e]);
    prop::collection::vec(sample, 0..14)
}

fn id(at: usize) -> String {
    format!("tool-{at:02}")
}

fn card(at: usize, [name, description, params, explained, namespace]: &Sample) -> ToolCard {
    // A name is never empty: `a` says nothing, so it counts nowhere.
    let card = ToolCard::new(format!("a {}", name.join(" "))).id(id(at)).description(description.join(" "));
    card.namespace(namespace.join(" ")).param(params.join(" "), explained.join(" "))
}

fn index(samples: &[Sample], order: impl IntoIterator<Item = usize>) -> Index {
    let mut index = Index::new();
    order.into_iter().for_each(|at| index.insert(&card(at, &samples[at])).unwrap());
    index
}

/// What a question asks for: each word once with weight 1, then each pair of neighbours once.
fn asked(query: &[&'static str]) -> Vec<(String, f64)> {
    let mut asked: Vec<(String, f64)> = Vec::new();
    for word in query {
        if asked.iter().all(|(known, _)| known != word) {
            asked.push(((*word).to_owned(), 1.0));
        }
    }
    for pair in query.windows(2).map(|pair| pair.join(" ")) {
        if asked.iter().all(|(known, _)| *known != pair) {
            asked.push((pair, PAIR));
        }
    }
    asked
}

/// How often a field has a word, or two neighbours; pairs count outside parameters only.
fn count(field: usize, words: &[&'static str], term: &str) -> f64 {
    match term.split_once(' ') {
        None => words.iter().filter(|word| **word == term).count() as f64,
        Some(_) if field == 2 || field == 3 => 0.0,
        Some(_) => words.windows(2).filter(|pair| pair.join(" ") == term).count() as f64,
    }
}

/// BM25F, written out: every tool's score that is above zero.
fn oracle(samples: &[Sample], visible: &BTreeSet<usize>, query: &[&'static str]) -> BTreeMap<String, f64> {
    let all = visible.len() as f64;
    let average = |field: usize| visible.iter().map(|at| samples[*at][field].len() as f64).sum::<f64>() / all;
    let has = |at: usize, term: &str| (0..5).any(|field| count(field, &samples[at][field], term) > 0.0);
    let mut scores = BTreeMap::new();
    for at in visible {
        let mut score = 0.0;
        for (term, weight) in asked(query) {
            let having = visible.iter().filter(|at| has(**at, &term)).count() as f64;
            let weight = weight * (1.0 + (all - having + 0.5) / (having + 0.5)).ln();
            let strengths: Vec<f64> = (0..5)
                .map(|field| {
                    let words = &samples[*at][field];
                    let count = count(field, words, &term);
                    if count == 0.0 {
                        return 0.0;
                    }
                    count * (WEIGHTS[field] / (1.0 - B + B * words.len() as f64 / average(field)))
                })
                .collect();
            let strength = strengths.iter().fold(0.0, |sum, one| sum + one);
            if strength > 0.0 {
                let scale = weight * (K1 + 1.0) / (K1 + strength);
                score += strengths.iter().fold(0.0, |sum, one| sum + scale * one);
            }
        }
        if score > 0.0 {
            scores.insert(id(*at), score);
        }
    }
    scores
}

fn best_of(scores: &BTreeMap<String, f64>, top: usize) -> Vec<(String, u64)> {
    let mut all: Vec<(&String, &f64)> = scores.iter().collect();
    all.sort_by(|a, b| b.1.total_cmp(a.1).then_with(|| a.0.cmp(b.0)));
    all.into_iter().take(top).map(|(id, score)| (id.clone(), score.to_bits())).collect()
}

fn bits(found: &Found) -> Vec<(String, u64)> {
    found.hits.iter().map(|hit| (hit.id().to_owned(), hit.score.to_bits())).collect()
}

/// Everything a search says, points as bits.
fn whole(found: &Found) -> impl PartialEq + std::fmt::Debug + use<> {
    let explained = |hit: &tool_select::Hit| format!("{:?}", hit.words);
    let flags: Vec<_> = found.hits.iter().map(|hit| (hit.exact_name, hit.pinned, explained(hit))).collect();
    let standing = (found.fit, found.coverage.to_bits(), found.margin.to_bits(), found.unmatched.clone());
    (bits(found), flags, standing)
}

fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|at| (*at as u64 + 1).wrapping_mul(seed | 1).rotate_left(29));
    order
}

/// Comes, goes, or is searched for.
#[derive(Debug, Clone)]
enum Op {
    Insert(usize),
    Remove(usize),
    Search(Vec<&'static str>),
}

fn ops(cards: usize) -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![
        3 => (0..cards).prop_map(Op::Insert),
        2 => (0..cards).prop_map(Op::Remove),
        1 => texts(5).prop_map(Op::Search),
    ];
    prop::collection::vec(op, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn scores_are_those_of_the_formula(samples in samples(), query in texts(6), top in 0..6_usize, seed: u64) {
        let index = index(&samples, shuffled(samples.len(), seed));
        let expected = oracle(&samples, &(0..samples.len()).collect(), &query);
        let found = index.search(&Search::new(&query.join(" ")).top(top));
        prop_assert_eq!(bits(&found), best_of(&expected, top));
    }

    #[test]
    fn explanation_sums_to_the_score(samples in samples(), query in texts(6)) {
        let found = index(&samples, 0..samples.len()).search(&Search::new(&query.join(" ")).explained());
        for hit in &found.hits {
            let of_fields = |fields: &[tool_select::FieldPoints]| fields.iter().fold(0.0, |sum, part| sum + part.points);
            let total = hit.words.iter().fold(0.0, |sum, word| sum + word.points);
            prop_assert_eq!(total.to_bits(), hit.score.to_bits());
            for word in &hit.words {
                prop_assert_eq!(of_fields(&word.fields).to_bits(), word.points.to_bits());
                prop_assert!((word.value * word.weight - word.points).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn hidden_tools_influence_nothing(samples in samples(), query in texts(6), mask: u16) {
        let visible: BTreeSet<usize> = (0..samples.len()).filter(|at| mask >> at & 1 == 1).collect();
        let all = index(&samples, 0..samples.len());
        let view = View::new(&all, |name| visible.contains(&name[5..].parse().unwrap()));
        let search = Search::new(&query.join(" ")).explained().pin("tool-00").top(5);
        let expected = index(&samples, visible.iter().copied()).search(&search);
        prop_assert_eq!(whole(&all.search_in(&view, &search)), whole(&expected));
    }

    #[test]
    fn changes_leave_what_a_new_index_has(samples in samples().prop_filter("some", |all| !all.is_empty()), ops in ops(14)) {
        let (live, mut model) = (LiveIndex::default(), BTreeSet::new());
        for op in ops {
            match op {
                Op::Insert(at) if at < samples.len() => {
                    live.insert(&card(at, &samples[at])).unwrap();
                    model.insert(at);
                }
                Op::Remove(at) => prop_assert_eq!(live.remove(&id(at)), model.remove(&at)),
                Op::Insert(_) => {}
                Op::Search(query) => {
                    let search = Search::new(&query.join(" "));
                    let fresh = index(&samples, model.iter().copied());
                    prop_assert_eq!(bits(&live.current().search(&search)), bits(&fresh.search(&search)));
                    prop_assert_eq!((live.current().len(), live.current().terms()), (fresh.len(), fresh.terms()));
                }
            }
        }
    }

    #[test]
    fn every_tool_is_first_by_its_name(samples in samples(), names in prop::collection::btree_set("[a-zA-Z_ .%é搜]{1,12}", 1..9)) {
        let mut all = index(&samples, 0..samples.len());
        let names: Vec<&String> = names.iter().filter(|name| !name.trim().is_empty()).collect();
        names.iter().for_each(|name| all.insert(&ToolCard::new(name.as_str())).unwrap());
        for name in names {
            let found = all.search(&Search::new(name).top(samples.len() + 9));
            let named: Vec<&str> = found.hits.iter().filter(|hit| hit.exact_name).map(|hit| hit.id()).collect();
            prop_assert!(found.hits[0].exact_name && found.fit == Fit::Fits);
            prop_assert!(named.contains(&name.as_str()), "{name:?} {named:?}");
        }
    }
}

#[test]
fn best_few_are_the_first_of_all() {
    // Long lists, so that a search for few leaves out what cannot be among them.
    let mut index = Index::new();
    for at in 0..4000_usize {
        let word = |step: usize| VOCABULARY[(at * step / 7 + at % step) % VOCABULARY.len()];
        let name = if at % 9 == 0 { VOCABULARY[at % 8] } else { "none" };
        let description = [word(3), word(5), word(11), &"filler ".repeat(at % 13)].join(" ");
        index.insert(&ToolCard::new(format!("{name} t{at:04}")).description(description)).unwrap();
    }
    for query in VOCABULARY.windows(4) {
        let all = index.search(&Search::new(&query.join(" ")).top(usize::MAX));
        assert!(all.hits.len() > 2000);
        for top in [1, 3, 10, 500] {
            let few = index.search(&Search::new(&query.join(" ")).top(top));
            assert_eq!(bits(&few), bits(&all)[..top], "{query:?} {top}");
        }
    }
}

#[test]
fn version_that_is_read_never_changes() {
    let live = LiveIndex::new(index(&[], []));
    live.insert(&ToolCard::new("one").description("zork")).unwrap();
    let held = live.current();
    for at in 0..5 {
        live.insert(&ToolCard::new(format!("more-{at}")).description("zork")).unwrap();
        live.remove("one");
    }
    let search = Search::new("zork");
    assert_eq!((held.search(&search).hits.len(), live.current().search(&search).hits.len()), (1, 5));
}

#[test]
fn stuffed_description_gains_little() {
    let mut index = Index::new();
    index.insert(&ToolCard::new("honest").description("zork of the blim and some more words beside")).unwrap();
    index.insert(&ToolCard::new("stuffed").description("zork ".repeat(100))).unwrap();
    index.insert(&ToolCard::new("other").description("quax fnord grault")).unwrap();
    let found = index.search(&Search::new("zork blim"));
    assert_eq!(found.hits[0].id(), "honest");
}

#[test]
fn empty_name_is_refused() {
    for card in [ToolCard::new(""), ToolCard::new("  "), ToolCard::new("x").id("")] {
        assert!(Index::new().insert(&card).is_err() && LiveIndex::default().insert(&card).is_err());
    }
}

#[test]
fn second_tool_of_an_id_replaces_the_first() {
    let mut index = Index::new();
    index.insert(&ToolCard::new("x").description("zork")).unwrap();
    index.insert(&ToolCard::new("x").description("blim")).unwrap();
    assert_eq!(index.len(), 1);
    assert!(index.search(&Search::new("zork")).hits.is_empty());
}

#[test]
fn tools_of_one_name_are_told_apart_by_id() {
    let mut index = Index::new();
    for id in ["b", "a"] {
        index.insert(&ToolCard::new("getZork").id(id)).unwrap();
    }
    let found = index.search(&Search::new("get_zork"));
    let ids: Vec<(&str, bool)> = found.hits.iter().map(|hit| (hit.id(), hit.exact_name)).collect();
    assert_eq!(ids, [("a", false), ("b", false)]);
    assert!(index.search(&Search::new("getzork")).hits.iter().all(|hit| hit.exact_name));
}

#[test]
fn odd_texts_find_nothing_and_break_nothing() {
    let index = index(&[[vec!["zork"], vec![], vec![], vec![], vec![]]], [0]);
    let control: String = (0..32_u8).map(char::from).chain(['\u{7f}', '\u{202e}', '\u{feff}']).collect();
    for text in ["", "   ", "please", &control] {
        let found = index.search(&Search::new(text));
        assert_eq!((found.fit, found.hits.len(), found.unmatched.len()), (Fit::NoneFits, 0, 0), "{text:?}");
    }
    assert!(Index::new().search(&Search::new("zork")).hits.is_empty());
}

#[test]
fn longest_text_is_read_to_a_bound() {
    let index = index(&[[vec!["zork"], vec![], vec![], vec![], vec![]]], [0]);
    let text = "zork ".repeat(20_000);
    let search = Search::new(&text);
    assert_eq!((text.len(), search.ignored_words()), (100_000, 0));
    assert_eq!(index.search(&search).hits.len(), 1);
    let letters = |at: usize| char::from(b'a' + u8::try_from(at % 26).unwrap());
    let text: String =
        (0..20_000).map(|at| format!("q{}{}{}q ", letters(at), letters(at / 26), letters(at / 676))).collect();
    assert_eq!(Search::new(&text).ignored_words(), 20_000 - 128);
}

#[test]
fn words_in_other_scripts_find_their_tool() {
    let mut index = Index::new();
    for (id, description) in
        [("ru", "Поиск файлов"), ("zh", "使用必应搜索指定的关键词"), ("tr", "İstanbul hava durumu")]
    {
        index.insert(&ToolCard::new(id).description(description)).unwrap();
    }
    for (text, id) in [("ПОИСК", "ru"), ("搜索", "zh"), ("ISTANBUL", "tr")] {
        assert_eq!(index.search(&Search::new(text)).hits[0].id(), id, "{text}");
    }
}

#[test]
fn whole_words_match_and_no_parts_of_them() {
    let mut index = Index::new();
    index.insert(&ToolCard::new("text.join").description("Concatenates texts.")).unwrap();
    assert!(index.search(&Search::new("cat")).hits.is_empty());
}

#[test]
fn hundred_thousand_tools_are_searched() {
    let mut index = Index::new();
    for at in 0..100_000 {
        let word = VOCABULARY[at % 7];
        index.insert(&ToolCard::new(format!("t{at}")).description(word)).unwrap();
    }
    index.insert(&ToolCard::new("needle").description("wibbl")).unwrap();
    let found = index.search(&Search::new("wibbl zork").top(3));
    assert_eq!((found.hits[0].id(), found.hits.len(), index.len()), ("needle", 3, 100_001));
}
