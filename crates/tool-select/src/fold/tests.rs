use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(fold(&compose(text)), expected, "{text}");
}

#[test]
fn case_is_folded_in_all_scripts() {
    check("GeT", "get");
    check("STRASSE Straße", "strasse strasse");
    check("ΣΊΣΥΦΟΣ σίσυφος", "σίσυφοσ σίσυφοσ");
    check("ПОИСК", "поиск");
}

#[test]
fn turkish_capital_finds_plain_i() {
    check("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul");
}

#[test]
fn forms_are_composed() {
    check("Cafe\u{301}", "café");
    check("ＦＩＬＥ ﬁle", "file file");
}

#[test]
fn spellings_of_a_name_are_one() {
    for text in ["ci.get_by_code", "CI_GET_BY_CODE", "ci/get-by-code", " ci::get by code "] {
        assert_eq!(name_key(text), "ci.get.by.code", "{text}");
    }
    assert_eq!((name_key("  "), name_key(" + ")), (String::new(), "+".to_owned()));
}
