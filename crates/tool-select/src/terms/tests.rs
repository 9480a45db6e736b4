use super::*;

#[track_caller]
fn check(card: &ToolCard, expected: &[(&str, Counts)]) {
    let mut found: Vec<(String, Counts)> = Terms::of(card).counts.into_iter().collect();
    found.sort();
    let mut expected: Vec<(String, Counts)> =
        expected.iter().map(|(term, counts)| ((*term).to_owned(), *counts)).collect();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn each_field_is_counted_apart() {
    let card = ToolCard::new("getCity").description("The cities.").param("city", "City, city").namespace("geo");
    check(
        &card,
        &[
            ("get", [1, 0, 0, 0, 0]),
            ("citi", [1, 1, 1, 2, 0]),
            ("getc", [0; 5]),
            ("getciti", [1, 0, 0, 0, 0]),
            ("get citi", [1, 0, 0, 0, 0]),
            ("geo", [0, 0, 0, 0, 1]),
        ]
        .into_iter()
        .filter(|(_, counts)| *counts != [0; 5])
        .collect::<Vec<_>>(),
    );
}

#[test]
fn neighbours_are_terms_where_order_means_something() {
    let card = ToolCard::new("x").description("open the red door").param("red door", "red door");
    let terms = Terms::of(&card).counts;
    assert_eq!(terms["red door"], [0, 1, 0, 0, 0]);
    assert_eq!(terms["open red"], [0, 1, 0, 0, 0]);
}

#[test]
fn repeats_and_lengths_are_bounded() {
    let card = ToolCard::new("x").description("spam ".repeat(3000));
    let terms = Terms::of(&card);
    assert_eq!(terms.counts["spam"], [0, 255, 0, 0, 0]);
    assert_eq!((terms.lengths[1], terms.ignored), (255, 3000 - MAX_FIELD_WORDS));
}
