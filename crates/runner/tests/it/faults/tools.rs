//! What if the tool itself breaks?

use std::{
    panic::panic_any,
    sync::{Arc, Mutex, PoisonError, mpsc},
};

use runner::tool_core::{ErrorKind, Execution};
use serde_json::json;

use super::lab::{Lab, SECOND, UNCACHED, done};

/// Panics when it is dropped, unless something panics already.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic_any(7);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn panic_before_or_after_an_await_is_an_error() {
    let lab = Lab::new(UNCACHED, |run, _| async move {
        if run > 1 {
            tokio::task::yield_now().await;
        }
        panic!("scripted")
    });
    for _ in 0..2 {
        let error = lab.work().await.unwrap_err();
        assert_eq!((error.kind(), error.execution()), (ErrorKind::Panicked, Execution::Unknown));
        assert!(!error.to_string().contains("scripted"), "what a panic says may be secret: {error}");
    }
    assert!(lab.ask("x.quick", json!({})).await.is_ok());
    let stats = lab.runner.tracer().performance_stats();
    assert_eq!(stats.iter().find(|stats| stats.tool.as_str() == "x.work").unwrap().errors_by_kind["panicked"], 2);
    lab.is_at_rest();
}

#[tokio::test(start_paused = true)]
async fn panic_in_a_destructor_is_an_error() {
    let lab = Lab::new(UNCACHED, |_, _| async {
        let _bomb = Bomb;
        done()
    });
    assert_eq!(lab.work().await.unwrap_err().kind(), ErrorKind::Panicked);
    lab.is_at_rest();
}

#[tokio::test(start_paused = true)]
async fn panic_in_the_destructor_of_a_dropped_run_harms_nobody() {
    let lab = Lab::new(UNCACHED, |_, _| async {
        let _bomb = Bomb;
        std::future::pending().await
    });
    assert_eq!(lab.work().await.unwrap_err().kind(), ErrorKind::TimedOut);
    lab.is_at_rest();
}

#[tokio::test(start_paused = true)]
async fn panic_under_a_lock_of_the_tool_stays_with_the_tool() {
    let lock = Arc::new(Mutex::new(0));
    let own = Arc::clone(&lock);
    let lab = Lab::new(UNCACHED, move |run, _| {
        let lock = Arc::clone(&own);
        async move {
            let mut count = lock.lock().unwrap_or_else(PoisonError::into_inner);
            *count += 1;
            if run == 1 {
                panic!("scripted");
            }
            done()
        }
    });
    assert_eq!(lab.work().await.unwrap_err().kind(), ErrorKind::Panicked);
    assert!(lab.work().await.is_ok());
    assert_eq!(*lock.lock().unwrap_or_else(PoisonError::into_inner), 2);
}

#[tokio::test(start_paused = true)]
async fn panic_of_any_payload_is_an_error() {
    let lab = Lab::new(UNCACHED, |_, _| async { panic_any(vec![1, 2, 3]) });
    assert_eq!(lab.work().await.unwrap_err().kind(), ErrorKind::Panicked);
    lab.is_at_rest();
}

#[tokio::test(start_paused = true)]
async fn hanging_tool_is_dropped_and_its_place_is_free() {
    let one = "[guard.limit]\nmax_in_flight = 1\nqueue = 0\n[guard.retry]\nenabled = false\n";
    let lab = Lab::new(&format!("{UNCACHED}{one}"), |run, _| async move {
        if run == 1 { std::future::pending().await } else { done() }
    });
    assert_eq!(lab.work().await.unwrap_err().kind(), ErrorKind::TimedOut);
    assert!(lab.work().await.is_ok());
    lab.is_at_rest();
}

/// A tool that blocks its thread cannot be stopped; with another thread, everybody else goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocking_tool_leaves_the_others_alone() {
    let (free, blocked) = mpsc::channel::<()>();
    let blocked = Arc::new(Mutex::new(blocked));
    let (began, has_begun) = tokio::sync::oneshot::channel();
    let began = Mutex::new(Some(began));
    let lab = Lab::new(UNCACHED, move |_, _| {
        let (blocked, began) = (Arc::clone(&blocked), began.lock().unwrap().take());
        async move {
            began.unwrap().send(()).unwrap();
            let _ = blocked.lock().unwrap().recv();
            done()
        }
    });
    let stuck = lab.spawn(json!({}));
    has_begun.await.unwrap();
    for n in 0..100 {
        assert!(lab.ask("x.quick", json!({"n": n})).await.is_ok());
    }
    free.send(()).unwrap();
    assert!(stuck.await.unwrap().is_ok(), "it answers once it is free");
}

#[tokio::test(start_paused = true)]
async fn answer_after_the_time_is_dropped_and_counted() {
    let lab =
        Lab::new(&format!("{UNCACHED}[guard]\ntimeout = \"5s\"\n[guard.retry]\nenabled = false\n"), |_, _| async {
            tokio::time::sleep(6 * SECOND).await;
            done()
        });
    let error = lab.work().await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::TimedOut, Execution::Unknown));
    assert_eq!(lab.counts().timed_out, 1);
    tokio::time::sleep(10 * SECOND).await;
    lab.is_at_rest();
}

#[tokio::test(start_paused = true)]
async fn call_cancelled_at_any_moment_has_one_outcome() {
    let lab = Lab::new("", |_, _| async {
        tokio::time::sleep(SECOND / 2).await;
        done()
    });
    for after in 0..200 {
        // Before, at and after the answer, which comes at 500 ms.
        let time = after * SECOND / 200;
        let _ = tokio::time::timeout(time, lab.ask("x.work", json!({"n": after}))).await;
    }
    tokio::time::sleep(SECOND).await;
    let stats = lab.runner.tracer().performance_stats();
    let (calls, ok, errors) = (stats[0].calls, stats[0].ok, stats[0].errors);
    assert_eq!((calls, ok + errors), (200, 200));
    assert_eq!(stats[0].errors_by_kind.keys().map(AsRef::as_ref).collect::<Vec<&str>>(), ["cancelled"]);
    lab.is_at_rest();
}
