//! How does an investigation look in a terminal?

use ops_tools::{ChangeLine, Investigation, Observation, SuspectLine};

use super::{Align, Paint, Style, Table, bar, clock_time, command, duration, timeline::timeline, wrap};
use crate::screen::Screen;

/// How many suspects a person is shown; `--json` has all.
const SUSPECTS: usize = 5;
/// How many affected items are named.
const AFFECTED: usize = 12;
/// The deviation from which on an item is shown although it explains nothing, in spreads.
const CLEARLY_OFF: f64 = 3.0;
/// The width of a bar, in cells.
const BAR: usize = 8;
/// The deviation that fills a bar, in spreads, on a logarithmic scale.
const FULL_BAR: f64 = 1000.0;

/// Draws the answer: headline, suspects, path, blast radius, timeline, what next.
///
/// `options` are those that a command about the same estate needs.
pub(crate) fn investigation(answer: &Investigation, options: &[String], screen: &Screen) -> String {
    let view = View { answer, options, paint: screen.paint, width: screen.width };
    let mut out = view.head();
    if answer.verdict == "suspect_found" {
        out += &view.suspects();
        out += &view.path();
        out += &view.blast_radius();
    }
    out += &view.timeline();
    out += &view.missing();
    out += &view.next();
    out + &view.foot()
}

struct View<'a> {
    answer: &'a Investigation,
    options: &'a [String],
    paint: Paint,
    width: usize,
}

impl View<'_> {
    fn title(&self, text: &str) -> String {
        format!("\n{}\n", self.paint.paint(Style::Strong, text))
    }

    /// Writes text under an indent, broken at blanks.
    fn prose(&self, text: &str, indent: usize, style: Style) -> String {
        let pad = " ".repeat(indent);
        let lines = wrap(text, self.width.saturating_sub(indent));
        lines.iter().map(|line| format!("{pad}{}\n", self.paint.paint(style, line))).collect()
    }

    fn head(&self) -> String {
        let subject = &self.answer.subject;
        let style = if self.answer.verdict == "suspect_found" { Style::Bad } else { Style::Good };
        let mut out = self.prose(&capitalised(&self.answer.headline), 0, style);
        let metric = subject.metric.as_deref().map(|metric| format!(" {metric}")).unwrap_or_default();
        let about = format!("{}{metric} at {}", subject.ci, subject.at);
        out += &self.prose(&about, 0, Style::Dim);
        if !subject.is_probable_cause {
            out += &self.prose(&subject.explanation, 0, Style::Plain);
        }
        out
    }

    fn suspects(&self) -> String {
        let mut table = Table::new(&[
            ("#", Align::Right),
            ("suspect", Align::Left),
            ("off normal", Align::Left),
            ("explains", Align::Right),
            ("hops", Align::Right),
            ("since", Align::Left),
            ("what", Align::Left),
        ]);
        let first = &self.answer.suspects[..self.answer.suspects.len().min(SUSPECTS)];
        let worth = first.iter().rposition(is_worth_a_line).map_or(0, |last| last + 1);
        let shown = &first[..worth];
        for suspect in shown {
            table.row(self.row(suspect));
        }
        let title = if self.answer.subject.is_probable_cause { "Less likely" } else { "Suspects" };
        let mut out = if shown.is_empty() { String::new() } else { self.title(title) };
        if !shown.is_empty() {
            out += &table.draw(self.width, self.paint);
        }
        let hidden = if shown.is_empty() { 0 } else { self.answer.suspects.len() - shown.len() };
        if hidden > 0 {
            out += &self.prose(&format!("and {hidden} weaker, see --json"), 2, Style::Dim);
        }
        if let Some(first) = self.answer.suspects.first().filter(|_| !self.answer.subject.is_probable_cause) {
            out += &self.because(&first.observations, &first.changes);
        }
        out
    }

    fn row(&self, suspect: &SuspectLine) -> [(String, Style); 7] {
        let leads = suspect.rank == 1 && !self.answer.subject.is_probable_cause;
        let style = if leads { Style::Bad } else { Style::Plain };
        let off = suspect.deviation.map_or_else(
            || format!("{} no data", bar(0.0, BAR)),
            |deviation| format!("{} {deviation:+.0}σ", bar(share_of_bar(deviation), BAR)),
        );
        let what = suspect.observations.first().map_or_else(String::new, |seen| seen.metric.clone());
        [
            (suspect.rank.to_string(), style),
            (suspect.ci.clone(), style),
            (off, Style::Plain),
            (format!("{:.0} %", suspect.own_share * 100.0), Style::Plain),
            (suspect.hops.to_string(), Style::Plain),
            (suspect.onset.as_deref().map(clock_time).unwrap_or_default(), Style::Plain),
            (what, Style::Plain),
        ]
    }

    /// Shows what speaks for the first suspect.
    fn because(&self, observations: &[Observation], changes: &[ChangeLine]) -> String {
        let mut out = String::new();
        for seen in observations.iter().take(3) {
            let line = format!(
                "{} {}: {} (normally {}), {:+.0}σ",
                seen.ci,
                seen.metric,
                amount(seen.now, &seen.unit),
                amount(seen.normal, &seen.unit),
                seen.deviation,
            );
            out += &self.prose(&line, 4, Style::Plain);
        }
        for change in changes.iter().take(2) {
            let line = format!(
                "before that, {} {} on {}: {}",
                clock_time(&change.time),
                change.kind,
                change.ci,
                change.summary
            );
            out += &self.prose(&line, 4, Style::Plain);
        }
        out
    }

    fn path(&self) -> String {
        let Some(first) = self.answer.suspects.first().filter(|_| !self.answer.subject.is_probable_cause) else {
            return String::new();
        };
        self.title("Path from alert to cause") + &self.prose(&first.path.join(" → "), 2, Style::Plain)
    }

    fn blast_radius(&self) -> String {
        let affected = &self.answer.blast_radius;
        if affected.is_empty() {
            return String::new();
        }
        let named: Vec<&str> = affected.iter().take(AFFECTED).map(|item| item.ci.as_str()).collect();
        let more = match affected.len().saturating_sub(AFFECTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let title = format!("Blast radius: {} items need it", affected.len());
        self.title(&title) + &self.prose(&format!("{}{more}", named.join(", ")), 2, Style::Plain)
    }

    fn timeline(&self) -> String {
        let (shown, hidden) = timeline(&self.answer.timeline, &self.answer.subject.at);
        let Some(table) = shown else { return String::new() };
        let title = match hidden {
            0 => "Timeline (UTC)".to_owned(),
            hidden => format!("Timeline (UTC; {hidden} more in --json)"),
        };
        self.title(&title) + &table.draw(self.width, self.paint)
    }

    fn missing(&self) -> String {
        if self.answer.missing.is_empty() {
            return String::new();
        }
        let lines = self.answer.missing.iter().map(|line| format!("{}: {}", line.what, line.reason));
        let lines: String = lines.map(|line| self.prose(&line, 2, Style::Plain)).collect();
        self.title("Missing: the answer is partial") + &lines
    }

    fn next(&self) -> String {
        let subject = &self.answer.subject;
        let blamed = self.answer.verdict == "suspect_found" && !subject.is_probable_cause;
        let cause = self.answer.suspects.first().filter(|_| blamed);
        let seen = cause.and_then(|first| first.observations.first()).map(|seen| seen.metric.as_str());
        let ci = cause.map_or(&subject.ci, |first| &first.ci);
        let first = match seen.or(subject.metric.as_deref()) {
            Some(metric) => vec!["metric.series".to_owned(), format!("ci_id={ci}"), format!("metric_name={metric}")],
            None => vec!["metric.list".to_owned(), format!("ci_id={ci}")],
        };
        let events = vec!["history.event_log".to_owned(), format!("ci={ci}")];
        self.title("Next") + &self.call(first, seen.or(subject.metric.as_deref()).is_some()) + &self.call(events, true)
    }

    /// Shows a call about the hours before the moment looked at.
    fn call(&self, tool_and_params: Vec<String>, timed: bool) -> String {
        let at = &self.answer.subject.at;
        let range = timed.then(|| format!("time_range={{\"last\": \"6h\", \"to\": \"{at}\"}}"));
        let mut words = vec!["runner".to_owned(), "call".to_owned()];
        for (place, word) in tool_and_params.into_iter().chain(range).enumerate() {
            words.extend((place > 0).then(|| "-p".to_owned()));
            words.push(word);
        }
        words.extend(self.options.iter().cloned());
        let lines = command(&words, self.width, 2);
        lines.iter().map(|line| format!("{}\n", self.paint.paint(Style::Name, line))).collect()
    }

    fn foot(&self) -> String {
        let calls = self.answer.calls;
        let oldest = self.answer.evidence.values().map(|line| line.age_ms).max().unwrap_or(0);
        let age = if calls.cached > 0 { format!(" (oldest {} old)", super::age(oldest)) } else { String::new() };
        let line = format!(
            "{} calls: {} run, {} from cache{age} · {}",
            calls.total,
            calls.executed,
            calls.cached,
            duration(self.answer.elapsed_ms)
        );
        format!("\n{}\n", self.paint.paint(Style::Dim, &line))
    }
}

/// Says whether a suspect is more than a name: it explains something, is clearly off, or leads the list.
fn is_worth_a_line(suspect: &SuspectLine) -> bool {
    suspect.rank == 1 || suspect.own_share >= 0.005 || suspect.deviation.is_some_and(|off| off.abs() >= CLEARLY_OFF)
}

/// Returns how much of a bar a deviation fills: logarithmic, since incidents span three orders of magnitude.
fn share_of_bar(deviation: f64) -> f64 {
    (1.0 + deviation.abs()).ln() / (1.0 + FULL_BAR).ln()
}

/// Shows a value in the unit that reads best.
fn amount(value: f64, unit: &str) -> String {
    match unit {
        "s" => duration(value * 1000.0),
        "percent" | "%" => format!("{value:.1} %"),
        "count" | "" => format!("{value:.0}"),
        unit if value.abs() >= 100.0 => format!("{value:.0} {unit}"),
        unit => format!("{value:.2} {unit}"),
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
