use proptest::prelude::*;
use serde_json::{Value, json};

use super::{MAX_BYTES, bytes, shrink};

#[test]
fn small_evidence_stays_whole() {
    let mut value = json!({"ci": {"note": "x".repeat(300)}, "history": {"events": [1, 2, 3, 4]}});
    let before = value.clone();
    assert!(shrink(&mut value).is_empty());
    assert_eq!(value, before);
}

#[test]
fn newest_entries_survive() {
    let event = |time: i64| json!({"time": time, "title": "t".repeat(190)});
    let events: Vec<Value> = (0..100).rev().map(event).collect();
    let mut value = json!({"history": {"events": events}});
    assert_eq!(shrink(&mut value), ["strings_to_200_characters", "3_newest_history_entries"]);
    let times: Vec<_> = value["history"]["events"].as_array().unwrap().iter().map(|e| e["time"].clone()).collect();
    assert_eq!(times, [json!(99), json!(98), json!(97)]);
}

#[test]
fn long_text_is_cut_at_a_character() {
    let mut value = json!({"ci": {"note": "é".repeat(20_000)}});
    assert_eq!(shrink(&mut value), ["strings_to_200_characters"]);
    assert_eq!(value["ci"]["note"], format!("{}…", "é".repeat(200)));
}

#[test]
fn many_keys_end_as_nothing() {
    let map: serde_json::Map<String, Value> = (0..4_000).map(|key| (format!("key{key}"), json!(key))).collect();
    let mut value = json!({"ci": map});
    assert_eq!(shrink(&mut value).last(), Some(&"without_all"));
    assert_eq!(value, Value::Null);
}

proptest! {
    #[test]
    fn cap_holds_for_any_size(events in 0_usize..300, samples in 0_usize..2_000, text in 0_usize..20_000) {
        let events: Vec<Value> = (0..events).map(|time| json!({"time": time, "title": "event"})).collect();
        let samples: Vec<Value> = (0..samples).map(|time| json!([time, 0.5])).collect();
        let mut value = json!({"ci": {"note": "n".repeat(text)}, "metric": {"m": samples}, "history": {"events": events}});
        let fits = bytes(&value) <= MAX_BYTES;
        let taken = shrink(&mut value);
        prop_assert!(bytes(&value) <= MAX_BYTES);
        prop_assert_eq!(fits, taken.is_empty());
    }
}
