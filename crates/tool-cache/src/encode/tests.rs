use std::{collections::BTreeMap, fmt::Write as _};

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn encoded(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    super::value(&mut out, value);
    out
}

fn of_params(params: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    encode(params.as_object().unwrap(), &Skip::new(&["request_id".to_owned()]), &mut out);
    out
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Says by definition whether two values are the same parameter: numbers by what they are worth.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => worth(a) == worth(b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// The exact worth of a number: an integer as one, anything else as the double it is.
#[derive(PartialEq)]
enum Worth {
    Integer(i128),
    Double(f64),
}

#[expect(clippy::cast_possible_truncation, reason = "checked to be integral and small")]
fn worth(number: &Number) -> Worth {
    match (number.as_i128(), number.as_f64()) {
        (Some(integer), _) => Worth::Integer(integer),
        (None, Some(double)) if double.fract() == 0.0 && double.abs() < 1e20 => Worth::Integer(double as i128),
        (None, double) => Worth::Double(double.unwrap()),
    }
}

fn number() -> impl Strategy<Value = Value> {
    let edges = prop::sample::select(vec![
        json!(0),
        json!(-0.0),
        json!(1),
        json!(1.0),
        json!(-1),
        json!(-1.0),
        json!(u64::MAX),
        json!(u64::MAX - 1),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(-9.223_372_036_854_776e18),
        json!(1.844_674_407_370_955_2e19),
        json!(9_007_199_254_740_991_u64),
        json!(9_007_199_254_740_992_u64),
        json!(9_007_199_254_740_993_u64),
        json!(9_007_199_254_740_992.0),
        json!(f64::MIN_POSITIVE),
        json!(5e-324),
        json!(f64::MAX),
        json!(0.1),
    ]);
    prop_oneof![
        edges,
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        (-100..100i32).prop_map(|n| json!(f64::from(n))),
        (-100..100i32).prop_map(Value::from),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        "[a-c\u{e9}\u{1F600}\"]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[ab]{0,2}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Writes a value with other white space, other key order and other spellings of the same numbers.
fn respelled(value: &Value, out: &mut String) {
    match value {
        Value::Array(list) => {
            out.push_str("[ ");
            for (at, item) in list.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { " ,\n" });
                respelled(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push_str("{\t");
            for (at, (key, item)) in map.iter().collect::<Vec<_>>().into_iter().rev().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write!(out, "{} : ", json!(key)).unwrap();
                respelled(item, out);
            }
            out.push('}');
        }
        Value::Number(number) if number.as_i64().is_some_and(|n| n.unsigned_abs() < 1 << 53) => {
            write!(out, "{number}.0").unwrap();
        }
        other => write!(out, "{other}").unwrap(),
    }
}

proptest! {
    #[test]
    fn equal_encodings_mean_equal_values(a in any_value(), b in any_value()) {
        prop_assert_eq!(encoded(&a) == encoded(&b), same(&a, &b));
    }

    #[test]
    fn small_changes_change_the_encoding(a in number(), b in number()) {
        prop_assert_eq!(encoded(&json!({"x": [a]})) == encoded(&json!({"x": [b]})), same(&a, &b));
    }

    #[test]
    fn spelling_makes_no_difference(value in any_value()) {
        let mut text = String::new();
        respelled(&value, &mut text);
        prop_assert_eq!(encoded(&parsed(&text)), encoded(&value));
    }

    #[test]
    fn no_encoding_begins_another(a in any_value(), b in any_value()) {
        let (a, b) = (encoded(&a), encoded(&b));
        prop_assert!(a == b || !a.starts_with(&b));
    }

    #[test]
    fn unsorted_entries_encode_as_sorted(map in prop::collection::btree_map("[a-d]{0,3}", any_value(), 0..6)) {
        let sorted: BTreeMap<String, Value> = map;
        let (mut straight, mut reversed) = (Vec::new(), Vec::new());
        sorted.iter().for_each(|(key, item)| {
            text(&mut straight, key);
            super::value(&mut straight, item);
        });
        sorted_entries(&mut reversed, sorted.iter().rev());
        prop_assert_eq!(straight, reversed);
    }
}

#[track_caller]
fn check(a: &str, b: &str, expected: bool) {
    assert_eq!(encoded(&parsed(a)) == encoded(&parsed(b)), expected, "{a} and {b}");
}

#[test]
fn integers_are_exact() {
    check("9007199254740993", "9007199254740992", false);
    check("9007199254740991", "9007199254740992", false);
    check("18446744073709551615", "18446744073709551614", false);
    check("18446744073709551615", "18446744073709551616", false);
    check("-9223372036854775808", "-9223372036854775807", false);
    check("-1", "18446744073709551615", false);
    check("1", "-1", false);
}

#[test]
fn integral_floats_are_integers() {
    check("1", "1.0", true);
    check("1e0", "1", true);
    check("-0", "0", true);
    check("-0.0", "0", true);
    check("9007199254740992.0", "9007199254740992", true);
    check("-9223372036854775808.0", "-9223372036854775808", true);
    check("1e19", "10000000000000000000", true);
    check("1.5", "1", false);
    check("5e-324", "0", false);
    check("5e-324", "1e-323", false);
    check("2.2250738585072014e-308", "2.225073858507201e-308", false);
}

#[test]
fn types_do_not_mix() {
    let all =
        ["null", "false", "true", "0", "\"\"", "[]", "{}", "\"0\"", "[0]", "[[]]", "{\"\":0}", "[null]", "\"null\""];
    for (at, a) in all.iter().enumerate() {
        all.iter().enumerate().for_each(|(other, b)| check(a, b, at == other));
    }
}

#[test]
fn boundaries_between_texts_count() {
    check(r#"["ab","c"]"#, r#"["a","bc"]"#, false);
    check(r#"{"a":"b"}"#, r#"{"ab":""}"#, false);
    check(r#"[["a"],"b"]"#, r#"[["a","b"]]"#, false);
}

#[test]
fn characters_are_taken_as_they_are() {
    check(r#""\ud83d\ude00""#, "\"\u{1F600}\"", true);
    check("\"\u{e9}\"", "\"e\u{301}\"", false);
    check("{\"\u{1F600}\":1,\"\u{fb33}\":2}", "{\"\u{fb33}\":2,\"\u{1F600}\":1}", true);
}

#[test]
fn deep_values_are_encoded() {
    let nest = |depth: usize, core: &str| format!("{}{core}{}", "[".repeat(depth), "]".repeat(depth));
    check(&nest(120, "1"), &nest(120, "1.0"), true);
    check(&nest(120, "1"), &nest(120, "2"), false);
    check(&nest(120, "1"), &nest(119, "1"), false);
    let deep = (0..2000).fold(json!(1), |inner, _| json!({"x": inner}));
    assert!(encoded(&deep).len() > 2000);
}

#[test]
fn long_texts_keep_their_length() {
    for length in [0, 1, 127, 128, 16_383, 16_384] {
        assert_ne!(encoded(&json!("x".repeat(length))), encoded(&json!("x".repeat(length + 1))));
    }
}

#[test]
fn names_of_one_length_are_told_apart() {
    let long = |last: char| format!("{}{last}", "x".repeat(70));
    let skip = Skip::new(&["trace_id".to_owned(), long('a')]);
    let skipped = ["trace_id", "trace_ix", "", "x", &long('a'), &long('b')].map(|name| skip.has(&name.to_owned()));
    assert_eq!(skipped, [true, false, false, false, true, false]);
}

#[test]
fn only_top_level_ids_are_left_out() {
    assert_eq!(of_params(&json!({"a": 1, "request_id": "r1"})), of_params(&json!({"a": 1, "request_id": "r2"})));
    assert_eq!(of_params(&json!({"a": 1, "request_id": "r1"})), of_params(&json!({"a": 1})));
    assert_ne!(of_params(&json!({"a": {"request_id": "r1"}})), of_params(&json!({"a": {"request_id": "r2"}})));
    assert_ne!(of_params(&json!({"a": 1, "span_id": "s1"})), of_params(&json!({"a": 1, "span_id": "s2"})));
}
