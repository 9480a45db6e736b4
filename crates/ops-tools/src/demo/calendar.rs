//! Which instants does the estate cover, and how busy is the shop at each?

/// The instant at which every demo estate ends: 2026-06-01T12:00:00Z, a Monday.
pub(super) const END: i64 = 1_780_315_200;
/// Seconds between two rows.
pub(super) const STEP: i64 = 300;
/// Rows of a day.
pub(super) const DAY_ROWS: usize = 288;
/// Rows of every series: seven days.
pub(super) const ROWS: usize = 7 * DAY_ROWS;
/// The first row's instant.
pub(super) const START: i64 = END - STEP * ROWS as i64;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Who comes when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rhythm {
    /// Shoppers: midday and evening.
    Shoppers,
    /// People with phones: later, and later still.
    Phones,
    /// Machines and offices: working hours over a steady floor.
    Office,
}

impl Rhythm {
    /// The load at each full hour (UTC), 1 at the busiest, and at the 24th as at the first.
    const fn hours(self) -> &'static [f64; 25] {
        match self {
            Self::Shoppers => &SHOPPERS,
            Self::Phones => &PHONES,
            Self::Office => &OFFICE,
        }
    }
}

const SHOPPERS: [f64; 25] = [
    0.42, 0.37, 0.34, 0.33, 0.34, 0.38, 0.47, 0.60, 0.73, 0.84, 0.91, 0.96, 0.99, 0.97, 0.93, 0.91, 0.91, 0.93, 0.97,
    1.00, 0.96, 0.84, 0.67, 0.52, 0.42,
];
const PHONES: [f64; 25] = [
    0.48, 0.40, 0.36, 0.34, 0.34, 0.39, 0.50, 0.63, 0.73, 0.79, 0.84, 0.90, 0.95, 0.92, 0.87, 0.85, 0.86, 0.90, 0.95,
    1.00, 0.99, 0.91, 0.77, 0.61, 0.48,
];
const OFFICE: [f64; 25] = [
    0.40, 0.38, 0.38, 0.38, 0.40, 0.45, 0.58, 0.76, 0.91, 0.98, 1.00, 0.99, 0.93, 0.95, 0.98, 0.96, 0.90, 0.78, 0.64,
    0.54, 0.49, 0.45, 0.42, 0.41, 0.40,
];
/// The load of each weekday, Monday first.
const WEEK: [f64; 7] = [1.0, 0.995, 0.995, 1.0, 1.005, 0.985, 0.98];

/// Returns the instant of a row.
pub(super) const fn time_of(row: usize) -> i64 {
    START + STEP * row as i64
}

/// Returns the load of `rhythm` at a row: about 1 at the week's busiest hour.
pub(super) fn load(rhythm: Rhythm, row: usize) -> f64 {
    let time = time_of(row);
    let second = time.rem_euclid(DAY);
    let hour = usize::try_from(second / HOUR).unwrap_or(0);
    let part = (second % HOUR) as f64 / HOUR as f64;
    let hours = rhythm.hours();
    let level = hours[hour] + (hours[hour + 1] - hours[hour]) * part;
    // 1970-01-01 was a Thursday.
    let weekday = usize::try_from((time.div_euclid(DAY) + 3).rem_euclid(7)).unwrap_or(0);
    level * WEEK[weekday]
}

#[cfg(test)]
mod tests;
