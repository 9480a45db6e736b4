//! Nothing computed for one is given to another.

use proptest::prelude::*;
use serde_json::json;
use tool_cache::{CachePolicy, ToolResultCache};
use tool_core::{CallContext, Effect, Params, Scope, Source, ToolHandle, ToolRegistry, ToolSpec};

use crate::support::{World, echo, params, reads};

/// Everything that may separate two answers.
#[derive(Debug, Clone, PartialEq)]
struct Asker {
    tenant: &'static str,
    principal: &'static str,
    source: &'static str,
    generation: u64,
    name: &'static str,
    scope: Scope,
    schema: u64,
    tag: &'static str,
}

impl Asker {
    fn handle(&self) -> ToolHandle {
        let spec = ToolSpec::builder(self.name, "Echoes.")
            .effect(Effect::Reads)
            .scope(self.scope)
            .source(Source::new(self.source, self.generation))
            .input(json!({"type": "object", "maxProperties": self.schema}))
            .tag(self.tag);
        ToolRegistry::new().register(echo(spec.build().unwrap())).unwrap()
    }

    /// Returns whether the other may be given this one's answer, by definition of the scopes.
    fn shares_with(&self, other: &Self) -> bool {
        let tool = |a: &Self| (a.source, a.generation, a.name, a.scope, a.schema, a.tag);
        tool(self) == tool(other)
            && match self.scope {
                Scope::Principal => (self.tenant, self.principal) == (other.tenant, other.principal),
                Scope::Tenant => self.tenant == other.tenant,
                Scope::Shared => true,
            }
    }
}

fn asker() -> impl Strategy<Value = Asker> {
    // Names that run into each other if they are put together carelessly.
    let id = || prop::sample::select(vec!["a", "ab", "", "b", "bc", "a\0b"]);
    let scope = prop::sample::select(vec![Scope::Principal, Scope::Tenant, Scope::Shared]);
    let name = prop::sample::select(vec!["x.y", "x.yz"]);
    (id(), id(), id(), 0..3u64, name, scope, 3..5u64, id()).prop_map(
        |(tenant, principal, source, generation, name, scope, schema, tag)| Asker {
            tenant,
            principal,
            source,
            generation,
            name,
            scope,
            schema,
            tag,
        },
    )
}

proptest! {
    #[test]
    fn keys_are_shared_exactly_by_scope(a in asker(), b in asker()) {
        let cache = ToolResultCache::new(CachePolicy::default());
        let key = |asker: &Asker| {
            let context = CallContext::new(asker.tenant, asker.principal);
            cache.generate_key(&asker.handle().call(params(json!({"id": 1})), context))
        };
        prop_assert_eq!(key(&a) == key(&b), a.shares_with(&b));
        prop_assert_eq!(key(&a), key(&a));
    }
}

#[tokio::test]
async fn new_generation_starts_empty() {
    let world = World::new();
    let source = Source::new("estate:demo:7", 1);
    world.counting(reads("ci.get").source(source.clone()));
    assert_eq!(world.origin("ci.get", json!({})).await.1, 1);
    source.set_generation(2);
    assert_eq!(world.origin("ci.get", json!({})).await.1, 2);
    source.set_generation(1);
    assert_eq!(world.origin("ci.get", json!({})).await.1, 1);
}

#[test]
fn many_callers_get_their_own_answers() {
    let cache = ToolResultCache::new(CachePolicy::builder().max_entries(10_000).build().unwrap());
    let tool = Asker {
        tenant: "",
        principal: "",
        source: "s",
        generation: 0,
        name: "x.y",
        scope: Scope::Principal,
        schema: 3,
        tag: "",
    }
    .handle();
    // More owners than a thread remembers subkeys of, all asking the same.
    let owners: Vec<(String, String)> =
        (0..40).flat_map(|t| (0..20).map(move |p| (format!("t{t}"), format!("p{p}")))).collect();
    let call = |(tenant, principal): &(String, String)| {
        tool.call(Params::empty(), CallContext::new(tenant.as_str(), principal.as_str()))
    };
    for owner in &owners {
        assert!(cache.get(&call(owner)).is_none());
        let output = tool_core::ToolOutput::json(&json!(format!("{owner:?}"))).unwrap();
        cache.set(&call(owner), &output, None).unwrap();
    }
    for owner in owners.iter().rev() {
        assert_eq!(cache.get(&call(owner)).unwrap().payload.value(), &json!(format!("{owner:?}")));
    }
}

#[test]
fn caches_have_their_own_secrets() {
    let world = (World::new(), World::new());
    world.0.counting(reads("ci.get"));
    let call = world.0.call("ci.get", json!({}));
    assert_ne!(world.0.cache().generate_key(&call), world.1.cache().generate_key(&call));
}
