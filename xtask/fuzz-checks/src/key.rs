//! Does every set of parameters have a key, and only the same sets the same one?

use std::sync::LazyLock;

use serde_json::Value;
use tool_cache::{CacheKey, CachePolicy, ToolResultCache};
use tool_core::Params;

use crate::desk::call;
use crate::json::{change, respell, same};
use crate::two_texts;

/// A cache that leaves no field out of its keys.
static CACHE: LazyLock<ToolResultCache> = LazyLock::new(|| {
    let none: [String; 0] = [];
    ToolResultCache::new(CachePolicy::builder().correlation_fields(none).build().expect("the policy is sound"))
});

/// Takes one or two sets of parameters, parted by a byte 0xFF.
///
/// # Panics
///
/// If another spelling of the same parameters has another key, or others have the same.
pub fn key(input: &[u8]) {
    let Some((one, two)) = two_texts(input) else { return };
    let Ok(one) = Params::parse(one) else { return };
    let own = key_of(one.clone());
    check_spellings(&one, own);
    let mut changed = one.as_value().clone();
    change(&mut changed, input.len());
    check_pair(&one, Params::try_from(changed));
    check_pair(&one, Params::parse(two));
}

fn key_of(params: Params) -> CacheKey {
    CACHE.generate_key(&call(params))
}

fn check_spellings(params: &Params, own: CacheKey) {
    let value: &Value = params.as_value();
    for text in [value.to_string(), format!("{value:#}"), respell(value)] {
        let again = Params::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert!(same(again.as_value(), value), "read back as {:?}: {text}", again.as_value());
        assert_eq!(key_of(again), own, "another spelling has another key: {text}");
    }
}

fn check_pair(one: &Params, two: Result<Params, tool_core::ToolError>) {
    let Ok(two) = two else { return };
    let (a, b) = (one.as_value(), two.as_value());
    assert_eq!(same(a, b), key_of(one.clone()) == key_of(two.clone()), "{a} beside {b}");
}
