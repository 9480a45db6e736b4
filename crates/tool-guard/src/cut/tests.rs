use proptest::prelude::*;
use serde_json::Value;

use super::*;

#[track_caller]
fn check(text: &str, max_bytes: usize, max_depth: u32, expected: Option<&str>) {
    assert_eq!(cut(text, max_bytes, max_depth).as_deref(), expected);
}

#[test]
fn elements_are_left_out_from_the_end() {
    check("[1,2,3]", 7, 9, Some("[1,2,3]"));
    check("[1,2,3]", 6, 9, Some("[1,2]"));
    check(r#"{"a":[1,2],"b":3}"#, 16, 9, Some(r#"{"a":[1,2]}"#));
    check(r#"{"a":[1,2],"b":3}"#, 10, 9, Some(r#"{"a":[1]}"#));
    check(r#"[{"a":"],[","b":1}]"#, 14, 9, Some(r#"[{"a":"],["}]"#));
}

#[test]
fn nothing_is_left_of_one_long_text() {
    check(r#""aaaaaaaaaaaaaaaaaaaaaaaaaaaa""#, 16, 9, None);
    check(r#"["aaaaaaaaaaaaaaaaaaaaaaaaaaaa"]"#, 16, 9, Some("[]"));
}

#[test]
fn what_is_too_deep_becomes_null() {
    check(r#"[1,[2,{"a":3}],4]"#, 99, 2, Some("[1,[2,null],4]"));
    check(r#"{"a":{"b":[{}]}}"#, 99, 1, Some(r#"{"a":null}"#));
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i32>().prop_map(Value::from),
        "[a-z\\[\\]{},\"\\\\ é]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map("[a-z,\\[\"]{0,3}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn depth(value: &Value) -> u32 {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Whether `cut` is `whole` with elements left out from the end, or replaced by null.
fn is_part(cut: &Value, whole: &Value) -> bool {
    match (cut, whole) {
        (Value::Null, _) => true,
        (Value::Array(a), Value::Array(b)) => a.len() <= b.len() && a.iter().zip(b).all(|(a, b)| is_part(a, b)),
        (Value::Object(a), Value::Object(b)) => a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_part(a, b))),
        (a, b) => a == b,
    }
}

proptest! {
    #[test]
    fn cut_text_is_a_valid_part(value in json(), max_bytes in 4usize..200, max_depth in 1u32..6) {
        let text = value.to_string();
        prop_assert_eq!(crate::depth::is_deeper(&text, max_depth), depth(&value) > max_depth);
        if let Some(cut) = cut(&text, max_bytes, max_depth) {
            let parsed: Value = serde_json::from_str(&cut).unwrap();
            prop_assert!(cut.len() <= max_bytes && depth(&parsed) <= max_depth);
            prop_assert!(is_part(&parsed, &value), "{} of {}", cut, text);
        } else {
            prop_assert!(!value.is_array() && !value.is_object());
        }
    }
}
