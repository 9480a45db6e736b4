use super::*;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(words(text).collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn identifiers_are_parted() {
    check("ci.get_by_code", &["ci", "get", "code"]);
    check("getHTTPServerName", &["get", "http", "server", "name"]);
    check("CI_SEARCH", &["ci", "search"]);
    check("ec2 v1.2", &["ec2", "v1", "2"]);
}

#[test]
fn words_are_unicode() {
    check("Größe ÄNDERN", &["größe", "ändern"]);
    check("서버 상태", &["서버", "상태"]);
    check("\u{0}\t\r\n—", &[]);
}

#[test]
fn plurals_fold_and_names_stay() {
    check("events metrics servers", &["event", "metric", "server"]);
    check("status class analysis cpu's dns", &["status", "class", "analysis", "cpu", "s", "dns"]);
}

#[test]
fn stop_words_are_left_out() {
    check("What does it do with THE servers?", &["server"]);
    assert!(STOP_WORDS.is_sorted());
}
