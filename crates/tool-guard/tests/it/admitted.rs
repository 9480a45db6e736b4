use std::{sync::Arc, time::Duration};

use tool_core::{AllowAll, CallContext, Decision, ErrorKind, Execution, Policy, ToolExecutor, ToolSpec};
use tool_guard::AdmittedExecutor;

use crate::scripted::{Bench, Script, ann};

/// Allows ann of acme alone.
#[derive(Debug)]
struct OnlyAnn;

impl Policy for OnlyAnn {
    fn decide(&self, context: &CallContext, _spec: &ToolSpec) -> Decision {
        match (context.tenant(), context.principal()) {
            ("acme", "ann") => Decision::Allow,
            _ => Decision::deny("only ann may"),
        }
    }
}

const NOW: Script = Script::Sleep(Duration::ZERO);

#[tokio::test(start_paused = true)]
async fn denied_call_never_starts() {
    let bench = Bench::new(NOW);
    let admitted = AdmittedExecutor::new(Arc::clone(&bench.registry), Arc::new(OnlyAnn));
    let error = admitted.execute(bench.call(CallContext::new("acme", "bob"))).await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::Denied, Execution::NotExecuted));
    assert_eq!(error.to_string(), "`bob` may not call x.work: only ann may");
    assert_eq!((error.report().attempts, bench.started(), admitted.denied()), (0, 0, 1));
}

#[tokio::test(start_paused = true)]
async fn allowed_call_goes_through() {
    let bench = Bench::new(NOW);
    let admitted = AdmittedExecutor::new(Arc::clone(&bench.registry), Arc::new(OnlyAnn));
    admitted.execute(bench.call(ann())).await.unwrap();
    assert_eq!((bench.started(), admitted.denied()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn every_call_is_asked_about() {
    let bench = Bench::new(NOW);
    let admitted = AdmittedExecutor::new(Arc::clone(&bench.registry), Arc::new(OnlyAnn));
    for tenant in ["acme", "evil", "acme", "evil"] {
        let _ = admitted.execute(bench.call(CallContext::new(tenant, "ann"))).await;
    }
    assert_eq!((bench.started(), admitted.denied()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn disabled_admission_asks_nobody() {
    let bench = Bench::new(NOW);
    let admitted = AdmittedExecutor::disabled(Arc::clone(&bench.registry));
    admitted.execute(bench.call(CallContext::new("acme", "bob"))).await.unwrap();
    assert_eq!((bench.started(), admitted.denied()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn allow_all_denies_nothing() {
    let bench = Bench::new(NOW);
    let admitted = AdmittedExecutor::new(Arc::clone(&bench.registry), Arc::new(AllowAll::new()));
    admitted.execute(bench.call(CallContext::new("any", "body"))).await.unwrap();
    assert_eq!(admitted.denied(), 0);
}
