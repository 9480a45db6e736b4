//! Which time does a question mean?

use serde_json::{Value, json};

use super::moment::{DAY, HOUR, MINUTE, Read, bare_hour, clock, day, day_of, instant, length, moment, skip, whole_day};
use super::sheet::Sheet;
use crate::timerange::{Window, format_instant};

/// How far a range reaches to both sides of an instant that a question names.
const AROUND: i64 = 30 * MINUTE;

/// A time that a question names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// The last so many seconds of the data.
    Last(i64),
    /// A window.
    Window(Window),
    /// An instant.
    At(i64),
    /// Something after the data: nobody knows.
    Future,
}

impl When {
    /// Writes it as tools take a time range; an instant is the hour around it.
    pub(super) fn range(self) -> Option<Value> {
        let ends = |from, to| json!({"from": format_instant(from), "to": format_instant(to)});
        Some(match self {
            Self::Last(seconds) => match seconds {
                _ if seconds % DAY == 0 && seconds > DAY => json!(format!("last_{}d", seconds / DAY)),
                _ if seconds % HOUR == 0 => json!(format!("last_{}h", seconds / HOUR)),
                _ => json!(format!("last_{}m", (seconds + MINUTE - 1) / MINUTE)),
            },
            Self::Window(window) => ends(window.from, window.to),
            Self::At(at) => ends(at - AROUND, at + AROUND),
            Self::Future => return None,
        })
    }

    /// Writes it as tools take an instant: the end of a window.
    pub(super) fn instant(self) -> Option<String> {
        match self {
            Self::At(at) => Some(format_instant(at)),
            Self::Window(window) => Some(format_instant(window.to)),
            Self::Last(_) | Self::Future => None,
        }
    }
}

/// Finds the first time that a question names; its words are ticked off.
pub(super) fn find(sheet: &mut Sheet<'_>, now: i64) -> Option<When> {
    for at in 0..sheet.len() {
        let found = sheet.is_free(at).then(|| read(sheet, at, now)).flatten();
        if let Some(Read { value, end }) = found
            && sheet.are_free(at..end)
            && is_in_order(value)
        {
            // What nobody knows stays unused, and is told so.
            let Some(said) = value.range() else { return Some(value) };
            sheet.take(
                at..end,
                "time_range",
                value.instant().filter(|_| matches!(value, When::At(_))).map_or(said, Value::from),
            );
            return Some(value);
        }
    }
    None
}

/// The longest time that is understood: ten years, as the tools take it.
const MAX_SECONDS: i64 = 10 * 366 * DAY;

fn is_in_order(when: When) -> bool {
    match when {
        When::Last(seconds) => (1..=MAX_SECONDS).contains(&seconds),
        When::Window(window) => window.from < window.to,
        When::At(_) | When::Future => true,
    }
}

fn read(sheet: &Sheet<'_>, at: usize, now: i64) -> Option<Read<When>> {
    const LEAD: [&str; 7] = ["in", "over", "during", "within", "for", "on", "from"];
    let inner = skip(sheet, at, &LEAD);
    let inner = skip(sheet, inner, &["the"]);
    future(sheet, inner)
        .or_else(|| two_ends(sheet, at, now))
        .or_else(|| since(sheet, at, now))
        .or_else(|| last(sheet, inner))
        .or_else(|| named(sheet, inner, now))
        .or_else(|| at_instant(sheet, at, now))
        .or_else(|| a_day(sheet, inner, now))
}

fn future(sheet: &Sheet<'_>, at: usize) -> Option<Read<When>> {
    let end = match sheet.word(at) {
        "tomorrow" | "tonight" => at + 1,
        "next" | "coming" | "upcoming" => length(sheet, at + 1)?.end,
        _ => return None,
    };
    Some(Read { value: When::Future, end })
}

/// Reads `last 6h`, `past two days`, `last week`, `last 24 hours`.
fn last(sheet: &Sheet<'_>, at: usize) -> Option<Read<When>> {
    if !matches!(sheet.word(at), "last" | "past" | "previous" | "recent" | "latest") {
        return None;
    }
    length(sheet, at + 1).map(|read| Read { value: When::Last(read.value), end: read.end })
}

fn since(sheet: &Sheet<'_>, at: usize, now: i64) -> Option<Read<When>> {
    let from = match sheet.word(at) {
        "since" | "after" => skip(sheet, at + 1, &["the"]),
        _ => return None,
    };
    let read = moment(sheet, from, now).or_else(|| {
        let start = named(sheet, from, now)?;
        let When::Window(window) = start.value else { return None };
        Some(Read { value: window.from, end: start.end })
    })?;
    Some(Read { value: When::Window(Window::new(read.value, now)), end: read.end })
}

/// Reads `between A and B`, `from A to B`, `A to B`, with the day before or after.
fn two_ends(sheet: &Sheet<'_>, at: usize, now: i64) -> Option<Read<When>> {
    let lead =
        day(sheet, skip(sheet, at, &["on"]), now).filter(|lead| matches!(sheet.word(lead.end), "between" | "from"));
    let at = lead.map_or(at, |lead| lead.end);
    let start = skip(sheet, at, &["between", "from"]);
    full_ends(sheet, start, now).or_else(|| clocks(sheet, start, lead, now).filter(|_| start > at))
}

fn joint(sheet: &Sheet<'_>, at: usize) -> Option<usize> {
    matches!(sheet.word(at), "and" | "to" | "until" | "till" | "through").then_some(at + 1)
}

fn full_ends(sheet: &Sheet<'_>, at: usize, now: i64) -> Option<Read<When>> {
    // An end and what comes after it: a day as the later end is meant whole.
    let end_of = |at: usize| {
        let day = day(sheet, at, now);
        let read = instant(sheet, at).or_else(|| day.and_then(|_| moment(sheet, at, now)))?;
        let whole = day.is_some_and(|day| day.end == read.end);
        Some((read.value, read.value + if whole { DAY } else { 0 }, read.end))
    };
    let (from, from_past, from_end) = end_of(at)?;
    let (to, to_past, end) = end_of(joint(sheet, from_end)?)?;
    // Ends the wrong way round are meant the right way round.
    let (first, past) = if from <= to { (from, to_past) } else { (to, from_past) };
    Some(Read { value: When::Window(Window::new(first, past)), end })
}

fn clocks(sheet: &Sheet<'_>, at: usize, lead: Option<Read<i64>>, now: i64) -> Option<Read<When>> {
    let hour = |at: usize| clock(sheet, at).or_else(|| bare_hour(sheet, at));
    let from = hour(at)?;
    let to = hour(joint(sheet, from.end)?)?;
    let trail = day(sheet, skip(sheet, to.end, &["on"]), now);
    let end = trail.map_or(to.end, |trail| trail.end);
    // "between 3 and 5pm": the half of the day goes for both.
    let afternoon = to.value >= 12 * HOUR && clock(sheet, at).is_none() && from.value + 12 * HOUR < to.value;
    let from = if afternoon { from.value + 12 * HOUR } else { from.value };
    let (start, finish) = match trail.or(lead) {
        Some(day) => (day.value, day.value + if to.value <= from { DAY } else { 0 }),
        None => {
            let last = last_day(to.value, now);
            (last - if to.value <= from { DAY } else { 0 }, last)
        }
    };
    Some(Read { value: When::Window(Window::new(start + from, finish + to.value)), end })
}

/// Returns the last day on which the clock has shown `clock`.
fn last_day(clock: i64, now: i64) -> i64 {
    let today = day_of(now);
    if today + clock <= now { today } else { today - DAY }
}

/// Reads stretches that have a name.
fn named(sheet: &Sheet<'_>, at: usize, now: i64) -> Option<Read<When>> {
    let today = day_of(now);
    let monday = today - (today.div_euclid(DAY) + 3).rem_euclid(7) * DAY;
    let first = today - (month_day(now) - 1) * DAY;
    let stretches = [
        ("this week", monday, now),
        ("this month", first, now),
        ("this morning", today, now.min(today + 12 * HOUR)),
        ("this afternoon", today + 12 * HOUR, now),
        ("today so far", today, now),
        ("last night", today - 4 * HOUR, today + 6 * HOUR),
        ("yesterday morning", today - 18 * HOUR, today - 12 * HOUR),
        ("yesterday afternoon", today - 12 * HOUR, today - 6 * HOUR),
        ("yesterday evening", today - 6 * HOUR, today),
        ("weekend", monday - 2 * DAY, monday),
        ("last weekend", monday - 2 * DAY, monday),
    ];
    let found = stretches.iter().filter_map(|(name, from, to)| Some((sheet.phrase(at, name)?, *from, *to)));
    let (end, from, to) = found.max_by_key(|(end, ..)| *end)?;
    Some(Read { value: When::Window(Window::new(from, to)), end })
}

fn month_day(now: i64) -> i64 {
    let zoned = jiff::Timestamp::from_second(now).map(|now| now.to_zoned(jiff::tz::TimeZone::UTC));
    zoned.map_or(1, |zoned| i64::from(zoned.day()))
}

/// Reads `at 14:00`, `around 3pm yesterday`, `2026-05-31T10:00:00Z`, `2 hours ago`.
fn at_instant(sheet: &Sheet<'_>, at: usize, now: i64) -> Option<Read<When>> {
    let from = skip(sheet, at, &["at", "around", "about"]);
    let ago =
        || length(sheet, from).filter(|read| sheet.word(read.end) == "ago").and_then(|_| moment(sheet, from, now));
    let read = match from > at {
        true => moment(sheet, from, now),
        false => {
            instant(sheet, from).or_else(|| clock(sheet, from).and_then(|_| moment(sheet, from, now))).or_else(ago)
        }
    }?;
    Some(Read { value: When::At(read.value), end: read.end })
}

/// Reads a day: whole, or as far as the data goes; a clock behind it makes it an instant.
fn a_day(sheet: &Sheet<'_>, at: usize, now: i64) -> Option<Read<When>> {
    let read = day(sheet, at, now)?;
    if let Some(clock) = clock(sheet, skip(sheet, read.end, &["at", "around"])) {
        return Some(Read { value: When::At(read.value + clock.value), end: clock.end });
    }
    let window = whole_day(read.value);
    let open = window.contains(now);
    let to = if open { now } else { window.to };
    Some(Read { value: When::Window(Window::new(window.from, to)), end: read.end })
}

#[cfg(test)]
mod tests;
