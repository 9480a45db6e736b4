//! Which number stands for the samples of a window?

use serde_json::Value;

use super::compare::Number;
use super::condition::Aggregate;
use super::samples::Sample;

/// Computes it; the reason if it cannot be: no data is never 0, but a count of none is.
pub(super) fn aggregate(aggregate: Aggregate, samples: &[Sample<'_>]) -> Result<Value, String> {
    if aggregate == Aggregate::Count {
        return Ok(samples.len().into());
    }
    let points = points(samples)?;
    if points.is_empty() {
        return Err("no value in the window".to_owned());
    }
    let values = points.iter().map(|(_, value)| *value);
    let result = match aggregate {
        Aggregate::Rate => rate(&points)?,
        Aggregate::Min => values.fold(f64::INFINITY, f64::min),
        Aggregate::Max => values.fold(f64::NEG_INFINITY, f64::max),
        Aggregate::Sum => values.sum(),
        Aggregate::Avg | Aggregate::Count => mean(&points),
    };
    // Not finite, where a sum overflows: JSON has no such number.
    serde_json::Number::from_f64(result).map(Value::Number).ok_or_else(|| "too large a number".to_owned())
}

/// Returns `(time, value)`, missing values left out.
fn points(samples: &[Sample<'_>]) -> Result<Vec<(i64, f64)>, String> {
    let filled = samples.iter().filter_map(|sample| Some((sample.time, sample.value?)));
    let read = |(time, value): (i64, &Value)| Number::read(value).map(|number| (time, number.real()));
    let numbers: Option<Vec<(i64, f64)>> = filled.map(read).collect();
    numbers.ok_or_else(|| "holds a value that is not a number".to_owned())
}

/// Keeps the running mean, so that large values do not overflow.
fn mean(points: &[(i64, f64)]) -> f64 {
    let mut count = 0.0;
    points.iter().fold(0.0, |mean, (_, value)| {
        count += 1.0;
        mean + (value - mean) / count
    })
}

/// Growth per second between the first and the last sample; a counter that falls has restarted from 0.
fn rate(points: &[(i64, f64)]) -> Result<f64, String> {
    let (Some((first, _)), Some((last, _))) = (points.first(), points.last()) else {
        return Err("no value in the window".to_owned());
    };
    let seconds = i32::try_from(last - first).map_err(|_| "the window is too long".to_owned())?;
    if seconds == 0 {
        return Err("a rate needs two samples at different times".to_owned());
    }
    let growth = |pair: &[(i64, f64)]| match pair[1].1 - pair[0].1 {
        fall if fall < 0.0 => pair[1].1,
        rise => rise,
    };
    Ok(points.windows(2).map(growth).sum::<f64>() / f64::from(seconds))
}
