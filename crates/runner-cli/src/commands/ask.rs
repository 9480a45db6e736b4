//! `runner ask`: what does a question mean, and what is its answer?

use ops_tools::{AskGiven, AskGrammar, Investigation, TimeRange, format_instant};
use runner::{
    tool_core::{CallReport, ErrorKind, Params, ToolError, ToolOutput},
    tool_select::{Entity, Interpretation, Interpreter, Reading, Selection, ToolSelectionContext, UnknownName},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    call::{is_empty, warn},
    investigate, select,
};
use crate::{
    cli,
    exit::{CliError, Exit},
    params::{collect, explain},
    render::answered,
    session::Session,
};

/// What was understood, what was called, and what came back.
#[derive(Debug, Serialize)]
pub(crate) struct Answered {
    pub(crate) question: String,
    pub(crate) understood: Understood,
    pub(crate) tool: Option<String>,
    pub(crate) params: Option<Value>,
    pub(crate) result: Option<Value>,
    pub(crate) report: Option<CallReport>,
    pub(crate) unused_words: Vec<String>,
    /// Tools that fitted better and failed, each with why.
    pub(crate) fell_back_from: Vec<FellBack>,
    /// Calls that come near, where none fits.
    pub(crate) nearest: Vec<Reading>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) selection: Option<Selection>,
    #[serde(skip)]
    pub(crate) investigation: Option<Box<Investigation>>,
}

/// What a question was taken for.
#[derive(Debug, Serialize)]
pub(crate) struct Understood {
    pub(crate) intent: Option<String>,
    pub(crate) entities: Vec<Entity>,
    /// The window that the parameters mean, where they name one.
    pub(crate) window: Option<Between>,
    /// Why this tool, or why none.
    pub(crate) why: String,
}

/// Two instants, RFC 3339; the second is outside.
#[derive(Debug, Serialize)]
pub(crate) struct Between {
    pub(crate) from: String,
    pub(crate) to: String,
}

/// A tool that was called first and failed.
#[derive(Debug, Serialize)]
pub(crate) struct FellBack {
    pub(crate) tool: String,
    pub(crate) error: ToolError,
}

/// Runs the command.
pub(crate) async fn run(args: &cli::Ask, session: &Session) -> Result<Exit, CliError> {
    let strategy = select::strategy(args.strategy.as_deref(), session)?;
    let grammar = AskGrammar::load(&*session.estate, &session.tenant).await.map_err(ToolError::from)?;
    let read = grammar.with_given(given(args, session)?).interpret(&args.question);
    let mut read = read.map_err(|error| CliError::bad_input(error.to_string()))?;
    if !read.unknown.is_empty() {
        return Err(no_such_name(&read.unknown));
    }
    let known = read.known_params().map(str::to_owned).chain(args.param.iter().map(|pair| key(pair)));
    let request = ToolSelectionContext::new(session.context()).with_strategy(strategy).with_known_params(known);
    let selection = match read.intent.as_deref() {
        Some(intent) => Some(session.runner.select(&request.with_intent(intent))?),
        None => None,
    };
    let order = order(args, &mut read, selection.as_ref())?;
    let mut answer = Answered::of(args, read, selection.filter(|_| args.explain));
    let exit = call_in_turn(args, order, &mut answer, session).await?;
    answer.understood.window = window(answer.params.as_ref(), session).await?;
    session.screen.show(&answer, |answer, screen| answered(answer, &session.options, screen))?;
    Ok(exit)
}

fn key(pair: &str) -> String {
    pair.split('=').next().unwrap_or_default().to_owned()
}

fn given(args: &cli::Ask, session: &Session) -> Result<AskGiven, CliError> {
    let mut given = AskGiven::default();
    if let Some(tool) = &args.tool {
        given.tool = Some(session.runner.registry().resolve(tool)?.spec().name().clone());
    }
    if let Some(text) = &args.time_range {
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()));
        TimeRange::parse(&value)
            .map_err(|expected| CliError::bad_input(format!("--time-range {text}: expected {expected}")))?;
        given.time_range = Some(value);
    }
    given.ci.clone_from(&args.ci);
    given.metric.clone_from(&args.metric);
    given.limit = args.limit.map(u64::from);
    Ok(given)
}

fn no_such_name(unknown: &[UnknownName]) -> CliError {
    let names: Vec<String> = unknown.iter().map(|name| format!("no {} is called `{}`", name.kind, name.text)).collect();
    let near = unknown.iter().flat_map(|name| name.suggestions.iter().cloned()).collect();
    CliError::bad_input(names.join("; ")).with_suggestions(near)
}

/// Returns the readings in the order in which they are tried: as selection ranks them.
///
/// A tool that was asked for by name is called whatever was understood: what it lacks, it says itself.
fn order(
    args: &cli::Ask,
    read: &mut Interpretation,
    selection: Option<&Selection>,
) -> Result<Vec<(Reading, Option<f64>)>, CliError> {
    if let (Some(tool), true) = (&args.tool, read.readings.is_empty()) {
        let tool = tool.parse().map_err(|error| CliError::bad_input(format!("--tool {tool}: {error}")))?;
        return Ok(vec![(Reading::new(tool, Params::empty()), None)]);
    }
    let ranked = selection.map(|selection| read.ranked(selection)).unwrap_or_default();
    Ok(ranked.into_iter().map(|(reading, tool)| (reading.clone(), Some(tool.score))).collect())
}

impl Answered {
    fn of(args: &cli::Ask, read: Interpretation, selection: Option<Selection>) -> Self {
        Self {
            question: args.question.clone(),
            understood: Understood {
                intent: read.intent,
                entities: read.entities,
                window: None,
                why: "no tool answers this".to_owned(),
            },
            tool: None,
            params: None,
            result: None,
            report: None,
            unused_words: read.unused.into_iter().map(|word| word.text).collect(),
            fell_back_from: Vec::new(),
            nearest: read.near,
            selection,
            investigation: None,
        }
    }

    fn take(&mut self, output: &ToolOutput) {
        self.result = Some(output.payload.value().clone());
        self.report = Some(output.report.clone());
    }
}

/// Calls one tool after the other until one answers; what is wrong with the question itself ends it at once.
async fn call_in_turn(
    args: &cli::Ask,
    order: Vec<(Reading, Option<f64>)>,
    answer: &mut Answered,
    session: &Session,
) -> Result<Exit, CliError> {
    let last = order.len().saturating_sub(1);
    for (at, (reading, score)) in order.iter().enumerate() {
        let (tool, params) = (reading.tool.as_str(), merged(args, reading, session)?);
        (answer.tool, answer.params) = (Some(tool.to_owned()), Some(params.as_value().clone()));
        answer.understood.why = why(args, &order, at, *score);
        match call(tool, &params, answer, session).await {
            Ok(exit) => return Ok(exit),
            Err(error) if at < last && may_fall_back(&error) => {
                answer.fell_back_from.push(FellBack { tool: tool.to_owned(), error });
            }
            Err(error) => {
                let schema = session.runner.registry().resolve(tool)?.spec().input_schema().clone();
                return Err(explain(error, &params, &schema));
            }
        }
    }
    Ok(Exit::Empty)
}

/// Lays each `-p` over the parameters that were understood.
fn merged(args: &cli::Ask, reading: &Reading, session: &Session) -> Result<Params, CliError> {
    let handle = session.runner.registry().resolve(reading.tool.as_str())?;
    let typed = cli::ParamArgs { param: args.param.clone(), params: None };
    let over = collect(&typed, handle.spec().input_schema())?;
    let mut all = reading.params.as_value().as_object().cloned().unwrap_or_default();
    all.extend(over.as_value().as_object().cloned().unwrap_or_default());
    Ok(all.into())
}

fn why(args: &cli::Ask, order: &[(Reading, Option<f64>)], at: usize, score: Option<f64>) -> String {
    match (&args.tool, score, order.get(at + 1)) {
        (Some(_), ..) => "asked for".to_owned(),
        (None, Some(score), Some((next, Some(other)))) => {
            format!("score {score:.3}, before {} with {other:.3}", next.tool)
        }
        _ if at > 0 => "the better ones failed".to_owned(),
        _ => "the one tool that answers all of this".to_owned(),
    }
}

/// Says whether another tool may answer: not where the input is at fault.
fn may_fall_back(error: &ToolError) -> bool {
    use ErrorKind::{Cancelled, Denied, InvalidParams, NotFound, UnknownTool};
    !matches!(error.kind(), InvalidParams | NotFound | UnknownTool | Denied | Cancelled)
}

async fn call(tool: &str, params: &Params, answer: &mut Answered, session: &Session) -> Result<Exit, ToolError> {
    if tool == "compose.investigate" {
        let run = session.runner.run(tool, params.clone(), session.context()).await?;
        let output = run.to_result()?;
        let investigation = Investigation::from_run(&run)?;
        let exit = investigate::exit(&investigation);
        answer.take(&output);
        answer.result = Some(json!(investigation));
        answer.investigation = Some(Box::new(investigation));
        return Ok(exit);
    }
    let output = session.runner.call(tool, params.clone(), session.context()).await?;
    answer.take(&output);
    warn(&output, &session.screen);
    Ok(if is_empty(output.payload.value()) { Exit::Empty } else { Exit::Done })
}

/// Returns the window that a time range parameter means in this estate.
async fn window(params: Option<&Value>, session: &Session) -> Result<Option<Between>, CliError> {
    let Some(Ok(range)) = params.and_then(|params| params.get("time_range")).map(TimeRange::parse) else {
        return Ok(None);
    };
    let now = session.estate.summary(&session.tenant).await.map_err(ToolError::from)?.now();
    let window = range.resolve(now);
    Ok(Some(Between { from: format_instant(window.from), to: format_instant(window.to) }))
}
