//! `runner estate`: make one, look at one.

use std::path::Path;

use ops_tools::{EstateData, PetShop, format_instant, import_csv, import_nezha, write_estate};
use runner::tool_core::ToolError;
use serde_json::json;

use crate::{
    cli::ImportFormat,
    exit::{CliError, Exit, with_causes},
    render::{Align, Style, Table, command, fit, wrap},
    screen::Screen,
    session::Session,
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
    let home = out.parent().filter(|home| !home.as_os_str().is_empty());
    if let Some(home) = home.filter(|home| !home.is_dir()) {
        return Err(CliError::bad_input(format!("--out {}: there is no directory {}", out.display(), home.display())));
    }
    let data: EstateData = match format {
        ImportFormat::Csv => import_csv(directory, tenant),
        ImportFormat::Petshop => PetShop::open(directory).and_then(|scenario| scenario.to_estate(tenant)),
        ImportFormat::Nezha => import_nezha(directory, tenant),
    }
    .map_err(|error| CliError::bad_input(with_causes(&error)))?;
    let subject = data.events.is_empty().then_some("CODE");
    let next = ["runner", "investigate"].map(str::to_owned).into_iter().chain(subject.map(str::to_owned));
    let next: Vec<String> = next.chain(["--estate".to_owned(), out.display().to_string()]).collect();
    let points: usize = data.series.iter().map(|series| series.points.len()).sum();
    let counts = json!({
        "out": out, "tenant": tenant, "cis": data.cis.len(), "relations": data.relations.len(),
        "series": data.series.len(), "points": points, "events": data.events.len(), "work": data.work.len(),
    });
    write_estate(out, &[data]).map_err(|error| CliError::of_estate(&out.display().to_string(), &error))?;
    screen.show(&counts, |counts, screen| {
        let held = format!(
            "{}: {} items, {} relations, {} series with {points} values, {} events",
            out.display(),
            counts["cis"],
            counts["relations"],
            counts["series"],
            counts["events"],
        );
        let next = command(&next, screen.width, 2).join("\n");
        format!("{}\n\nNext\n{next}\n", wrap(&held, screen.width).join("\n"))
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
    session.screen.show(&answer, |_, screen| {
        let period = summary.data.map_or_else(
            || "no metric data".to_owned(),
            |data| format!("{} to {}", format_instant(data.from), format_instant(data.to)),
        );
        let names: Vec<&str> = metrics.iter().map(|metric| metric.name.as_str()).collect();
        let mut table = Table::new(&[("", Align::Left), ("", Align::Prose)]);
        for (name, value) in [
            ("tenant", session.tenant.clone()),
            ("items", summary.items.to_string()),
            ("relations", summary.relations.to_string()),
            ("values", format!("{} in {} series", summary.points, summary.series)),
            ("period", period),
            ("events", summary.events.to_string()),
            ("metrics", if names.is_empty() { "none".to_owned() } else { names.join(", ") }),
        ] {
            table.row([(name.to_owned(), Style::Dim), (value, Style::Plain)]);
        }
        let origin = screen.paint.paint(Style::Strong, &fit(&summary.origin, screen.width));
        format!("{origin}\n{}", table.draw(screen.width, screen.paint))
    })?;
    Ok(if summary.items == 0 { Exit::Empty } else { Exit::Done })
}
