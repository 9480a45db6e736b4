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
    params::collect,
    render::{Align, Style, Table, duration, millis},
    screen::Screen,
    session::Session,
};

/// Runs the command.
pub(crate) async fn run(args: &cli::Run, session: &Session) -> Result<Exit, CliError> {
    let composition = session.runner.compositions().find(|known| {
        let name = known.pipeline().tool_name();
        name.as_str() == args.pipeline || name.operation() == args.pipeline
    });
    let params = match composition {
        Some(known) => collect(&args.params, known.pipeline().spec().input_schema())?,
        None => collect(&args.params, &json!({}))?,
    };
    let run = session.runner.run(&args.pipeline, params, session.context()).await?;
    let output = run.to_result()?;
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
    format!("{:#}\n{}", output.payload.value(), table.draw(screen.width, screen.paint))
}
