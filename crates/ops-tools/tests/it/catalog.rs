//! Does every tool have its place: a profile, an intent, a schema that says what it takes?

use ops_tools::{INTENTS, profile};
use tool_core::{Effect, Scope};

use crate::desk::Desk;

#[test]
fn every_tool_answers_an_intent() {
    for handle in Desk::small().registry().tools() {
        let name = handle.spec().name().as_str();
        let reached = INTENTS.iter().any(|intent| intent.candidates.iter().any(|(tool, _)| *tool == name));
        assert!(reached, "{name} answers no intent");
    }
}

#[test]
fn every_candidate_exists() {
    let desk = Desk::small();
    for (tool, bonus) in INTENTS.iter().flat_map(|intent| intent.candidates) {
        let composed = ops_tools::compositions()
            .iter()
            .any(|composition| tool.strip_prefix("compose.") == Some(&composition.name));
        assert!(composed || desk.registry().resolve(tool).is_ok(), "{tool} does not exist");
        assert!((0.0..=1.0).contains(bonus));
    }
}

#[test]
fn tools_declare_what_they_are() {
    for handle in Desk::small().registry().tools() {
        let spec = handle.spec();
        assert_eq!(spec.profile(), profile(spec.name().as_str()), "{}", spec.name());
        assert!(spec.output_schema().is_some(), "{}", spec.name());
        assert_eq!(spec.input_schema()["additionalProperties"], false, "{}", spec.name());
        if spec.effect() == Effect::Reads {
            assert_eq!(spec.scope(), Scope::Tenant, "{}", spec.name());
            assert!(spec.ttl().is_some(), "{}", spec.name());
        }
        for (parameter, schema) in spec.input_schema()["properties"].as_object().unwrap() {
            let said = schema
                .get("description")
                .or_else(|| schema["properties"].as_object()?.values().next()?.get("description"));
            assert!(said.is_some(), "{} does not say what {parameter} is", spec.name());
        }
    }
}
