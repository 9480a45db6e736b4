//! How does an investigation look in a terminal?

use ops_tools::{ChangeLine, Investigation, Observation, SuspectLine, TimelineLine};

use super::{Align, Paint, Style, Table, bar, clock_time, duration, fit, wrap};
use crate::screen::Screen;

/// How many suspects a person is shown; `--json` has all.
const SUSPECTS: usize = 5;
/// How many affected items are named.
const AFFECTED: usize = 12;
/// How many moments are shown.
const MOMENTS: usize = 12;
/// How many lines before the first deviation a change may stand to be part of the story.
const RECENT_CHANGES: usize = 6;
/// The width of a bar, in cells.
const BAR: usize = 8;
/// The deviation that fills a bar, in spreads, on a logarithmic scale.
const FULL_BAR: f64 = 1000.0;

/// Draws the answer: headline, suspects, path, blast radius, timeline, what next.
pub(crate) fn investigation(answer: &Investigation, screen: &Screen) -> String {
    let view = View { answer, paint: screen.paint, width: screen.width };
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
        for suspect in self.answer.suspects.iter().take(SUSPECTS) {
            table.row(row(suspect));
        }
        let mut out = self.title("Suspects") + &table.draw(self.width, self.paint);
        let hidden = self.answer.suspects.len().saturating_sub(SUSPECTS);
        if hidden > 0 {
            out += &self.prose(&format!("and {hidden} weaker, see --json"), 2, Style::Dim);
        }
        if let Some(first) = self.answer.suspects.first().filter(|_| !self.answer.subject.is_probable_cause) {
            out += &self.because(&first.observations, &first.changes);
        }
        out
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
        let all = &self.answer.timeline;
        if all.is_empty() {
            return String::new();
        }
        let mut table = Table::new(&[("", Align::Left), ("", Align::Left), ("", Align::Left), ("", Align::Left)]);
        let shown = story(all);
        for moment in &shown {
            table.row(moment_row(moment));
        }
        let title = match all.len() - shown.len() {
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
        let cause = match self.answer.suspects.first() {
            Some(first) if !self.answer.subject.is_probable_cause => &first.ci,
            _ => &self.answer.subject.ci,
        };
        let metric = self.answer.suspects.first().and_then(|first| first.observations.first());
        let metric =
            metric.map(|seen| seen.metric.as_str()).or(self.answer.subject.metric.as_deref()).unwrap_or("latency");
        let commands = [
            format!("runner call metric.series -p ci_id={cause} -p metric_name={metric}"),
            format!("runner call history.event_log -p ci={cause}"),
            "runner trace list".to_owned(),
        ];
        let lines: String = commands
            .iter()
            .map(|line| format!("  {}\n", self.paint.paint(Style::Name, &fit(line, self.width - 2))))
            .collect();
        self.title("Next") + &lines
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

fn row(suspect: &SuspectLine) -> [(String, Style); 7] {
    let style = if suspect.rank == 1 { Style::Bad } else { Style::Plain };
    let deviation = suspect.deviation.unwrap_or(0.0);
    let bars = format!("{} {deviation:+.0}σ", bar(share_of_bar(deviation), BAR));
    let what = suspect.observations.first().map_or_else(String::new, |seen| seen.metric.clone());
    [
        (suspect.rank.to_string(), style),
        (suspect.ci.clone(), style),
        (bars, Style::Plain),
        (format!("{:.0} %", suspect.own_share * 100.0), Style::Plain),
        (suspect.hops.to_string(), Style::Plain),
        (suspect.onset.as_deref().map(clock_time).unwrap_or_default(), Style::Plain),
        (what, Style::Plain),
    ]
}

/// Returns how much of a bar a deviation fills: logarithmic, since incidents span three orders of magnitude.
fn share_of_bar(deviation: f64) -> f64 {
    (1.0 + deviation.abs()).ln() / (1.0 + FULL_BAR).ln()
}

/// Picks the moments that tell the story: what began, what was changed in the hours before, then the first alarms.
fn story(all: &[TimelineLine]) -> Vec<&TimelineLine> {
    let mut ranked: Vec<(usize, &TimelineLine)> = all.iter().enumerate().collect();
    let begin = all.iter().position(|moment| moment.kind == "onset").unwrap_or(all.len());
    let weight = |at: usize, moment: &TimelineLine| match moment.kind.as_str() {
        "onset" => 0,
        "change" if begin.saturating_sub(at) <= RECENT_CHANGES => 1,
        "alarm" if at >= begin => 2,
        "change" => 3,
        _ => 4,
    };
    ranked.sort_by(|a, b| weight(a.0, a.1).cmp(&weight(b.0, b.1)).then(a.0.cmp(&b.0)));
    ranked.truncate(MOMENTS);
    ranked.sort_by_key(|(at, _)| *at);
    ranked.into_iter().map(|(_, moment)| moment).collect()
}

fn moment_row(moment: &TimelineLine) -> [(String, Style); 4] {
    let style = if moment.kind == "onset" { Style::Bad } else { Style::Plain };
    [
        (clock_time(&moment.time), Style::Dim),
        (moment.kind.clone(), style),
        (moment.ci.clone(), Style::Plain),
        (moment.text.clone(), Style::Plain),
    ]
}

/// Shows a value in the unit that reads best.
fn amount(value: f64, unit: &str) -> String {
    match unit {
        "s" => duration(value * 1000.0),
        "percent" | "%" => format!("{value:.1} %"),
        unit if value.abs() >= 100.0 => format!("{value:.0} {unit}"),
        unit => format!("{value:.2} {unit}"),
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
