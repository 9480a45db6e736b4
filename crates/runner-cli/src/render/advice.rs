//! How does advice about the cache look in a terminal?

use std::time::Duration;

use runner::{
    HumanDuration,
    tool_cache::{Advice, Outcome, Recommendation, ToolAdvice},
};

use super::{Align, Style, Table, duration, millis, wrap};
use crate::{commands::cache::Answer, screen::Screen};

/// Draws the hits under each lifetime, what to do about each tool and about the size, and what is not known.
pub(crate) fn advice(answer: &Answer, screen: &Screen) -> String {
    let mut out = String::new();
    let mut prose = |text: &str, style| {
        for line in wrap(text, screen.width.saturating_sub(2)) {
            out += "  ";
            out += screen.paint.paint(style, &line).as_str();
            out.push('\n');
        }
    };
    if answer.advice.tools.is_empty() {
        let text = "No call is remembered that the cache could have answered: try `runner investigate` twice.";
        prose(text, Style::Plain);
    }
    for tool in &answer.advice.tools {
        sentence(tool).iter().for_each(|sentence| prose(sentence, style(tool)));
    }
    too_few(&answer.advice).iter().for_each(|sentence| prose(sentence, Style::Dim));
    if !answer.advice.tools.is_empty() {
        prose(&size(&answer.advice), Style::Plain);
    }
    answer.notes.iter().for_each(|note| prose(note, Style::Dim));
    format!("{}{out}", tables(&answer.advice, screen))
}

fn tables(advice: &Advice, screen: &Screen) -> String {
    let Some(first) = advice.tools.first() else { return String::new() };
    let ttls: Vec<String> = first.ttls.iter().map(|tried| human(tried.ttl)).collect();
    let mut columns = vec![("tool", Align::Left)];
    columns.extend(["calls", "ttl", "hits"].map(|name| (name, Align::Right)));
    columns.extend(ttls.iter().map(|ttl| (ttl.as_str(), Align::Right)));
    let mut table = Table::new(&columns);
    for tool in &advice.tools {
        let known = [tool.observed.calls.to_string(), human(tool.ttl), percent(&tool.observed)];
        let tried = tool.ttls.iter().map(|tried| percent(&tried.outcome));
        let cells = known.into_iter().chain(tried).map(|cell| (cell, Style::Plain));
        table.row([(tool.tool.to_string(), Style::Name)].into_iter().chain(cells));
    }
    let title = "Hits in percent of the calls: as they were, and under other lifetimes";
    format!("{}\n{}\n", screen.paint.paint(Style::Strong, title), table.draw(screen.width, screen.paint))
}

fn style(tool: &ToolAdvice) -> Style {
    match tool.advice {
        Recommendation::Longer { .. } | Recommendation::Shorter { .. } => Style::Strong,
        _ => Style::Plain,
    }
}

/// Says what to do about a tool's lifetime, and why; nothing where the calls are too few.
fn sentence(tool: &ToolAdvice) -> Option<String> {
    let (name, now) = (&tool.tool, human(tool.ttl));
    let outcome = |ttl: Duration| tool.ttls.iter().find(|tried| tried.ttl == ttl).map(|tried| tried.outcome);
    let change = |ttl| {
        let then = outcome(ttl).unwrap_or_default();
        format!("{} of the calls hit, now {}", with_sign(&then), with_sign(&tool.replayed))
    };
    Some(match tool.advice {
        Recommendation::NoGain => {
            format!(
                "{name}: keep {now}; nothing is asked twice soon enough for any of these ({} questions).",
                tool.questions
            )
        }
        Recommendation::Keep => format!("{name}: keep {now}; no other is better by more than a point."),
        Recommendation::Shorter { ttl } => {
            let ttl_text = human(ttl);
            format!("{name}: {ttl_text} would do in place of {now}: {}; and answers are fresher.", change(ttl))
        }
        Recommendation::Longer { ttl } => {
            let more = outcome(ttl).unwrap_or_default().saved.saturating_sub(tool.replayed.saved);
            let (ttl_text, more) = (human(ttl), duration(millis(more)));
            format!(
                "{name}: {ttl_text} in place of {now}: {}, {more} more are saved; the price is answers up to \
                 {ttl_text} old.",
                change(ttl)
            )
        }
        _ => return None,
    })
}

/// Names the tools that nothing can be said of yet.
fn too_few(advice: &Advice) -> Option<String> {
    let count = |tool: &ToolAdvice| match tool.advice {
        Recommendation::TooFew { needed } => Some((needed, format!("{} {}", tool.tool, tool.observed.calls))),
        _ => None,
    };
    let few: Vec<(u64, String)> = advice.tools.iter().filter_map(count).collect();
    let needed = few.first()?.0;
    let named: Vec<String> = few.into_iter().map(|(_, named)| named).collect();
    Some(format!("Too few calls to tell (it takes {needed} of a tool): {}.", named.join(", ")))
}

/// Says what other sizes would have given.
fn size(advice: &Advice) -> String {
    let tried = advice.sizes.iter().map(|size| format!("{} {}", size.entries, with_sign(&size.outcome)));
    let tried = tried.collect::<Vec<_>>().join(", ");
    let verdict = match advice.advised_entries {
        None => "too few calls to tell".to_owned(),
        Some(entries) if entries == advice.entries => format!("keep {entries}"),
        Some(entries) if entries < advice.entries => format!("{entries} would do, {} are set", advice.entries),
        Some(entries) => format!("{entries} in place of {}", advice.entries),
    };
    format!("Entries, all tools together: {tried}; {verdict}.")
}

fn percent(outcome: &Outcome) -> String {
    format!("{:.0}", outcome.percent())
}

fn with_sign(outcome: &Outcome) -> String {
    format!("{:.0} %", outcome.percent())
}

fn human(time: Duration) -> String {
    HumanDuration::from_secs(time.as_secs()).to_string()
}
