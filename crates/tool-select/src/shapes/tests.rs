use super::*;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(shapes(text), expected, "{text}");
}

#[test]
fn values_are_known_by_their_look() {
    check("see https://example.org.", &["url"]);
    check("write to ann@example.org, please", &["email"]);
    check("save it as /tmp/out or notes.txt", &["file", "path"]);
    check("pay $250 or 3 €", &["amount", "price"]);
    check("raise by 5%", &["percentage"]);
}

#[test]
fn dates_and_times_are_told_apart() {
    check("on 2024-05-01 at 19:30", &["date", "time"]);
    check("on March 5th, 10am", &["date", "time"]);
    check("Tuesday!", &["date"]);
    assert!(DATES.is_sorted());
}

#[test]
fn plain_words_and_numbers_have_no_shape() {
    check("I may spam 42 cats, e.g. 3.14 of them", &[]);
    check("", &[]);
}
