//! How is a rate or a quota written?

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tool_guard::{Quota, Rate};

use super::HumanDuration;

/// A rate as people write it: `100/s`, `30/m burst 5`, `off`.
///
/// # Examples
///
/// ```
/// use runner::HumanRate;
///
/// let rate: HumanRate = "30/1m burst 5".parse()?;
/// assert_eq!((rate.get().unwrap().calls(), rate.get().unwrap().burst()), (30, 5));
/// assert_eq!(rate.to_string(), "30/1m burst 5");
/// assert_eq!("off".parse::<HumanRate>()?.get(), None);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HumanRate(Option<Rate>);

/// A quota as people write it: `1000/h`, `20000/1d`, `off`.
///
/// # Examples
///
/// ```
/// use runner::HumanQuota;
///
/// let quota: HumanQuota = "1000/h".parse()?;
/// assert_eq!((quota.get().unwrap().calls(), quota.get().unwrap().window().as_secs()), (1000, 3600));
/// let error = "1000/h burst 5".parse::<HumanQuota>().unwrap_err();
/// assert_eq!(error, "`1000/h burst 5` is not a quota: expected one as `1000/h`, or `off`");
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HumanQuota(Option<Quota>);

impl HumanRate {
    /// Returns the rate; nothing where it is off.
    #[must_use]
    pub const fn get(self) -> Option<Rate> {
        self.0
    }
}

impl HumanQuota {
    /// Returns the quota; nothing where it is off.
    #[must_use]
    pub const fn get(self) -> Option<Quota> {
        self.0
    }
}

impl From<Rate> for HumanRate {
    fn from(rate: Rate) -> Self {
        Self(Some(rate))
    }
}

impl From<Quota> for HumanQuota {
    fn from(quota: Quota) -> Self {
        Self(Some(quota))
    }
}

impl FromStr for HumanRate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rate = || {
            let (share, burst) = match text.split_once("burst") {
                Some((share, burst)) => (share, Some(burst.trim().parse().ok()?)),
                None => (text, None),
            };
            let (calls, per) = calls_per(share)?;
            let rate = Rate::new(calls, per);
            Some(Self(Some(burst.map_or(rate, |burst| rate.with_burst(burst)))))
        };
        if is_off(text) { Some(Self(None)) } else { rate() }
            .ok_or_else(|| format!("`{text}` is not a rate: expected one as `100/s` or `30/1m burst 5`, or `off`"))
    }
}

impl FromStr for HumanQuota {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let quota = || calls_per(text).map(|(calls, window)| Self(Some(Quota::new(calls, window))));
        if is_off(text) { Some(Self(None)) } else { quota() }
            .ok_or_else(|| format!("`{text}` is not a quota: expected one as `1000/h`, or `off`"))
    }
}

fn is_off(text: &str) -> bool {
    text.trim() == "off"
}

/// Reads `30/1m`; a unit alone, as in `30/m`, is one of it.
fn calls_per(text: &str) -> Option<(u32, Duration)> {
    let (calls, per) = text.split_once('/')?;
    let per = per.trim();
    let per = if per.starts_with(|c: char| c.is_ascii_digit()) { per.to_owned() } else { format!("1{per}") };
    let time = match per.strip_suffix('d') {
        Some(days) => Duration::from_secs(days.trim().parse::<u64>().ok()?.checked_mul(DAY)?),
        None => per.parse::<HumanDuration>().ok()?.get(),
    };
    Some((calls.trim().parse().ok()?, time))
}

/// The seconds of a day: durations in general know none, for a day of the calendar may have others.
const DAY: u64 = 24 * 60 * 60;

fn write_per(f: &mut fmt::Formatter<'_>, calls: u32, time: Duration) -> fmt::Result {
    if time.subsec_nanos() == 0 && !time.is_zero() && time.as_secs().is_multiple_of(DAY) {
        return write!(f, "{calls}/{}d", time.as_secs() / DAY);
    }
    write!(f, "{calls}/{}", HumanDuration::from(time))
}

impl fmt::Display for HumanRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(rate) = self.0 else { return f.write_str("off") };
        write_per(f, rate.calls(), rate.per())?;
        if rate.burst() == rate.calls() { Ok(()) } else { write!(f, " burst {}", rate.burst()) }
    }
}

impl fmt::Display for HumanQuota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(quota) => write_per(f, quota.calls(), quota.window()),
            None => f.write_str("off"),
        }
    }
}

impl Serialize for HumanRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for HumanQuota {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HumanRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for HumanQuota {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(u32, u64, u32)>) {
        let rate = text.parse::<HumanRate>().ok().and_then(HumanRate::get);
        assert_eq!(rate.map(|rate| (rate.calls(), rate.per().as_secs(), rate.burst())), expected, "{text}");
    }

    #[test]
    fn rates_are_calls_per_time() {
        check("100/s", Some((100, 1, 100)));
        check("100 / s burst 200", Some((100, 1, 200)));
        check("30/m", Some((30, 60, 30)));
        check("5/90s", Some((5, 90, 5)));
        check("5/d", Some((5, 86_400, 5)));
        check("5/2d", Some((5, 172_800, 5)));
        for text in [
            "",
            "100",
            "/s",
            "100/",
            "x/s",
            "100/parsec",
            "-1/s",
            "1.5/s",
            "1/-1d",
            "1/99999999999999999999d",
            "100/s burst",
            "100/s burst x",
        ] {
            check(text, None);
            assert!(text.parse::<HumanRate>().is_err() && text.parse::<HumanQuota>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_written_reads_the_same() {
        for text in ["off", "100/1s", "100/1s burst 7", "30/1m 30s"] {
            assert_eq!(text.parse::<HumanRate>().unwrap().to_string(), text);
        }
        for text in ["off", "1000/1h", "20000/1d", "7/30d"] {
            assert_eq!(text.parse::<HumanQuota>().unwrap().to_string(), text);
        }
    }
}
