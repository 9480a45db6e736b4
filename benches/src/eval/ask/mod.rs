//! Does `runner ask` understand questions: the right intent and tool, and every parameter?
//!
//! The questions were written before the grammar and are halved: tuning looks at the misses of one half, while of the
//! other only counts are shown unless asked for.

mod case;
mod desk;
mod right;

use case::{Case, Half};
use desk::{Answer, Desk};
use serde::Serialize;
use serde_json::Value;

use crate::cli::Ask;
use crate::error::Result;

/// The figures of one half.
#[derive(Debug, Serialize)]
struct Figures {
    name: Half,
    questions: usize,
    /// Intent and tool right, in percent.
    intent_and_tool: f64,
    /// All parameters right as well, in percent.
    all_params: f64,
    /// Questions that no tool answers and that got none, of how many.
    rejected: usize,
    unanswerable: usize,
    /// Questions that a tool answers and that got none.
    falsely_rejected: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    misses: Vec<Miss>,
}

/// A question without a right answer.
#[derive(Debug, Serialize)]
struct Miss {
    id: String,
    question: String,
    tool_right: bool,
    got: String,
}

#[derive(Debug, Serialize)]
struct Document {
    sets: Vec<Figures>,
}

/// Judges both halves, and prints the figures.
///
/// # Errors
///
/// If the demo estate cannot be opened, or a question is malformed.
pub(crate) fn run(options: &Ask) -> Result<()> {
    let (desk, cases) = (Desk::open()?, case::all()?);
    let mut sets = Vec::new();
    for half in [Half::Dev, Half::Held] {
        let mut figures = judge(half, &cases, &desk)?;
        if half == Half::Held && !options.show_held {
            figures.misses.clear();
        }
        sets.push(figures);
    }
    let document = Document { sets };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&document)?);
    } else {
        show(&document);
    }
    Ok(())
}

fn judge(half: Half, cases: &[Case], desk: &Desk) -> Result<Figures> {
    let (mut tools, mut params, mut misses) = (0, 0, Vec::new());
    let (mut unanswerable, mut rejected, mut falsely_rejected) = (0, 0, 0);
    let cases: Vec<&Case> = cases.iter().filter(|case| case.half == half).collect();
    for case in &cases {
        let answer = desk.answer(&case.question)?;
        let schema = match &answer {
            Answer::Call { tool, .. } => desk.schema(tool)?,
            Answer::Unknown(_) | Answer::NoneFits => Value::Null,
        };
        let right = right::judge(&answer, &case.accept, &schema, desk.now());
        let callable = case.accept.iter().any(|accepted| matches!(accepted, case::Accepted::Call { .. }));
        let called = matches!(answer, Answer::Call { .. });
        unanswerable += usize::from(!callable);
        rejected += usize::from(!callable && !called);
        falsely_rejected += usize::from(callable && !called);
        tools += usize::from(right.tool);
        params += usize::from(right.params);
        if !right.params {
            misses.push(miss(case, &answer, right.tool));
        }
    }
    let percent = |count: usize| 100.0 * count as f64 / cases.len().max(1) as f64;
    let (intent_and_tool, all_params) = (percent(tools), percent(params));
    let questions = cases.len();
    Ok(Figures { name: half, questions, intent_and_tool, all_params, rejected, unanswerable, falsely_rejected, misses })
}

fn miss(case: &Case, answer: &Answer, tool_right: bool) -> Miss {
    let got = match answer {
        Answer::Call { tool, params, .. } => format!("{tool} {}", Value::Object(params.clone())),
        Answer::Unknown(names) => format!("unknown: {}", names.join(", ")),
        Answer::NoneFits => "none fits".to_owned(),
    };
    Miss { id: case.id.clone(), question: case.question.clone(), tool_right, got }
}

fn show(document: &Document) {
    println!("half  questions  intent and tool %  all params %  rejected  falsely rejected");
    for set in &document.sets {
        let name = if set.name == Half::Dev { "dev" } else { "held" };
        let rejected = format!("{}/{}", set.rejected, set.unanswerable);
        println!(
            "{name:<4}  {:>9}  {:>17.1}  {:>12.1}  {rejected:>8}  {:>16}",
            set.questions, set.intent_and_tool, set.all_params, set.falsely_rejected
        );
    }
    for miss in document.sets.iter().flat_map(|set| &set.misses) {
        let what = if miss.tool_right { "parameters" } else { "tool" };
        println!("\n{} {what}: {}\n  got {}", miss.id, miss.question, miss.got);
    }
}
