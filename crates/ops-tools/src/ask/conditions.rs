//! Which properties of items and events does a question name?

use serde_json::json;

use super::cues::Cue;
use super::facts::{Condition, Facts};
use super::find::condition;
use super::numbers::positive;
use super::sheet::Sheet;
use super::spelling::singular;
use super::stop::is_stop;
use super::vocabulary::Vocabulary;

/// How people name the fields of items.
const FIELDS: [(&str, &[&str]); 11] = [
    ("ci_type", &["type", "kind", "types", "kinds", "ci_type", "item type"]),
    ("ci_subtype", &["subtype", "sub type", "subtypes", "ci_subtype"]),
    ("ci_category", &["category", "categories", "ci_category", "role"]),
    ("status", &["status", "state", "statuses"]),
    ("owner", &["owner", "owners", "team", "teams"]),
    ("location", &["location", "rack", "site", "locations", "place", "racks", "sites", "datacenter"]),
    ("attributes.engine", &["engine", "engines", "technology", "software"]),
    ("attributes.version", &["version", "versions"]),
    ("attributes.zone", &["zone", "zones", "availability zone"]),
    ("tags.system", &["system", "systems", "business system"]),
    ("tags.host_server", &["host", "hosts", "server", "servers"]),
];

fn field_at(sheet: &Sheet<'_>, at: usize) -> Option<(&'static str, usize)> {
    let found = FIELDS.iter().filter_map(|(field, words)| Some((*field, sheet.any(at, words)?)));
    found.max_by_key(|(_, end)| *end)
}

/// Ticks off by what to group or to sort: `by owner`, `per zone`, `sorted by code`, and `where` beside a count.
pub(super) fn grouping(sheet: &mut Sheet<'_>, facts: &mut Facts) {
    for at in 0..sheet.len() {
        let sorted = sheet.any(at, &["sorted by", "sort by", "ordered by", "order by"]);
        let grouped =
            sheet.any(at, &["by", "per", "for each", "grouped by", "group by", "and by", "split by", "in each"]);
        let lead = sorted.or(grouped);
        let Some((field, end)) = lead.and_then(|lead| field_at(sheet, lead)) else { continue };
        if sorted.is_some() {
            let down = sheet.any(end, &["descending", "desc"]);
            sheet.take(at..down.unwrap_or(end), "sort", json!(field));
            facts.sort = Some((field.to_owned(), if down.is_some() { "desc" } else { "asc" }));
        } else {
            sheet.take(at..end, "group_by", json!(field));
            facts.group_by.push(field.to_owned());
        }
    }
    most_by(sheet, facts);
}

/// Ticks off `which team … the most items` and `how many … and where`: a count by what is asked for.
fn most_by(sheet: &mut Sheet<'_>, facts: &mut Facts) {
    let last = sheet.len().saturating_sub(1);
    if sheet.phrase(0, "how many").is_some() && sheet.word(last) == "where" && sheet.is_free(last) {
        sheet.take(last..last + 1, "group_by", json!("location"));
        facts.group_by.push("location".to_owned());
    }
    let most = (0..sheet.len()).any(|at| sheet.any(at, &["the most", "most"]).is_some());
    if let (true, Some((field, end))) = (most && matches!(sheet.word(0), "which" | "what"), field_at(sheet, 1)) {
        sheet.take(1..end, "group_by", json!(field));
        facts.group_by.push(field.to_owned());
        facts.cues.entry(Cue::Count).or_insert(0);
    }
}

/// Ticks off the kinds of items that are named.
pub(super) fn kinds(sheet: &mut Sheet<'_>, known: &Vocabulary, facts: &mut Facts) {
    for at in 0..sheet.len() {
        if let Some((field, value, end)) = known.kinds.at(sheet, at) {
            take(sheet, at..end, condition(field, "=", value), facts);
        }
    }
}

fn take(sheet: &mut Sheet<'_>, range: std::ops::Range<usize>, found: Condition, facts: &mut Facts) {
    let said = super::kinds::filter(&found.field, found.op, &found.value);
    sheet.take(range, "filter", said);
    if !facts.conditions.contains(&found) {
        facts.conditions.push(found);
    }
}

/// Ticks off owners, places, zones, engines, states and sizes.
pub(super) fn properties(sheet: &mut Sheet<'_>, known: &Vocabulary, facts: &mut Facts) {
    for at in 0..sheet.len() {
        let found = owner(sheet, at, known)
            .or_else(|| place(sheet, at, known))
            .or_else(|| value(sheet, at, known))
            .or_else(|| status(sheet, at, known))
            .or_else(|| size(sheet, at));
        if let Some((found, end)) = found
            && sheet.are_free(at..end)
        {
            take(sheet, at..end, found, facts);
        }
    }
}

fn values<'a>(known: &'a Vocabulary, field: &'a str) -> impl Iterator<Item = &'a str> {
    known.values.iter().filter(move |(of, _)| *of == field).map(|(_, value)| value.as_str())
}

/// Reads `team X`, `the X team`, `owned by X`, `owner X`, `does X own`.
fn owner(sheet: &Sheet<'_>, at: usize, known: &Vocabulary) -> Option<(Condition, usize)> {
    let named = |at: usize| values(known, "owner").find(|owner| owner.to_lowercase() == sheet.word(at));
    let mut end = at;
    for _ in 0..4 {
        match sheet.word(end) {
            "team" | "teams" | "owned" | "owner" | "group" | "owns" | "belonging" | "belong" | "by" | "to" | "of"
            | "the" => end += 1,
            _ => break,
        }
    }
    let lead =
        (at..end).any(|at| matches!(sheet.word(at), "team" | "owned" | "owner" | "group" | "belonging" | "belong"));
    if lead && let Some(owner) = named(end) {
        let tail = end + 1 + usize::from(matches!(sheet.word(end + 1), "team" | "own" | "owns"));
        return Some((condition("owner", "=", owner), tail));
    }
    let owner = named(at)?;
    let tail = match (sheet.word(at + 1), sheet.word(at + 2)) {
        ("team" | "teams" | "group", "own" | "owns") => at + 3,
        ("team" | "teams" | "own" | "owns" | "group" | "people" | "guys", _) => at + 2,
        _ => return None,
    };
    Some((condition("owner", "=", owner), tail))
}

/// Reads `rack-3`, `rack 3`, `dc-1/rack-3`.
fn place(sheet: &Sheet<'_>, at: usize, known: &Vocabulary) -> Option<(Condition, usize)> {
    let one = sheet.word(at);
    let two = format!("{one}-{}", sheet.word(at + 1));
    let fits = |value: &str, said: &str| {
        let value = value.to_lowercase();
        value == said || value.rsplit('/').next() == Some(said)
    };
    [(two.as_str(), at + 2), (one, at + 1)].into_iter().find_map(|(said, end)| {
        let mut found = values(known, "location").filter(|value| said.len() > 1 && fits(value, said));
        let first = found.next().filter(|_| !is_stop(said))?;
        let one = found.next().is_none();
        Some((if one { condition("location", "=", first) } else { condition("location", "ILIKE", said) }, end))
    })
}

/// Reads a zone or an engine; an engine may be shortened, as in `postgres`.
fn value(sheet: &Sheet<'_>, at: usize, known: &Vocabulary) -> Option<(Condition, usize)> {
    let one = sheet.word(at);
    let two = format!("{one}-{}", sheet.word(at + 1));
    let zone = |said: &str| values(known, "attributes.zone").find(|zone| zone.to_lowercase() == said);
    if let Some(zone) = zone(one) {
        return Some((condition("attributes.zone", "=", zone), at + 1));
    }
    if let Some(zone) = zone(&two) {
        return Some((condition("attributes.zone", "=", zone), at + 2));
    }
    let fits = |engine: &&str| {
        let engine = engine.to_lowercase();
        engine == one || (one.len() >= 5 && engine.starts_with(one)) || (engine.len() > 3 && engine == singular(one))
    };
    let engine = values(known, "attributes.engine").find(fits)?;
    (engine != "node" || sheet.word(at + 1) != "of").then(|| (condition("attributes.engine", "=", engine), at + 1))
}

/// Reads a status that is known, or `inactive`.
fn status(sheet: &Sheet<'_>, at: usize, known: &Vocabulary) -> Option<(Condition, usize)> {
    let word = sheet.word(at);
    if let Some(status) = values(known, "status").find(|status| status.to_lowercase() == word) {
        return Some((condition("status", "=", status), at + 1));
    }
    let not = match word {
        "inactive" | "decommissioned" | "retired" => Some(at + 1),
        "not" | "isnt" | "arent" if sheet.word(at + 1) == "active" => Some(at + 2),
        _ => None,
    };
    not.map(|end| (condition("status", "!=", "active"), end))
}

/// Reads `64 cores` and `512 gb of memory`.
fn size(sheet: &Sheet<'_>, at: usize) -> Option<(Condition, usize)> {
    let count = positive(sheet.word(at))?;
    let end = match sheet.word(at + 1) {
        "core" | "cores" | "cpus" => return Some((condition("attributes.cpu_cores", "=", count), at + 2)),
        "gb" | "gig" | "gigs" | "gigabytes" => at + 2,
        _ => return None,
    };
    let of = end + usize::from(sheet.word(end) == "of");
    let tail = of + usize::from(matches!(sheet.word(of), "memory" | "ram"));
    Some((condition("attributes.memory_gb", "=", count), tail))
}

/// Ticks off how severe events must be.
pub(super) fn severity(sheet: &mut Sheet<'_>, facts: &mut Facts) {
    for at in 0..sheet.len() {
        let Some((severity, end)) = severity_at(sheet, at) else { continue };
        if sheet.are_free(at..end) {
            sheet.take(at..end, "min_severity", json!(severity));
            facts.min_severity = Some(u64::from(severity));
            facts.cues.entry(Cue::Severe).or_insert(at);
        }
    }
}

fn severity_at(sheet: &Sheet<'_>, at: usize) -> Option<(u32, usize)> {
    match sheet.word(at) {
        "critical" => return Some((5, at + 1)),
        "severe" | "major" | "serious" => return Some((4, at + 1)),
        _ => {}
    }
    let lead = sheet.any(at, &["severity", "sev", "min severity", "minimum severity", "with severity"])?;
    let lead =
        sheet.any(lead, &["of at least", "at least", ">", "above", "over", "from", "of"]).map_or((lead, 0), |end| {
            let beyond = matches!(sheet.word(end - 1), "above" | "over");
            (end, u32::from(beyond))
        });
    let severity = positive(sheet.word(lead.0))? + lead.1;
    let mut end = lead.0 + 1;
    if sheet.word(end - 1).len() == 1
        && let Some(tail) = sheet
            .any(end, &["or higher", "or above", "or more", "and above", "and higher", "and up", "or worse", "plus"])
    {
        end = tail;
    }
    (severity <= 5).then_some((severity, end))
}

/// Ticks off types of events: by their own names, and as people say them.
pub(super) fn event_types(sheet: &mut Sheet<'_>, known: &[String], facts: &mut Facts) {
    #[rustfmt::skip]
    const SAYINGS: [(&str, &[&str]); 6] = [
        ("threshold_alarm", &["alarm", "alarms", "alert", "alerts", "threshold alarms", "alerted", "alerting"]),
        ("deployment", &["deployments", "deployed", "deploy on", "deploys", "release", "releases", "released", "rollout", "rollouts", "rolled out"]),
        ("config_change", &["config changes", "configuration changes", "config change", "configuration change", "settings changed"]),
        ("health_check", &["health checks", "healthchecks", "health check"]),
        ("slo_burn", &["slo burns", "slo violations", "slo breaches", "slo"]),
        ("security_alert", &["security alerts", "security events", "security alarms", "security incidents"]),
    ];
    for at in 0..sheet.len() {
        let own = known.iter().filter_map(|kind| {
            let phrase = kind.to_lowercase().replace('_', " ");
            let end = sheet.any(at, &[&kind.to_lowercase(), &phrase, &format!("{phrase}s")])?;
            Some((kind.as_str(), end))
        });
        let said = SAYINGS.iter().filter(|(kind, _)| known.iter().any(|known| known == kind));
        let said = said.filter_map(|(kind, words)| Some((*kind, sheet.any(at, words)?)));
        if let Some((kind, end)) = own.chain(said).max_by_key(|(_, end)| *end) {
            let kind = kind.to_owned();
            sheet.take(at..end, "event_type", json!(kind));
            if !facts.event_types.contains(&kind) {
                facts.event_types.push(kind);
            }
        }
    }
}
