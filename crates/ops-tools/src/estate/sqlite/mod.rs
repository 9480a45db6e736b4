//! The embedded store: one SQLite database, in memory or a file.

mod bind;
mod block;
mod ci;
mod event;
mod fault;
mod load;
mod metric;
mod overview;
mod place;
mod pool;
mod rule;
mod schema;
mod store;
mod validate;
mod work;
mod write;

/// The rows whose item is there and not deleted; the table is called `e`.
const LIVE: &str =
    "EXISTS (SELECT 1 FROM ci c WHERE c.tenant = e.tenant AND c.ci_id = e.ci_id AND c.deleted_at IS NULL)";

pub use store::SqliteEstate;
pub use write::write_estate;

#[cfg(test)]
mod tests;
