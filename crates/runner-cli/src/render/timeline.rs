//! Which moments tell the story of an incident?

use ops_tools::TimelineLine;

use super::{Align, Style, Table, day_time};

/// How many moments are shown.
const MOMENTS: usize = 12;
/// How many lines before the first deviation a change may stand to be part of the story.
const RECENT_CHANGES: usize = 6;

/// Draws the moments that tell the story, as seen on the day of `at`; and how many are left out.
pub(super) fn timeline(all: &[TimelineLine], at: &str) -> (Option<Table>, usize) {
    let shown = story(all);
    if shown.is_empty() {
        return (None, all.len());
    }
    let mut table = Table::new(&[("", Align::Left), ("", Align::Left), ("", Align::Left), ("", Align::Prose)]);
    for moment in &shown {
        table.row(moment_row(moment, at));
    }
    (Some(table), all.len() - shown.len())
}

/// Picks the moments that tell the story: what began, what was changed in the hours before, then the first alarms. What
/// is neither, such as a check that passed, tells a person nothing.
fn story(all: &[TimelineLine]) -> Vec<&TimelineLine> {
    let mut ranked: Vec<(usize, &TimelineLine)> =
        all.iter().enumerate().filter(|(_, moment)| moment.kind != "event").collect();
    let begin = all.iter().position(|moment| moment.kind == "onset").unwrap_or(all.len());
    let weight = |at: usize, moment: &TimelineLine| match moment.kind.as_str() {
        "onset" => 0,
        "change" if begin.saturating_sub(at) <= RECENT_CHANGES => 1,
        "alarm" if at >= begin => 2,
        _ => 3,
    };
    ranked.sort_by(|a, b| weight(a.0, a.1).cmp(&weight(b.0, b.1)).then(a.0.cmp(&b.0)));
    ranked.truncate(MOMENTS);
    ranked.sort_by_key(|(at, _)| *at);
    ranked.into_iter().map(|(_, moment)| moment).collect()
}

fn moment_row(moment: &TimelineLine, at: &str) -> [(String, Style); 4] {
    let style = if moment.kind == "onset" { Style::Bad } else { Style::Plain };
    [
        (day_time(&moment.time, at), Style::Dim),
        (moment.kind.clone(), style),
        (moment.ci.clone(), Style::Plain),
        (moment.text.clone(), Style::Plain),
    ]
}
