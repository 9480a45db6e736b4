use super::Pattern;

#[track_caller]
fn check(pattern: &str, name: &str, expected: bool) {
    assert_eq!(Pattern::parse(pattern).unwrap().matches(name), expected, "{pattern} {name}");
}

#[test]
fn pattern_names_one_some_or_all() {
    check("ci.search", "ci.search", true);
    check("ci.search", "ci.search_broad", false);
    check("ci.*", "ci.search", true);
    check("ci.*", "cis.search", false);
    check("files.read.*", "files.read.all", true);
    check("files.read.*", "files.write", false);
    check("*", "any.thing", true);
    check("CI_SEARCH", "ci.search", true);
}

#[test]
fn other_patterns_are_refused() {
    for text in ["", ".*", "ci", "*.search", "ci.*.all", "ci.se*", "ci .*", "**", "a..*"] {
        assert!(Pattern::parse(text).is_err(), "{text}");
    }
}

#[test]
fn cover_means_every_match() {
    let covers = |a: &str, b: &str| Pattern::parse(a).unwrap().covers(&Pattern::parse(b).unwrap());
    assert!(covers("*", "*") && covers("*", "ci.*") && covers("ci.*", "ci.*"));
    assert!(covers("ci.*", "ci.get") && covers("ci.*", "ci.get.*") && covers("ci.get", "ci.get"));
    assert!(!covers("ci.*", "*") && !covers("ci.get", "ci.*") && !covers("ci.get.*", "ci.*"));
    assert!(!covers("ci.*", "cis.*") && !covers("ci.get", "ci.got"));
}
