//! What are keys made with, where nobody guesses?

use serde_json::Value;

use crate::CacheKey;

pub(crate) type Secret = [u8; 32];

pub(crate) fn fresh_secret() -> Secret {
    [7; 32]
}

pub(crate) fn namespace_key(secret: &Secret, namespace: &str) -> Secret {
    *blake3::keyed_hash(secret, namespace.as_bytes()).as_bytes()
}

pub(crate) fn value_key(subkey: &Secret, value: &Value) -> CacheKey {
    CacheKey::new(*blake3::keyed_hash(subkey, value.to_string().as_bytes()).as_bytes())
}
