use super::*;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let sheet = Sheet::new(text);
    assert_eq!(sheet.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), expected, "{text}");
    for word in &sheet.words {
        assert!(text.get(word.span.clone()).is_some(), "{text}: {:?}", word.span);
    }
}

#[test]
fn words_keep_what_names_need() {
    check("What's the cpu of srv-db-1?", &["what", "the", "cpu", "of", "srv-db-1"]);
    check("  p95, please: 2026-05-31T10:00:00Z!", &["p95", "please", "2026-05-31t10:00:00z"]);
    check("\"dc-1/rack-3\" (disk_usage) i/o", &["dc-1/rack-3", "disk_usage", "i/o"]);
    check("the team’s don't … -- ''", &["the", "team", "dont"]);
    check("Größe 데이터 ΑΣ", &["größe", "데이터", "ας"]);
}

#[test]
fn used_words_are_not_read_again() {
    let mut sheet = Sheet::new("root cause of root cause");
    assert_eq!(sheet.phrase(0, "root cause"), Some(2));
    sheet.take(0..2, "x", Value::Null);
    assert_eq!((sheet.phrase(0, "root cause"), sheet.any(3, &["root", "root cause"])), (None, Some(5)));
    assert_eq!(sheet.unused().collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(sheet.into_entities()[0].text, "root cause");
}
