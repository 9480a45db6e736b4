//! Is a query stopped when nobody waits for it, and only then?

use std::future::Future;
use std::pin::pin;
use std::sync::mpsc as std_mpsc;
use std::task::{Context, Waker};

use super::*;

/// Counts to far more than any test waits for.
const ENDLESS: &str =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e15) SELECT count(*) FROM n";

fn one_reader() -> Pool {
    Pool::start(vec![Connection::open_in_memory().unwrap()]).unwrap()
}

async fn one(pool: &Pool) -> i64 {
    let job = |reader: &Reader<'_>| Ok(reader.db.query_row("SELECT 1", [], |row| row.get(0))?);
    match pool.run(job).await {
        Outcome::Done(result) => result.unwrap(),
        Outcome::Stale => panic!("nothing moved"),
    }
}

#[tokio::test]
async fn dropped_query_frees_its_reader() {
    let pool = one_reader();
    let (started, running) = std_mpsc::channel();
    {
        let mut endless = pin!(pool.run(move |reader| {
            started.send(()).unwrap();
            Ok(reader.db.query_row(ENDLESS, [], |row| row.get::<_, i64>(0))?)
        }));
        assert!(endless.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        running.recv().unwrap();
    }
    // The only reader answers, so the endless query has ended.
    assert_eq!(one(&pool).await, 1);
}

#[tokio::test]
async fn dropped_job_in_the_queue_never_runs() {
    let pool = one_reader();
    let (started, running) = std_mpsc::channel();
    let (release, held) = std_mpsc::channel::<()>();
    let (ran, witness) = std_mpsc::channel();
    let mut first = pin!(pool.run(move |_| {
        started.send(()).unwrap();
        held.recv().unwrap();
        Ok(())
    }));
    assert!(first.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    running.recv().unwrap();
    {
        let mut second = pin!(pool.run(move |_| {
            ran.send(()).unwrap();
            Ok(())
        }));
        assert!(second.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    release.send(()).unwrap();
    assert!(matches!(first.await, Outcome::Done(Ok(()))));
    assert_eq!(one(&pool).await, 1);
    assert!(witness.try_recv().is_err());
}

#[tokio::test]
async fn panicking_job_harms_no_other() {
    let pool = one_reader();
    let outcome = pool.run(|_| -> Result<(), EstateError> { panic!("on purpose") }).await;
    assert!(matches!(outcome, Outcome::Done(Err(e)) if e.kind() == EstateErrorKind::Io));
    assert_eq!(one(&pool).await, 1);
}
