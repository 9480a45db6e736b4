//! Which database is open, and what of it is kept in memory?

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::Connection;
use tokio::sync::OnceCell;
use tool_core::Source;

use super::load;
use super::place::{Place, Stamp};
use super::pool::{Outcome, Pool, Reader};
use super::{ci, event, metric, overview, rule, work};
use crate::estate::{
    Ci, CiAggregate, CiGroups, CiSearch, Estate, EstateData, EstateError, EstateErrorKind, EstateSummary, Event,
    EventQuery, Graph, MetricAggregate, MetricDef, MetricInfo, MetricList, MetricRead, MetricSeries, MetricValue, Page,
    Resolution, Rule, Series, Work, WorkQuery,
};

/// How many threads read.
const READERS: usize = 2;

/// How long a read waits for another process to let go of the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);

/// How often a read starts anew because the data moved under it, before it gives up.
const MAX_REOPENS: usize = 3;

/// An estate in SQLite: in memory for simulations, or a file written by [`write_estate`](crate::write_estate).
///
/// Files are opened for reading only. When another process changes or replaces the file, the next read or
/// [`Estate::refresh`] sees it: the file is opened anew, and the identity and the graph with it.
pub struct SqliteEstate {
    place: Place,
    busy_timeout: Duration,
    source: Source,
    open: RwLock<Arc<Open>>,
}

/// One version of the data.
#[derive(Debug)]
struct Open {
    pool: Pool,
    stamp: Option<Stamp>,
    content_id: String,
    generation: u64,
    tenants: BTreeMap<String, Kept>,
}

/// What is read once per version and tenant, when first asked for.
#[derive(Debug, Default)]
struct Kept {
    summary: OnceCell<Arc<EstateSummary>>,
    graph: OnceCell<Arc<Graph>>,
    metrics: OnceCell<Arc<[MetricDef]>>,
}

impl SqliteEstate {
    /// Stores the data of one or more tenants in memory.
    ///
    /// # Errors
    ///
    /// [`EstateErrorKind::InvalidData`] if the data contradicts itself; [`EstateErrorKind::Io`] if no thread can be
    /// started.
    pub fn in_memory(data: &[EstateData]) -> Result<Self, EstateError> {
        let place = Place::in_memory();
        // Keeps the database alive until the readers are open.
        let mut loader = place.connect_to_write()?;
        load::fill(&mut loader, data)?;
        Self::over(place, BUSY_TIMEOUT)
    }

    /// Opens an estate file for reading, bringing it to the present version first if it is older.
    ///
    /// # Errors
    ///
    /// [`EstateErrorKind::NotFound`] without such a file, [`EstateErrorKind::NotAnEstate`] if it is something else,
    /// [`EstateErrorKind::NewerVersion`], [`EstateErrorKind::Corrupt`], [`EstateErrorKind::Locked`] if another process
    /// does not let go of it within a second, [`EstateErrorKind::Io`] otherwise.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, EstateError> {
        Self::over(Place::File(path.as_ref().to_owned()), BUSY_TIMEOUT)
    }

    #[cfg(test)]
    pub(super) fn open_impatiently(path: &Path) -> Result<Self, EstateError> {
        Self::over(Place::File(path.to_owned()), Duration::ZERO)
    }

    fn over(place: Place, busy_timeout: Duration) -> Result<Self, EstateError> {
        let open = Open::new(&place, busy_timeout)?;
        let source = Source::new(format!("estate:{}", open.content_id), open.generation);
        Ok(Self { place, busy_timeout, source, open: RwLock::new(Arc::new(open)) })
    }

    fn current(&self) -> Arc<Open> {
        Arc::clone(&self.open.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs a job on a reader for a tenant that exists, on the data as it is now.
    async fn read<T, F>(&self, tenant: &str, job: F) -> Result<T, EstateError>
    where
        T: Send + 'static,
        F: Fn(&Reader<'_>, &str) -> Result<T, EstateError> + Send + Sync + 'static,
    {
        let job = Arc::new(job);
        for _ in 0..MAX_REOPENS {
            let open = self.newest().await?;
            open.kept(tenant)?;
            let (job, owned) = (Arc::clone(&job), tenant.to_owned());
            match open.pool.run(move |reader| job(reader, &owned)).await {
                Outcome::Done(result) => return result,
                Outcome::Stale => self.reopen().await?,
            }
        }
        Err(EstateError::new(EstateErrorKind::Locked, "the estate is being changed by another process all the time"))
    }

    /// Returns the open database, opened anew if its file was touched since.
    async fn newest(&self) -> Result<Arc<Open>, EstateError> {
        let open = self.current();
        if open.stamp == self.place.stamp() {
            return Ok(open);
        }
        self.reopen().await?;
        Ok(self.current())
    }

    async fn reopen(&self) -> Result<(), EstateError> {
        let (place, busy_timeout) = (self.place.clone(), self.busy_timeout);
        let fresh = tokio::task::spawn_blocking(move || Open::new(&place, busy_timeout))
            .await
            .map_err(|e| EstateError::new(EstateErrorKind::Io, "opening the estate failed").with_source(e))??;
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        self.source.set_generation(next_generation(&open, &fresh, self.source.generation()));
        *open = Arc::new(fresh);
        Ok(())
    }
}

impl fmt::Debug for SqliteEstate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteEstate").field("place", &self.place).field("source", &self.source).finish()
    }
}

impl Open {
    fn new(place: &Place, busy_timeout: Duration) -> Result<Self, EstateError> {
        // In this order, so that whatever moves meanwhile is noticed: stamp, readers, content.
        let stamp = place.stamp();
        place.prepare(busy_timeout)?;
        let readers: Result<Vec<Connection>, EstateError> =
            (0..READERS).map(|_| place.connect_to_read(busy_timeout)).collect();
        let pool = Pool::start(readers?)?;
        let db = place.connect_to_read(busy_timeout)?;
        Ok(Self {
            pool,
            stamp,
            content_id: overview::content_id(&db)?,
            generation: place.generation()?,
            tenants: overview::tenants(&db)?.into_iter().map(|t| (t, Kept::default())).collect(),
        })
    }

    fn kept(&self, tenant: &str) -> Result<&Kept, EstateError> {
        self.tenants
            .get(tenant)
            .ok_or_else(|| EstateError::new(EstateErrorKind::NotFound, format!("the estate has no tenant `{tenant}`")))
    }
}

#[async_trait]
impl Estate for SqliteEstate {
    fn source(&self) -> Source {
        self.source.clone()
    }

    async fn refresh(&self) -> Result<(), EstateError> {
        if let Outcome::Stale = self.newest().await?.pool.run(|_| Ok(())).await {
            self.reopen().await?;
        }
        Ok(())
    }

    async fn tenants(&self) -> Result<Vec<String>, EstateError> {
        Ok(self.newest().await?.tenants.keys().cloned().collect())
    }

    async fn summary(&self, tenant: &str) -> Result<Arc<EstateSummary>, EstateError> {
        let open = self.newest().await?;
        let kept = open.kept(tenant)?;
        let read = || async { self.read(tenant, overview::summary).await.map(Arc::new) };
        kept.summary.get_or_try_init(read).await.cloned()
    }

    async fn graph(&self, tenant: &str) -> Result<Arc<Graph>, EstateError> {
        let open = self.newest().await?;
        let kept = open.kept(tenant)?;
        let read = || async { self.read(tenant, overview::graph).await.map(Arc::new) };
        kept.graph.get_or_try_init(read).await.cloned()
    }

    async fn search_cis(&self, tenant: &str, query: CiSearch) -> Result<Page<Ci>, EstateError> {
        self.read(tenant, move |reader, tenant| ci::search(reader, tenant, &query)).await
    }

    async fn aggregate_cis(&self, tenant: &str, query: CiAggregate) -> Result<CiGroups, EstateError> {
        self.read(tenant, move |reader, tenant| ci::aggregate(reader, tenant, &query)).await
    }

    async fn list_cis(&self, tenant: &str, query: CiSearch) -> Result<Page<Ci>, EstateError> {
        self.read(tenant, move |reader, tenant| ci::list(reader, tenant, &query)).await
    }

    async fn ci(&self, tenant: &str, ci_id: &str) -> Result<Ci, EstateError> {
        let id = ci_id.to_owned();
        let found = self.read(tenant, move |reader, tenant| ci::by_id(reader, tenant, &id)).await?;
        match found {
            Some(ci) => Ok(ci),
            None => Err(unknown(format!("no item has the id `{ci_id}`"), &*self.graph(tenant).await?, ci_id)),
        }
    }

    async fn ci_by_code(&self, tenant: &str, ci_code: &str) -> Result<Ci, EstateError> {
        let code = ci_code.to_owned();
        let found = self.read(tenant, move |reader, tenant| ci::by_code(reader, tenant, &code)).await?;
        match found {
            Some(ci) => Ok(ci),
            None => Err(unknown(format!("no item has the code `{ci_code}`"), &*self.graph(tenant).await?, ci_code)),
        }
    }

    async fn resolve(&self, tenant: &str, text: &str) -> Result<Resolution, EstateError> {
        Ok(self.graph(tenant).await?.resolve(text))
    }

    async fn metric_defs(&self, tenant: &str) -> Result<Arc<[MetricDef]>, EstateError> {
        let open = self.newest().await?;
        let kept = open.kept(tenant)?;
        let read = || async { self.read(tenant, metric::defs).await.map(Arc::from) };
        kept.metrics.get_or_try_init(read).await.cloned()
    }

    async fn list_metrics(&self, tenant: &str, query: MetricList) -> Result<Page<MetricInfo>, EstateError> {
        self.read(tenant, move |reader, tenant| metric::list(reader, tenant, &query)).await
    }

    async fn aggregate_metric(&self, tenant: &str, query: MetricAggregate) -> Result<MetricValue, EstateError> {
        self.read(tenant, move |reader, tenant| metric::aggregate(reader, tenant, &query)).await
    }

    async fn metric_series(&self, tenant: &str, query: MetricSeries) -> Result<Page<(i64, f64)>, EstateError> {
        self.read(tenant, move |reader, tenant| metric::newest(reader, tenant, &query)).await
    }

    async fn read_metrics(&self, tenant: &str, query: MetricRead) -> Result<Vec<Series>, EstateError> {
        self.read(tenant, move |reader, tenant| metric::read(reader, tenant, &query)).await
    }

    async fn events(&self, tenant: &str, query: EventQuery) -> Result<Page<Event>, EstateError> {
        self.read(tenant, move |reader, tenant| event::list(reader, tenant, &query)).await
    }

    async fn work(&self, tenant: &str, query: WorkQuery) -> Result<Page<Work>, EstateError> {
        self.read(tenant, move |reader, tenant| work::list(reader, tenant, &query)).await
    }

    async fn rules(&self, tenant: &str) -> Result<Vec<Rule>, EstateError> {
        self.read(tenant, rule::list).await
    }

    async fn rule(&self, tenant: &str, rule_id: &str) -> Result<Option<Rule>, EstateError> {
        let id = rule_id.to_owned();
        self.read(tenant, move |reader, tenant| rule::by_id(reader, tenant, &id)).await
    }
}

/// Returns the generation after `old` was replaced by `new`: the file's own count as long as it is the same content that
/// was changed; for another import, whose count means nothing here, a number that hangs on its content.
fn next_generation(old: &Open, new: &Open, now: u64) -> u64 {
    if old.content_id == new.content_id {
        return now.wrapping_add(new.generation.wrapping_sub(old.generation));
    }
    let digest = blake3::hash(format!("{now} {} {}", new.content_id, new.generation).as_bytes());
    digest.as_bytes().first_chunk::<8>().map_or(now.wrapping_add(1), |bytes| u64::from_le_bytes(*bytes))
}

fn unknown(message: String, graph: &Graph, text: &str) -> EstateError {
    EstateError::new(EstateErrorKind::NotFound, message).with_candidates(graph.nearest(text))
}
