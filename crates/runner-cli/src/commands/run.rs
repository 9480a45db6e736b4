//! `runner run`: a composition.

use runner::{
    tool_compose::{CompositionRun, StepStatus},
    tool_core::ToolOutput,
};
use serde_json::json;

use super::call::{is_empty, warn};
use crate::{
    cli,
    exit::{CliError, Exit},
    params::{collect, explain},
    render::{Align, Style, Table, duration, millis, payload, payload_among},
    screen::Screen,
    session::Session,
};

/// Runs the command.
pub(crate) async fn run(args: &cli::Run, session: &Session) -> Result<Exit, CliError> {
    let composition = session.runner.compositions().find(|known| {
        let name = known.pipeline().tool_name();
        name.as_str() == args.pipeline || name.operation() == args.pipeline
    });
    let schema = composition.map_or_else(|| json!({}), |known| known.pipeline().spec().input_schema().clone());
    let params = collect(&args.params, &schema)?;
    let run = session.runner.run(&args.pipeline, params.clone(), session.context()).await;
    let run = run.map_err(|error| explain(error, &params, &schema))?;
    let output = run.to_result().map_err(|error| explain(error, &params, &schema))?;
    session.screen.show(&output.payload, |_, screen| human(&run, &output, screen))?;
    warn(&output, &session.screen);
    Ok(exit(&run))
}

fn exit(run: &CompositionRun) -> Exit {
    if run.steps.iter().any(|step| step.output.is_none()) {
        return Exit::Partial;
    }
    match run.primary() {
        Some(primary) if is_empty(primary.payload.value()) => Exit::Empty,
        _ => Exit::Done,
    }
}

fn human(run: &CompositionRun, output: &ToolOutput, screen: &Screen) -> String {
    let mut table = Table::new(&[
        ("step", Align::Left),
        ("tool", Align::Left),
        ("status", Align::Left),
        ("time", Align::Right),
        ("from", Align::Left),
    ]);
    for step in &run.steps {
        let style = if step.status == StepStatus::Ok { Style::Plain } else { Style::Bad };
        let origin = step.output.as_ref().map_or("", |output| output.report.origin.as_str());
        table.row([
            (step.id.to_string(), Style::Plain),
            (step.tool.to_string(), Style::Name),
            (step.status.as_str().to_owned(), style),
            (duration(millis(step.elapsed)), Style::Plain),
            (origin.to_owned(), Style::Dim),
        ]);
    }
    format!("{}\n{}", results(run, output, screen), table.draw(screen.width, screen.paint))
}

/// Draws what each step answered under its name; a run whose answer is not that of its steps is drawn as a whole.
fn results(run: &CompositionRun, output: &ToolOutput, screen: &Screen) -> String {
    let all: Vec<&serde_json::Value> =
        run.steps.iter().filter_map(|step| step.output.as_ref()).map(|output| output.payload.value()).collect();
    let answered: Vec<String> = run
        .steps
        .iter()
        .filter_map(|step| Some((step, step.output.as_ref()?)))
        .map(|(step, output)| {
            let title = format!("{} ({})", step.id, step.tool);
            format!(
                "{}\n{}",
                screen.paint.paint(Style::Strong, &title),
                payload_among(output.payload.value(), &all, screen)
            )
        })
        .collect();
    if answered.is_empty() { payload(output.payload.value(), screen) } else { answered.join("\n") }
}
