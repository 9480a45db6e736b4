//! The published vectors of RFC 8785, for what they say of equality (data folder `vectors/jcs`).

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use serde_json::{Value, json};
use tool_cache::{CacheKey, CachePolicy, ToolResultCache};
use tool_core::{CallContext, Effect, ToolRegistry, ToolSpec};

use crate::support::{echo, params};

/// Returns the folder; says loudly that it is missing, and fails where it must not be.
#[expect(clippy::print_stderr, reason = "a test that cannot run says so")]
fn vectors() -> Option<PathBuf> {
    let folder = env::var_os("RUNNER_DATA").map(|data| PathBuf::from(data).join("vectors/jcs"));
    let found = folder.filter(|folder| folder.is_dir());
    if found.is_none() {
        assert_ne!(env::var("RUNNER_REQUIRE_DATA").as_deref(), Ok("1"), "RUNNER_DATA has no vectors/jcs");
        eprintln!("SKIPPED: the JCS vectors are not under RUNNER_DATA");
    }
    found
}

fn read(folder: &str, name: &str) -> Option<Value> {
    let text = fs::read_to_string(vectors()?.join(folder).join(name)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn canonical_forms_share_the_key() {
    let registry = ToolRegistry::new();
    let spec = ToolSpec::builder("test.echo", "Echoes.").effect(Effect::Pure).build().unwrap();
    let tool = registry.register(echo(spec)).unwrap();
    let cache = ToolResultCache::new(CachePolicy::default());
    let key = |value: &Value| cache.generate_key(&tool.call(params(json!({"v": value})), CallContext::new("t", "p")));
    let mut seen: BTreeMap<CacheKey, &str> = BTreeMap::new();
    for name in ["arrays.json", "french.json", "structures.json", "unicode.json", "values.json", "weird.json"] {
        let (Some(input), Some(output)) = (read("input", name), read("output", name)) else { return };
        assert_eq!(key(&input), key(&output), "{name}");
        assert_eq!(seen.insert(key(&input), name), None, "{name}");
    }
}
