use super::*;

#[test]
fn stems_are_of_the_published_vocabulary() {
    // From the sample vocabulary of the Snowball project's page on the English stemmer.
    let published = [
        ("consign", "consign"),
        ("consigned", "consign"),
        ("consistency", "consist"),
        ("consolation", "consol"),
        ("conspiracy", "conspiraci"),
        ("knackeries", "knackeri"),
        ("knightly", "knight"),
        ("knitting", "knit"),
        ("kneeling", "kneel"),
    ];
    for (word, stem) in published {
        assert_eq!(LEXICON.stem(word), stem);
    }
}

#[test]
fn other_letters_have_no_english_stem() {
    for word in ["größen", "поиски", "ec2", "搜索"] {
        assert_eq!(LEXICON.stem(word), word);
    }
}

#[test]
fn likeness_goes_both_ways() {
    for (stem, others) in &LEXICON.same {
        assert!(!others.contains(stem), "{stem}");
        for other in others {
            assert!(LEXICON.same_as(other).contains(stem), "{stem} {other}");
        }
    }
}

#[test]
fn no_word_is_in_two_lists() {
    assert!(LEXICON.nothing.is_disjoint(&LEXICON.asking));
    for word in include_str!("little.txt").split_whitespace() {
        assert!(!LEXICON.says_nothing(word) && !LEXICON.only_asks(word), "{word}");
    }
}
