//! How are values written so that now and normal can be told apart at a glance?

/// The smallest part by which now and normal must differ in their last digit's units.
const DISTINCT: f64 = 10.0;

/// The most digits after the point.
const MAX_DIGITS: usize = 3;

/// From this factor on, a difference is told as a factor and no longer in percent.
const TOLD_AS_FACTOR: f64 = 2.0;

/// Writes a value now and normally with their unit and how far they are apart, as in `22.1 ms instead of 17.9 ms (+23 %)`;
/// `of` follows the first of them.
pub(crate) fn now_instead_of(now: f64, normal: f64, unit: &str, of: &str) -> String {
    let (scale, unit) = scaled(now.abs().max(normal.abs()), unit);
    let (now, normal) = (now * scale, normal * scale);
    let whole = unit.is_empty() && now.abs().max(normal.abs()) >= DISTINCT;
    let digits = if whole { 0 } else { digits(now, normal) };
    let write = |v: f64| format!("{}{unit}", grouped(v, digits));
    let times = if unit == " %" { String::new() } else { apart(now, normal) };
    format!("{}{of} instead of {}{times}", write(now), write(normal))
}

/// Returns the factor and the name of the unit in which a value is easily read: times below a second in milliseconds.
fn scaled(largest: f64, unit: &str) -> (f64, String) {
    match unit {
        "s" | "seconds" if largest < 1.0 => (1000.0, " ms".to_owned()),
        "s" | "seconds" if largest < 120.0 => (1.0, " s".to_owned()),
        "s" | "seconds" => (1.0 / 60.0, " min".to_owned()),
        "percent" | "%" => (1.0, " %".to_owned()),
        "" | "count" => (1.0, String::new()),
        other => (1.0, format!(" {other}")),
    }
}

/// Returns how many digits after the point tell two values apart.
fn digits(now: f64, normal: f64) -> usize {
    let mut unit = 1.0;
    let mut digits = 0;
    while digits < MAX_DIGITS && (now - normal).abs() < DISTINCT * unit && now.fract() + normal.fract() != 0.0 {
        unit /= 10.0;
        digits += 1;
    }
    digits
}

/// Writes a number with so many digits after the point, thousands set apart by commas.
fn grouped(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let whole = text.find('.').unwrap_or(text.len());
    let first = usize::from(text.starts_with('-'));
    let mut out = String::new();
    for (place, digit) in text.char_indices() {
        if place > first && place < whole && (whole - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Writes how far a value is from normal: in percent, or as a factor if it is far.
fn apart(now: f64, normal: f64) -> String {
    let factor = now / normal;
    match factor {
        f if !f.is_finite() || normal <= 0.0 || now < 0.0 => String::new(),
        f if f >= DISTINCT => format!(" ({f:.0} times as much)"),
        f if f >= TOLD_AS_FACTOR => format!(" ({f:.1} times as much)"),
        f => format!(" ({:+.0} %)", (f - 1.0) * 100.0),
    }
}

/// Writes a share of something, 0..1, in percent, never more precise than it is.
pub(crate) fn percent(share: f64) -> String {
    match share {
        s if s >= 0.95 => "nearly all".to_owned(),
        s => format!("about {:.0} %", (s * 20.0).round() * 5.0),
    }
}

/// Writes the time of day (UTC) of a Unix time.
pub(crate) fn clock(time: i64) -> String {
    let minutes = time.rem_euclid(86_400) / 60;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Writes a time span in minutes, or from two hours on in hours.
pub(crate) fn span(seconds: i64) -> String {
    match seconds {
        s if s < 7200 => format!("{} min", s / 60),
        s => format!("{} h", (s + 1800) / 3600),
    }
}
