//! Which keys are there, what do they mean, and which values hold?

use serde::Serialize;
use toml::{Table, Value};

use super::Config;

/// One key of the effective configuration.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Setting {
    /// The dotted key, as in `cache.max_entries`.
    pub key: String,
    /// The value that holds.
    pub value: Value,
    /// The value that would hold if nobody set it; missing for entries of a table that is empty by default.
    pub default: Option<Value>,
    /// Who set it.
    pub origin: SettingOrigin,
    /// What it does, in one line.
    pub doc: &'static str,
}

/// Who set a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SettingOrigin {
    /// Nobody: it is the default.
    Default,
    /// The configuration file.
    File,
}

/// Every key with the one line that says what it does; a test holds it against [`Config`].
const DOCS: [(&str, &str); 67] = [
    ("cache.default_ttl", "how long a result is good where neither the tool nor cache.ttl says"),
    ("cache.early_refresh", "how eagerly results are refreshed before their time, 0 to 100; 0 for never"),
    ("cache.enabled", "whether answers come from memory at all"),
    ("cache.hard_ttl", "the age beyond which nothing is served, fresh or stale"),
    ("cache.jitter", "the share, 0 to 1, by which lifetimes are shortened at most"),
    ("cache.max_bytes", "the most bytes of results kept"),
    ("cache.max_entries", "the most results kept"),
    ("cache.max_flights", "the most loads that run at once"),
    ("cache.max_orphans", "the most loads that go on though all their callers left"),
    ("cache.max_refreshes", "the most loads at once that nobody waits for"),
    ("cache.negative_ttl", "how long it is remembered that a tool found nothing; zero for not at all"),
    ("cache.retention", "which results go first where room is needed: cost_aware or cost_blind"),
    ("cache.retry_interval", "how long nothing is asked again after a failure, while there is something to serve"),
    ("cache.stale_if_error", "how long past its lifetime a result is served in place of a failure"),
    ("cache.stale_while_revalidate", "how long past its lifetime a result is served while another is fetched"),
    ("cache.ttl", "how long results of a tool (ci.get) or namespace (graph.*) are good"),
    ("compose.enabled", "whether compositions can run at all"),
    ("guard.breaker.enabled", "whether a tool that fails is left alone for a while"),
    ("guard.breaker.failure_share", "from which share of failures on it is left alone"),
    ("guard.breaker.max_ejected", "which share of a group of tools may be left alone at once; one always may"),
    ("guard.breaker.max_open", "for how long it is left alone at most"),
    ("guard.breaker.min_calls", "how many calls there must be before it is judged"),
    ("guard.breaker.open_for", "for how long it is left alone at first; doubles with each probe that fails"),
    ("guard.breaker.probes", "how many probes there are at once, and how many must succeed"),
    ("guard.breaker.slow_call", "from how long on a run is slow"),
    ("guard.breaker.slow_share", "from which share of slow runs on it is left alone"),
    ("guard.breaker.window", "over which time its calls are judged"),
    ("guard.enabled", "whether calls are guarded at all"),
    ("guard.hedge.budget", "which share of the calls of a tool may be asked a second time"),
    ("guard.hedge.enabled", "whether a slow call of a tool that only reads is asked a second time"),
    ("guard.hedge.quantile", "later than which share of the calls of the tool it is asked again"),
    ("guard.limit.enabled", "whether the calls of one tool are limited in number"),
    ("guard.limit.max_in_flight", "how many calls of one tool may run at once"),
    ("guard.limit.queue", "how many calls of one tool may wait"),
    ("guard.max_timeout", "the time limit of a call that nobody can exceed"),
    ("guard.result.enabled", "whether results are bounded in size and depth"),
    ("guard.result.excess", "what becomes of a larger result: refuse or cut"),
    ("guard.result.max_bytes", "how many bytes of JSON a result may have"),
    ("guard.result.max_depth", "how many levels of arrays and objects a result may have"),
    ("guard.result.validation", "whether results are held against their schema: off, warn or enforce"),
    ("guard.retry.attempt_timeout", "the time limit of an attempt that another may follow"),
    ("guard.retry.attempts", "how often a tool is started for a call where no step says"),
    ("guard.retry.backoff", "the upper end of the first wait between attempts; doubles each time"),
    ("guard.retry.budget", "which share of the calls of a tool may be tried again"),
    ("guard.retry.budget_floor", "how many attempts per second there may be besides"),
    ("guard.retry.enabled", "whether a call that failed is tried again where that is safe"),
    ("guard.retry.max_attempts", "how often a tool is started at most, whatever a step says"),
    ("guard.retry.max_backoff", "the upper end of the longest wait between attempts"),
    ("guard.timeout", "the time limit of a call where neither caller nor tool says"),
    ("guard.tools", "what holds for some tools instead: parts as above under a name or namespace (graph.*)"),
    ("guard.total.enabled", "whether the calls of all tools together are limited in number"),
    ("guard.total.max_in_flight", "how many calls of all tools together may run at once"),
    ("guard.total.queue", "how many calls of all tools together may wait"),
    ("observe.enabled", "whether calls are recorded at all"),
    ("observe.max_traces", "the most traces kept"),
    (
        "policy.default_allow",
        "what may be called where no rule says: reads, nothing, everything; auto is reads once rules or known are set",
    ),
    ("policy.deny", "tools nobody may call: names, or namespaces as graph.*"),
    ("policy.enabled", "whether calls are checked against the policy, rates and quotas at all"),
    ("policy.known", "principals by tenant that may write where no rule says"),
    ("policy.max_principals", "the most principals of a tenant that are told apart; those beyond share rate and quota"),
    ("policy.max_tenants", "the most tenants that are told apart; those beyond share rate and quota"),
    ("policy.principal_quota", "calls of one principal in each window, as 1000/h, or off"),
    ("policy.principal_rate", "calls of one principal, as 10/s burst 20, or off"),
    ("policy.rules", "who may call what: verdict, and name, tenants, principals, tools, effects; one that denies wins"),
    ("policy.tenant_quota", "calls of one tenant in each window, as 20000/1d, or off"),
    ("policy.tenant_rate", "calls of one tenant, as 100/s burst 200, or off"),
    ("select.enabled", "whether tools can be selected at all"),
];

/// The last key, apart only because its value is an enum.
const STRATEGY: (&str, &str) = ("select.strategy", "what to prefer where the request does not say");

pub(crate) fn docs() -> impl Iterator<Item = (&'static str, &'static str)> {
    DOCS.into_iter().chain([STRATEGY])
}

impl Config {
    /// Lists every key with its value, its default and who set it; `file` is the text of the configuration file.
    #[must_use]
    pub fn settings(&self, file: Option<&str>) -> Vec<Setting> {
        let set = file.and_then(|text| text.parse::<Table>().ok()).unwrap_or_default();
        let (now, default) = (as_table(self), as_table(&Self::default()));
        docs()
            .filter_map(|(key, doc)| {
                let origin = if lookup(&set, key).is_some() { SettingOrigin::File } else { SettingOrigin::Default };
                let value = lookup(&now, key)?.clone();
                Some(Setting { key: key.to_owned(), value, default: lookup(&default, key).cloned(), origin, doc })
            })
            .collect()
    }
}

fn as_table(config: &Config) -> Table {
    Table::try_from(config).unwrap_or_default()
}

fn lookup<'t>(table: &'t Table, key: &str) -> Option<&'t Value> {
    let (first, rest) = key.split_once('.')?;
    rest.split('.').try_fold(table.get(first)?, |value, name| value.get(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lists the keys that have a value, or a table that is empty by default.
    fn leaves(place: &str, table: &Table) -> Vec<String> {
        let leaf = |(name, value): (&String, &Value)| match value.as_table() {
            Some(inner) if !inner.is_empty() => leaves(&format!("{place}{name}."), inner),
            _ => vec![format!("{place}{name}")],
        };
        table.iter().flat_map(leaf).collect()
    }

    #[test]
    fn every_key_has_its_line() {
        let mut keys = leaves("", &as_table(&Config::default()));
        keys.sort();
        let mut documented: Vec<&str> = docs().map(|(key, _)| key).collect();
        documented.sort_unstable();
        assert_eq!(keys, documented);
    }

    #[test]
    fn origin_tells_file_from_default() {
        let text = "[cache]\nmax_entries = 5\n";
        let settings = Config::parse(text, "x").unwrap().settings(Some(text));
        let of = |key: &str| settings.iter().find(|setting| setting.key == key).unwrap();
        assert_eq!(of("cache.max_entries").origin, SettingOrigin::File);
        assert_eq!(of("cache.max_entries").value, Value::Integer(5));
        assert_eq!(of("cache.max_entries").default, Some(Value::Integer(1000)));
        assert_eq!(of("cache.max_bytes").origin, SettingOrigin::Default);
    }
}
