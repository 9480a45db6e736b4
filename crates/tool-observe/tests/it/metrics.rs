use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use tool_core::ErrorKind;
use tool_observe::ObservePolicy;

use crate::scripted::{Observed, ann, executed, failed, hit};

/// Keeps counters by their key as text, and how often each was registered.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<String, (Arc<AtomicU64>, u64)>>);

impl Recorder for Kept {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let labels: Vec<String> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let mut kept = self.0.lock().unwrap();
        let entry = kept.entry(format!("{}{{{}}}", key.name(), labels.join(","))).or_default();
        entry.1 += 1;
        Counter::from_arc(Arc::clone(&entry.0))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        panic!("no gauge is made: {key}")
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        panic!("no histogram is made: {key}")
    }
}

#[test]
fn calls_are_counted_by_outcome_and_origin() {
    let (recorder, runtime) = (Kept::default(), tokio::runtime::Builder::new_current_thread().build().unwrap());
    let observed = Observed::new(ObservePolicy::default(), executed());
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            for result in [executed(), hit(), hit(), failed(ErrorKind::TimedOut), hit()] {
                observed.run(Duration::ZERO, result, ann()).await;
            }
        });
    });
    let kept = recorder.0.lock().unwrap();
    let counts: Vec<(&str, u64)> =
        kept.iter().map(|(key, (count, _))| (key.as_str(), count.load(Ordering::Relaxed))).collect();
    assert_eq!(
        counts,
        [
            ("runner_tool_calls_total{tool=ci.search,outcome=ok,origin=executed}", 1),
            ("runner_tool_calls_total{tool=ci.search,outcome=ok,origin=hit}", 3),
            ("runner_tool_calls_total{tool=ci.search,outcome=timed_out,origin=executed}", 1),
        ]
    );
    assert!(kept.values().all(|(_, registered)| *registered == 1));
}
