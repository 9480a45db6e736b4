//! Who runs the queries, and how is one stopped?
//!
//! A few threads, each with its own read-only connection, take jobs from one bounded queue. Dropping the future of a job
//! interrupts the job's query, and no other.

mod ticket;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use self::ticket::Ticket;
use crate::estate::{EstateError, EstateErrorKind};

/// How many jobs wait at most before their callers do.
const QUEUE: usize = 64;

/// After how many steps of SQLite's machine a query looks whether it is still wanted: some 100 microseconds.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

type Job = Box<dyn FnOnce(&Worker) + Send>;

/// Reader threads over one database.
#[derive(Debug)]
pub(super) struct Pool {
    queue: mpsc::Sender<Job>,
}

/// A connection, and the version of the data it was opened on.
#[derive(Debug)]
struct Worker {
    db: Connection,
    version: i64,
    /// Of the job it runs, or ran last; its queries look at it.
    ticket: Arc<Mutex<Arc<Ticket>>>,
}

impl Worker {
    fn new(mut db: Connection) -> Result<Self, EstateError> {
        let ticket = Arc::new(Mutex::new(Arc::new(Ticket::default())));
        let watched = Arc::clone(&ticket);
        let given_up = move || watched.lock().unwrap_or_else(PoisonError::into_inner).is_cancelled();
        db.progress_handler(STEPS_BETWEEN_LOOKS, Some(given_up))?;
        Ok(Self { version: data_version(&db)?, db, ticket })
    }
}

/// A connection in the middle of a job.
pub(super) struct Reader<'a> {
    /// The connection, in a read transaction.
    pub(super) db: &'a Connection,
    ticket: &'a Ticket,
}

impl Reader<'_> {
    /// Fails once the job's caller has gone: to be asked between the statements of a long job.
    pub(super) fn alive(&self) -> Result<(), EstateError> {
        if self.ticket.is_cancelled() { Err(given_up()) } else { Ok(()) }
    }
}

/// How a job ended.
pub(super) enum Outcome<T> {
    Done(Result<T, EstateError>),
    /// The data has moved since the connection was opened; the job has not run.
    Stale,
}

impl Pool {
    /// Starts one thread for each connection.
    pub(super) fn start(connections: Vec<Connection>) -> Result<Self, EstateError> {
        let workers: Result<Vec<Worker>, EstateError> = connections.into_iter().map(Worker::new).collect();
        let (queue, jobs) = mpsc::channel::<Job>(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        for worker in workers? {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new()
                .name("estate-reader".to_owned())
                .spawn(move || serve(&worker, &jobs))
                .map_err(|e| EstateError::new(EstateErrorKind::Io, "starting a reader failed").with_source(e))?;
        }
        Ok(Self { queue })
    }

    /// Runs a job in a read transaction of some reader, unless the data has moved since the pool was started.
    pub(super) async fn run<T, F>(&self, job: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnOnce(&Reader<'_>) -> Result<T, EstateError> + Send + 'static,
    {
        let (answer, result) = oneshot::channel();
        let ticket = Arc::new(Ticket::default());
        let theirs = Arc::clone(&ticket);
        let work: Job = Box::new(move |worker| {
            if !theirs.is_cancelled() {
                // The caller may go meanwhile; then nobody misses the answer.
                drop(answer.send(attempt(worker, &theirs, job)));
            }
        });
        let _stop = ticket::CancelOnDrop(ticket);
        if self.queue.send(work).await.is_err() {
            return Outcome::Done(Err(reader_lost()));
        }
        result.await.unwrap_or_else(|_| Outcome::Done(Err(reader_lost())))
    }
}

fn serve(worker: &Worker, jobs: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        // Held while waiting: the readers take turns at the end of the queue.
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        let Some(job) = next else { return };
        // A job that panics drops its answer, which its caller sees; the reader goes on.
        drop(catch_unwind(AssertUnwindSafe(|| job(worker))));
    }
}

fn attempt<T>(
    worker: &Worker,
    ticket: &Arc<Ticket>,
    job: impl FnOnce(&Reader<'_>) -> Result<T, EstateError>,
) -> Outcome<T> {
    let run = || {
        *worker.ticket.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(ticket);
        // Dropped at the end, which ends the read transaction.
        let transaction = worker.db.unchecked_transaction()?;
        if data_version(&transaction)? != worker.version {
            return Ok(Outcome::Stale);
        }
        Ok(Outcome::Done(job(&Reader { db: &transaction, ticket })))
    };
    run().unwrap_or_else(|e: EstateError| Outcome::Done(Err(e)))
}

/// Returns a number that moves when another connection changes the data.
fn data_version(db: &Connection) -> Result<i64, EstateError> {
    Ok(db.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}

fn given_up() -> EstateError {
    EstateError::new(EstateErrorKind::Interrupted, "the query was given up")
}

fn reader_lost() -> EstateError {
    EstateError::new(EstateErrorKind::Io, "the reader of the estate stopped in the middle of a query")
}

#[cfg(test)]
mod tests;
