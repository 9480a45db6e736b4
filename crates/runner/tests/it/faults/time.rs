//! What if the clocks go strange?

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use runner::{
    Config,
    tool_core::{Clock, Effect, Origin, ToolSpec, testing::TokioClock},
};

use super::lab::{Lab, SECOND, done};

/// A clock whose wall time is set by hand, while time goes on as it does.
#[derive(Debug)]
struct Wall {
    clock: TokioClock,
    shift: AtomicI64,
}

impl Clock for Wall {
    fn now(&self) -> Instant {
        self.clock.now()
    }

    fn wall(&self) -> SystemTime {
        let shift = self.shift.load(Ordering::SeqCst);
        let by = Duration::from_secs(shift.unsigned_abs());
        if shift < 0 { self.clock.wall() - by } else { self.clock.wall() + by }
    }
}

#[tokio::test(start_paused = true)]
async fn wall_clock_that_jumps_changes_no_lifetime() {
    let wall = Arc::new(Wall { clock: TokioClock::new(), shift: AtomicI64::new(0) });
    let spec = ToolSpec::builder("x.work", "Works.").effect(Effect::Reads);
    let lab = Lab::with("[cache]\ndefault_ttl = \"10s\"\n", spec, wall.clone(), |_, _| async { done() });
    assert_eq!(lab.work().await.unwrap().report.origin, Origin::Executed);
    for shift in [-3600, 365 * 24 * 3600, 1, 0] {
        wall.shift.store(shift, Ordering::SeqCst);
        assert_eq!(lab.work().await.unwrap().report.origin, Origin::Hit, "by {shift} s");
    }
    tokio::time::sleep(10 * SECOND).await;
    wall.shift.store(-3600, Ordering::SeqCst);
    assert_eq!(lab.work().await.unwrap().report.origin, Origin::Executed);
}

#[tokio::test(start_paused = true)]
async fn hour_of_sleep_expires_answers_and_starts_no_herd() {
    let lab = Lab::new("", |_, _| async {
        tokio::time::sleep(SECOND).await;
        done()
    });
    let ask = |n: u64| lab.spawn(serde_json::json!({"n": n % 10}));
    for n in 0..10 {
        ask(n).await.unwrap().unwrap();
    }
    tokio::time::advance(3600 * SECOND).await;
    let calls: Vec<_> = (0..1000).map(ask).collect();
    for call in calls {
        assert!(!call.await.unwrap().unwrap().report.origin.is_cached());
    }
    assert_eq!(lab.runs(), 20, "one load for each of ten questions, before and after");
    lab.is_at_rest();
}

#[test]
fn times_that_are_none_are_refused_by_name() {
    for (toml, field) in [
        ("[cache]\ndefault_ttl = \"0s\"\n", "default_ttl"),
        ("[cache]\ndefault_ttl = \"-1s\"\n", "default_ttl"),
        ("[cache]\ndefault_ttl = \"nan\"\n", "default_ttl"),
        ("[cache]\ndefault_ttl = \"18446744073709551615s\"\n", "default_ttl"),
        ("[cache.ttl]\n\"x.work\" = \"99999999999999999999h\"\n", "x.work"),
        ("[guard]\ntimeout = \"0s\"\n", "timeout"),
        ("[guard]\nmax_timeout = \"2 fortnights\"\n", "max_timeout"),
    ] {
        let refused = match Config::parse(toml, "test.toml") {
            Err(error) => error.to_string(),
            Ok(config) => {
                let error = runner::Runner::builder().config(config).build().unwrap_err();
                std::error::Error::source(&error).unwrap().to_string()
            }
        };
        assert!(refused.contains(field), "{toml}: {refused}");
    }
}
