use std::{
    fmt,
    sync::{Arc, Mutex},
};

use serde_json::json;
use tool_compose::ErrorHandling;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::support::{World, context, empty, failing, step};

/// Keeps the fields of every event, as `name=value`.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Vec<String>>>>);

struct Fields(Vec<String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push(format!("{}={value:?}", field.name()));
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("tool_compose")
    }

    fn new_span(&self, _span: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _span: &span::Id, _values: &span::Record<'_>) {}

    fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(Vec::new());
        event.record(&mut fields);
        self.0.lock().unwrap().push(fields.0);
    }

    fn enter(&self, _span: &span::Id) {}

    fn exit(&self, _span: &span::Id) {}
}

#[tokio::test]
async fn skips_and_fallbacks_are_logged() {
    let (world, log) = (World::new(), Log::default());
    let pipeline = empty()
        .step(failing("a").error_handling(ErrorHandling::Skip))
        .step(failing("b").error_handling(ErrorHandling::fallback_with("test.c", serde_json::Map::new())))
        .step(step("d", json!({})))
        .build()
        .unwrap();
    let guard = tracing::subscriber::set_default(log.clone());
    world.run_in(&pipeline, json!({}), context().with_request_id("r-1")).await;
    drop(guard);
    let event = |step: &str, status: &str| {
        vec![
            "message=step did not answer".to_owned(),
            "composition=compose.sample".to_owned(),
            format!("step={step}"),
            format!("tool=test.{step}"),
            r#"kind="not_found""#.to_owned(),
            format!("status={status:?}"),
            r#"request_id="r-1""#.to_owned(),
        ]
    };
    assert_eq!(*log.0.lock().unwrap(), [event("a", "skipped"), event("b", "fallback")]);
}
