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
const DOCS: [(&str, &str); 34] = [
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
    ("guard.enabled", "whether calls are bounded in time at all"),
    ("guard.max_timeout", "the time limit of a call that nobody can exceed"),
    ("guard.timeout", "the time limit of a call where neither caller nor tool says"),
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
    let (section, name) = key.split_once('.')?;
    table.get(section)?.get(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_line() {
        let mut keys: Vec<String> = Vec::new();
        for (section, table) in as_table(&Config::default()) {
            keys.extend(table.as_table().unwrap().keys().map(|name| format!("{section}.{name}")));
        }
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
