use proptest::prelude::*;
use serde_json::json;

use super::*;

fn kept(value: Value, most: usize) -> Option<Value> {
    capture(&Params::try_from(value).unwrap(), most, |captured| match captured {
        Captured::Kept(bytes) => Some(decode(bytes).unwrap()),
        Captured::Size(_) => None,
    })
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from);
        let map = prop::collection::btree_map(any::<String>(), inner, 0..6)
            .prop_map(|map| Value::Object(map.into_iter().collect()));
        prop_oneof![list, map]
    })
}

proptest! {
    #[test]
    fn kept_parameters_read_back(value in any_json()) {
        let value = json!({ "value": value });
        prop_assert_eq!(kept(value.clone(), usize::MAX), Some(value));
    }

    #[test]
    fn other_bytes_are_no_parameters(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        // Whatever it says, it returns.
        let _ = decode(&bytes);
    }
}

#[test]
fn bound_is_exact() {
    // Tag and count, key of 4 + 1 bytes, tag and text of 4 + 3 bytes.
    let value = json!({"a": "bcd"});
    assert!(kept(value.clone(), 5 + 5 + 8).is_some());
    assert!(kept(value, 5 + 5 + 7).is_none());
    assert!(kept(json!({}), 0).is_none());
}

#[test]
fn size_is_that_of_the_text() {
    let value = json!({"text": "ä\n\"", "number": -1.5e300, "list": [true, null]});
    assert_eq!(json_size(&value), value.to_string().len() as u64);
}

#[test]
fn deep_nesting_is_not_kept() {
    let deep = |levels: usize| (1..levels).fold(json!([]), |inner, _| json!([inner]));
    assert!(kept(json!({ "deep": deep(MAX_DEPTH) }), usize::MAX).is_some());
    assert!(kept(json!({ "deep": deep(MAX_DEPTH + 1) }), usize::MAX).is_none());
}
