use super::*;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found: Vec<String> = list(text).into_iter().map(|word| word.text).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn identifiers_are_parted_and_kept() {
    check("getHTTPServerName", &["get", "http", "server", "name", "gethttpservername"]);
    check("ci.get_by_code", &["ci", "get", "by", "code", "cigetbycode"]);
    check("CI_SEARCH", &["ci", "search", "cisearch"]);
    check("ec2", &["ec", "2", "ec2"]);
    check("GitHub", &["git", "hub", "github"]);
}

#[test]
fn numbers_are_told_apart() {
    let kinds: Vec<Kind> = list("v2 42 3.14").into_iter().map(|word| word.kind).collect();
    assert_eq!(kinds, [Kind::Plain, Kind::Number, Kind::Joined, Kind::Number, Kind::Number, Kind::Number]);
}

#[test]
fn sentences_end_without_joining() {
    check("Read it. Then write!", &["read", "it", "then", "write"]);
    check("a - b", &["a", "b"]);
}

#[test]
fn english_endings_fall_away() {
    check("the user's don't we'll “it’s”", &["the", "user", "we", "it"]);
    check("l'avion O'Brien", &["l", "avion", "lavion", "o", "brien", "obrien"]);
}

#[test]
fn spaced_scripts_keep_their_words() {
    check("Größe ÄNDERN", &["grösse", "ändern"]);
    check("поиск файлов", &["поиск", "файлов"]);
    // A vowel sign and a virama belong to their word.
    check("हिन्दी में", &["हिन्दी", "में"]);
}

#[test]
fn unspaced_scripts_come_in_pairs() {
    check("搜索关键词", &["搜索", "索关", "关键", "键词"]);
    check("文 API文档", &["文", "api", "文档"]);
    check("서버 상태를", &["서버", "상태", "태를"]);
}

#[test]
fn signs_and_emoji_are_no_words() {
    check("\u{0}\t\r\n— 🚀 \u{202e} \u{1b}[", &[]);
    check("", &[]);
}

#[test]
fn long_addresses_are_not_joined() {
    let address = "https://www.example.org/a/very/long/way/to/some/file.html";
    assert!(list(address).iter().all(|word| word.kind != Kind::Joined));
}

#[test]
fn reading_stops_when_told() {
    let mut seen = 0;
    words("one two three", |_| {
        seen += 1;
        if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(seen, 2);
}
