use super::*;

fn document(name: &str, description: &str) -> Document {
    Document::of(&ToolSpec::builder(name, description).build().unwrap())
}

#[test]
fn score_is_bm25f_by_hand() {
    // Two documents of equal lengths: name of 2 words, description of 1, no parameters.
    let (a, b) = (document("x.load", "fast"), document("x.disk", "load"));
    let corpus = Corpus::new(vec![&a, &b]);
    let query = Query::of("fast load x");
    let (words, unmatched) = corpus.rarities(&query);
    assert!(unmatched.is_empty());

    // `fast` stands in one of two: ln(1 + 1.5/1.5); `load` and `x` in both: ln(1 + 0.5/2.5).
    let (one, both) = (2.0_f64.ln(), 1.2_f64.ln());
    let saturated = |strength: f64| strength * 2.2 / (1.2 + strength);
    let expected = [("fast", saturated(1.0) * one), ("load", saturated(3.0) * both), ("x", saturated(3.0) * both)];
    let found = corpus.contributions(&a, &words);
    assert_eq!(found.len(), 3);
    for (found, (name, points)) in found.iter().zip(expected) {
        assert_eq!(found.name, name);
        assert!((found.points - points).abs() < 1e-12, "{found:?} {points}");
    }
}

#[test]
fn question_is_bounded() {
    let text: String = (0..100).map(|n| format!("word{n} word{n} ")).collect();
    let query = Query::of(&text);
    assert_eq!((query.words.len(), query.ignored), (MAX_WORDS, 2 * (100 - MAX_WORDS)));
}

#[test]
fn empty_corpus_knows_no_word() {
    let query = Query::of("anything");
    assert_eq!(Corpus::new(Vec::new()).rarities(&query), (Vec::new(), vec!["anything".to_owned()]));
}
