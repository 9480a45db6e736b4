//! `runner estate`: make one, look at one.

use std::path::Path;

use ops_tools::{EstateData, PetShop, format_instant, import_csv, import_nezha, write_estate};
use runner::tool_core::ToolError;
use serde_json::json;

use crate::{
    cli::ImportFormat,
    exit::{CliError, Exit},
    screen::Screen,
    session::{Session, with_causes},
};

/// The tenant of what is imported, unless one is named.
const TENANT: &str = "default";

/// Makes an estate file of a directory; the file is replaced as a whole, or left as it was.
pub(crate) fn import(
    format: ImportFormat,
    directory: &Path,
    out: &Path,
    tenant: Option<&str>,
    screen: &Screen,
) -> Result<Exit, CliError> {
    let tenant = tenant.unwrap_or(TENANT);
    let data: EstateData = match format {
        ImportFormat::Csv => import_csv(directory, tenant),
        ImportFormat::Petshop => PetShop::open(directory).and_then(|scenario| scenario.to_estate(tenant)),
        ImportFormat::Nezha => import_nezha(directory, tenant),
    }
    .map_err(|error| CliError::bad_input(with_causes(&error)))?;
    let points: usize = data.series.iter().map(|series| series.points.len()).sum();
    let counts = json!({
        "out": out, "tenant": tenant, "cis": data.cis.len(), "relations": data.relations.len(),
        "series": data.series.len(), "points": points, "events": data.events.len(), "work": data.work.len(),
    });
    write_estate(out, &[data]).map_err(|error| CliError::from(ToolError::from(error)))?;
    screen.show(&counts, |counts, _| {
        format!(
            "{}: {} items, {} relations, {} series with {} values, {} events\nnext: runner investigate --estate {}\n",
            out.display(),
            counts["cis"],
            counts["relations"],
            counts["series"],
            counts["points"],
            counts["events"],
            out.display()
        )
    })?;
    Ok(Exit::Done)
}

/// Shows what an estate holds.
pub(crate) async fn show(session: &Session) -> Result<Exit, CliError> {
    let failed = |error| CliError::from(ToolError::from(error));
    let summary = session.estate.summary(&session.tenant).await.map_err(failed)?;
    let tenants = session.estate.tenants().await.map_err(failed)?;
    let metrics = session.estate.metric_defs(&session.tenant).await.map_err(failed)?;
    let answer = json!({"tenant": session.tenant, "tenants": tenants, "summary": *summary, "metrics": *metrics});
    session.screen.show(&answer, |_, _| {
        let period = summary.data.map_or_else(
            || "no metric data".to_owned(),
            |data| format!("{} to {}", format_instant(data.from), format_instant(data.to)),
        );
        let names: Vec<&str> = metrics.iter().map(|metric| metric.name.as_str()).collect();
        format!(
            "{} (tenant {})\n  items      {}\n  relations  {}\n  values     {} in {} series\n  period     {period}\n  events     {}\n  metrics    {}\n",
            summary.origin, session.tenant, summary.items, summary.relations, summary.points, summary.series, summary.events, names.join(", ")
        )
    })?;
    Ok(if summary.items == 0 { Exit::Empty } else { Exit::Done })
}
