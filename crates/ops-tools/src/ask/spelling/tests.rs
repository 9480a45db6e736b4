use super::*;

#[test]
fn plurals_lose_their_ending() {
    for (word, expected) in [
        ("databases", "database"),
        ("queries", "query"),
        ("switches", "switch"),
        ("caches", "cache"),
        ("proxies", "proxy"),
        ("boxes", "box"),
        ("dbs", "db"),
        ("status", "status"),
        ("access", "access"),
        ("is", "is"),
        ("this", "this"),
        ("sys", "sys"),
        ("größes", "größe"),
    ] {
        assert_eq!(singular(word), expected, "{word}");
    }
}

#[test]
fn slips_are_forgiven_in_long_words_only() {
    for (typed, name, expected) in [
        ("chekout", "checkout", true),
        ("latecy", "latency", true),
        ("chcekout", "checkout", true),
        ("svc-recomend", "svc-recommend", true),
        ("cart", "card", false),
        ("cach", "cache", false),
        ("srv-db-2", "srv-db-3", false),
        ("svc-billing", "svc-shipping", false),
        ("", "checkout", false),
    ] {
        assert_eq!(is_slip(typed, name), expected, "{typed} {name}");
    }
}
