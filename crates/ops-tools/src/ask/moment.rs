//! Which instant do some words mean?
//!
//! All days and clocks are UTC, and relative ones count back from the end of the estate's data.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::numbers::positive;
use super::sheet::Sheet;
use crate::timerange::{Window, parse_instant};

pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 3_600;
pub(super) const DAY: i64 = 86_400;

/// What some words mean, and where they end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read<T> {
    pub(super) value: T,
    pub(super) end: usize,
}

/// Returns the first second of the day that `time` lies in.
pub(super) fn day_of(time: i64) -> i64 {
    time - time.rem_euclid(DAY)
}

/// Returns the seconds of a unit of time.
pub(super) fn unit(word: &str) -> Option<i64> {
    Some(match word {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => MINUTE,
        "h" | "hr" | "hrs" | "hour" | "hours" => HOUR,
        "d" | "day" | "days" => DAY,
        "w" | "wk" | "week" | "weeks" => 7 * DAY,
        "month" | "months" => 30 * DAY,
        _ => return None,
    })
}

/// Reads a length, as in `24h`, `90 minutes`, `two days`, `couple of hours` or `day`, in seconds.
pub(super) fn length(sheet: &Sheet<'_>, at: usize) -> Option<Read<i64>> {
    let word = sheet.word(at);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let read = |count: u32, unit: i64, end: usize| Some(Read { value: i64::from(count).checked_mul(unit)?, end });
    if digits > 0 && digits < word.len() {
        return read(positive(&word[..digits])?, unit(&word[digits..])?, at + 1);
    }
    if let Some(count) = positive(word) {
        return read(count, unit(sheet.word(at + 1))?, at + 2);
    }
    for (phrase, count) in [("a couple of", 2), ("couple of", 2), ("a few", 3), ("few", 3), ("half an", 0)] {
        if let Some(end) = sheet.phrase(at, phrase) {
            let unit = unit(sheet.word(end))?;
            let value = if count == 0 { unit / 2 } else { count * unit };
            return Some(Read { value, end: end + 1 });
        }
    }
    Some(Read { value: unit(word).filter(|_| word.len() > 2)?, end: at + 1 })
}

/// Reads a day, as in `yesterday`, `friday`, `2026-05-30`, `30 may` or `may 30th`; returns its first second.
pub(super) fn day(sheet: &Sheet<'_>, at: usize, now: i64) -> Option<Read<i64>> {
    let (today, word) = (day_of(now), sheet.word(at));
    if let Some(end) = sheet.phrase(at, "the day before yesterday").or_else(|| sheet.phrase(at, "day before yesterday"))
    {
        return Some(Read { value: today - 2 * DAY, end });
    }
    let one = |value| Some(Read { value, end: at + 1 });
    match word {
        "today" => return one(today),
        "yesterday" => return one(today - DAY),
        "last" | "this" if weekday(sheet.word(at + 1)).is_some() => {
            return day(sheet, at + 1, now).map(|read| Read { end: at + 2, ..read });
        }
        _ => {}
    }
    if let Some(wanted) = weekday(word) {
        // The first of January 1970 was a Thursday. A weekday is the last one, today included.
        let since = (today.div_euclid(DAY) + 3 - wanted).rem_euclid(7);
        return one(today - since * DAY);
    }
    if let Ok(date) = word.parse::<Date>()
        && word.len() == 10
    {
        return one(start_of(date)?);
    }
    named_day(sheet, at, now)
}

/// Reads `30 may`, `30th of may` or `may 30th`: the last such day that is not after the data.
fn named_day(sheet: &Sheet<'_>, at: usize, now: i64) -> Option<Read<i64>> {
    let of = usize::from(sheet.word(at + 1) == "of");
    let (month, day, end) = match month(sheet.word(at)) {
        Some(month) => (month, ordinal(sheet.word(at + 1))?, at + 2),
        None => (month(sheet.word(at + 1 + of))?, ordinal(sheet.word(at))?, at + 2 + of),
    };
    let year = jiff::Timestamp::from_second(now).ok()?.to_zoned(TimeZone::UTC).year();
    let starts = [year, year - 1].into_iter().filter_map(|year| start_of(Date::new(year, month, day).ok()?));
    Some(Read { value: starts.into_iter().find(|start| *start <= now)?, end })
}

fn start_of(date: Date) -> Option<i64> {
    date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp().as_second())
}

fn weekday(word: &str) -> Option<i64> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let found = DAYS.iter().position(|day| *day == word || (word.len() == 3 && day.starts_with(word)));
    found.and_then(|at| i64::try_from(at).ok())
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let found = MONTHS.iter().position(|month| *month == word || (word.len() == 3 && month.starts_with(word)));
    found.and_then(|at| i8::try_from(at + 1).ok())
}

fn ordinal(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    positive(digits).and_then(|day| i8::try_from(day).ok()).filter(|day| *day <= 31)
}

/// Reads a time of day, as in `14:00`, `3pm`, `3 pm`, `9:30am`, `noon`; in seconds from midnight.
pub(super) fn clock(sheet: &Sheet<'_>, at: usize) -> Option<Read<i64>> {
    match sheet.word(at) {
        "noon" | "midday" => return Some(Read { value: 12 * HOUR, end: at + 1 }),
        "midnight" => return Some(Read { value: 0, end: at + 1 }),
        _ => {}
    }
    let word = sheet.word(at);
    let (digits, half, end) = match (word.strip_suffix("am"), word.strip_suffix("pm"), sheet.word(at + 1)) {
        (Some(digits), ..) => (digits, Some(0), at + 1),
        (_, Some(digits), _) => (digits, Some(12), at + 1),
        (.., "am") => (word, Some(0), at + 2),
        (.., "pm") => (word, Some(12), at + 2),
        _ => (word, None, at + 1),
    };
    let (hour, minute) = match digits.split_once(':') {
        Some((hour, minute)) => (hour, minute.get(..2)?),
        None if half.is_some() => (digits, "00"),
        None => return None,
    };
    let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
    let fits =
        (0..60).contains(&minute) && if half.is_some() { (1..13).contains(&hour) } else { (0..25).contains(&hour) };
    let hour = half.map_or(hour, |half| hour % 12 + half);
    fits.then_some(Read { value: hour * HOUR + minute * MINUTE, end })
}

/// Reads an hour that stands alone, as the 8 in `from 8 to 10`.
pub(super) fn bare_hour(sheet: &Sheet<'_>, at: usize) -> Option<Read<i64>> {
    let hour = super::numbers::number(sheet.word(at)).filter(|hour| *hour <= 24)?;
    Some(Read { value: i64::from(hour) * HOUR, end: at + 1 })
}

/// Reads a full date and time, as in `2026-05-31T10:00:00Z`, `2026-05-31T10:00` or `2026-05-31 10:00`.
pub(super) fn instant(sheet: &Sheet<'_>, at: usize) -> Option<Read<i64>> {
    let word = sheet.word(at).to_uppercase();
    if let Ok(value) = parse_instant(&word) {
        return Some(Read { value, end: at + 1 });
    }
    let civil = word.parse::<DateTime>().ok().filter(|_| word.contains('T'))?;
    let value = civil.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    Some(Read { value, end: at + 1 })
}

/// Reads an instant however it is put: in full, a day with or without a clock, a clock alone, or so long ago.
///
/// A clock alone is the last one before the end of the data.
pub(super) fn moment(sheet: &Sheet<'_>, at: usize, now: i64) -> Option<Read<i64>> {
    if let Some(read) = instant(sheet, at) {
        return Some(read);
    }
    if let Some(read) = day(sheet, at, now) {
        let clocked = clock(sheet, skip(sheet, read.end, &["at"]));
        return Some(clocked.map_or(read, |clock| Read { value: read.value + clock.value, end: clock.end }));
    }
    if let Some(read) = clock(sheet, at) {
        let dayed = day(sheet, skip(sheet, read.end, &["on"]), now);
        return Some(dayed.map_or_else(
            || Read { value: last_clock(read.value, now), end: read.end },
            |day| Read { value: day.value + read.value, end: day.end },
        ));
    }
    match sheet.phrase(at, "this morning") {
        Some(end) => Some(Read { value: day_of(now), end }),
        None => length(sheet, at)
            .filter(|read| sheet.word(read.end) == "ago")
            .map(|read| Read { value: now.saturating_sub(read.value), end: read.end + 1 }),
    }
}

/// Returns the last time before `now` that the clock showed `clock`.
fn last_clock(clock: i64, now: i64) -> i64 {
    let today = day_of(now) + clock;
    if today < now { today } else { today - DAY }
}

/// Returns the place after any of `words`, if one of them stands at `at`.
pub(super) fn skip(sheet: &Sheet<'_>, at: usize, words: &[&str]) -> usize {
    at + usize::from(words.contains(&sheet.word(at)))
}

/// Returns the day that begins at `start`.
pub(super) fn whole_day(start: i64) -> Window {
    Window::new(start, start + DAY)
}
