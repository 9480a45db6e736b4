//! What does this crate do with a reading that it did not make itself?

use tool_core::Params;
use tool_select::{Entity, IntentTable, InterpretError, Interpretation, Reading, SmartToolSelector};

use crate::support::{catalog, context, name_of, spec};

fn reading(tool: &str, params: &str) -> Reading {
    Reading::new(tool.parse().unwrap(), Params::parse(params).unwrap())
}

#[test]
fn readings_stand_in_the_order_of_ranks() {
    let catalog = catalog([spec("a.slow", 0.9, 900), spec("a.other", 0.9, 1), spec("a.fast", 0.9, 10)]);
    let intents = IntentTable::new().intent("ASK", &[("a.slow", 0.0), ("a.other", 0.0), ("a.fast", 0.0)]).unwrap();
    let read = Interpretation::new()
        .with_intent("ASK")
        .with_reading(reading("a.slow", r#"{"x": 1}"#))
        .with_reading(reading("a.fast", r#"{"y": 1}"#));
    let request = context().with_intent("ASK").with_known_params(read.known_params());
    let selection = SmartToolSelector::new(intents).select(&catalog, &request).unwrap();
    let ranked = read.ranked(&selection);
    let names: Vec<&str> = ranked.iter().map(|(_, tool)| name_of(tool)).collect();
    assert_eq!(names, ["a.fast", "a.slow"]);
    assert_eq!(ranked[0].0.params.get("y"), Some(&1.into()));
}

#[test]
fn spans_outside_the_text_are_no_words() {
    let read = Interpretation::new().with_unused("größe", [0..2, 2..3, 0..99]);
    assert_eq!(read.unused.len(), 1, "{:?}", read.unused);
    assert_eq!(Entity::new("item", 2..3, "größe", ().into()).text, "");
}

#[track_caller]
fn refuse(text: &str, expected: &str) {
    assert_eq!(InterpretError::check(text, 20).unwrap_err().to_string(), expected);
}

#[test]
fn what_is_no_question_is_refused() {
    refuse(" \n\t", "the question is empty");
    refuse(&"why? ".repeat(5), "the question has 25 bytes, expected at most 20");
    refuse("cpu\u{1b}[31m", "the question holds the control character '\\u{1b}' at byte 3");
    assert_eq!(InterpretError::check("cpu of\tdb-1\n", 20), Ok(()));
}
