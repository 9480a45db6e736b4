use serde_json::json;

use super::*;

#[test]
fn text_is_kept_to_the_byte() {
    let payload = Payload::from_text("{ \"b\":1,\"a\" : 2e-91 }").unwrap();
    assert_eq!(payload.as_str(), "{ \"b\":1,\"a\" : 2e-91 }");
    assert_eq!(serde_json::to_string(&payload).unwrap(), payload.as_str());
}

#[test]
fn malformed_text_names_its_position() {
    let error = Payload::from_text("{\"a\":1,\n x}").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidOutput);
    assert_eq!(error.to_string(), "result is not JSON at line 2, column 2");
}

#[test]
fn clone_shares_text_not_parse() {
    let payload = Payload::of(&json!({"a": [1, 2]})).unwrap();
    assert_eq!(payload.value()["a"][1], 2);
    let clone = payload.clone();
    assert!(Arc::ptr_eq(&payload.text, &clone.text));
    assert!(clone.parsed.get().is_none());
}

#[test]
fn debug_shows_no_content() {
    let payload = Payload::of("secret-text").unwrap();
    assert_eq!(format!("{payload:?}"), "Payload(13 bytes)");
}

#[test]
fn every_payload_parses_later() {
    assert!(Payload::from_text("1e400").is_err());
    assert!(Payload::from_text("[1] [2]").is_err());
    assert_eq!(Payload::from_text("18446744073709551615").unwrap().value().as_u64(), Some(u64::MAX));
}
