//! How is a configuration file read, and what does its error say?

use std::{fmt, path::Path};

use toml::Table;
use tool_core::nearest;
use tool_guard::{AdmissionError, GuardPolicyError};

use super::{Config, keys::docs};

impl Config {
    /// Parses a configuration; `name` is what errors call the file.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] that names file, line and key: malformed TOML, an unknown key (with the nearest known one), a
    /// value of another type or out of range.
    pub fn parse(text: &str, name: &str) -> Result<Self, ConfigError> {
        let fail = |line: usize, message: String| ConfigError { file: name.to_owned(), line, message };
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            fail(line_of(text, error.span().map(|span| span.start)), error.message().to_owned())
        })?;
        if let Some((key, hint)) = unknown_key(&table) {
            return Err(fail(line_of_key(text, &key), format!("unknown key `{key}`{hint}")));
        }
        let config: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map(|span| span.start);
            let line = line_of(text, at);
            fail(line, format!("{}: {}", key_at(text, line), error.message()))
        })?;
        config.check().map_err(|(key, message)| fail(line_of_key(text, key), format!("`{key}`: {message}")))?;
        config.policy.check().map_err(|error| {
            fail(line_of_admission(text, &error), format!("`policy.{}`: {}", error.place(), error.problem()))
        })?;
        config.guard.policy().map_err(|error| {
            let (key, message) = guard_fault(&error);
            fail(line_of_key(text, &key), message)
        })?;
        Ok(config)
    }

    /// Reads a configuration file.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], as [`Config::parse`], or if the file cannot be read.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError {
            file: name.clone(),
            line: 0,
            message: format!("cannot be read: {error}"),
        })?;
        Self::parse(&text, &name)
    }

    /// Checks what types cannot say; the first fault, with its key.
    fn check(&self) -> Result<(), (&'static str, String)> {
        let positive =
            |key, is_zero: bool| if is_zero { Err((key, "must be more than zero".to_owned())) } else { Ok(()) };
        positive("cache.max_entries", self.cache.max_entries == 0)?;
        positive("cache.max_bytes", self.cache.max_bytes == 0)?;
        positive("cache.default_ttl", self.cache.default_ttl.get().is_zero())?;
        positive("cache.ttl", self.cache.ttl.values().any(|ttl| ttl.get().is_zero()))?;
        positive("guard.timeout", self.guard.timeout.get().is_zero())?;
        positive("observe.max_traces", self.observe.max_traces == 0)?;
        if self.guard.max_timeout < self.guard.timeout {
            return Err(("guard.max_timeout", format!("must be at least guard.timeout ({})", self.guard.timeout)));
        }
        let pattern = |key, text: &String| {
            if is_pattern(text) {
                Ok(())
            } else {
                Err((key, format!("`{text}` is neither a tool name nor a `namespace.*`")))
            }
        };
        self.cache.ttl.keys().try_for_each(|text| pattern("cache.ttl", text))?;
        self.policy.deny.iter().try_for_each(|text| pattern("policy.deny", text))
    }
}

fn is_pattern(text: &str) -> bool {
    text == "*"
        || text
            .strip_suffix('*')
            .map_or(text, |stem| stem.trim_end_matches('.'))
            .replace(".*", "")
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.'))
            && text.contains('.')
}

/// Returns the key that a fault of the guard's policy is about, and the fault in the words of the configuration.
fn guard_fault(error: &GuardPolicyError) -> (String, String) {
    let ours = |text: &str| text.replace("hedge.after", "hedge.quantile").replace("default_timeout", "timeout");
    let key = if error.field().starts_with("tools") { "tools".to_owned() } else { ours(error.field()) };
    (format!("guard.{key}"), ours(&error.to_string()).replacen('`', "`guard.", 1))
}

/// Finds the first key nobody knows, with a hint at the nearest one.
fn unknown_key(table: &Table) -> Option<(String, String)> {
    let known: Vec<&str> = docs().map(|(key, _)| key).collect();
    unknown_within("", table, &known)
}

fn unknown_within(place: &str, table: &Table, known: &[&str]) -> Option<(String, String)> {
    for (name, value) in table {
        let key = format!("{place}{name}");
        if known.contains(&key.as_str()) {
            continue;
        }
        let within = format!("{key}.");
        if !known.iter().any(|known| known.starts_with(&within)) {
            let near = neighbours(place, known);
            return Some((key.clone(), hint(&key, &near)));
        }
        let found = value.as_table().and_then(|table| unknown_within(&within, table, known));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Lists what may stand in a place: the sections at the top, otherwise every key.
fn neighbours<'k>(place: &str, known: &[&'k str]) -> Vec<&'k str> {
    let section = |key: &&'k str| key.split_once('.').map(|(section, _)| section);
    if place.is_empty() { known.iter().filter_map(section).collect() } else { known.to_vec() }
}

fn hint(key: &str, known: &[&str]) -> String {
    match nearest(key, known.iter().copied(), 1).first() {
        Some(near) => format!(", did you mean `{near}`?"),
        None => String::new(),
    }
}

fn line_of(text: &str, at: Option<usize>) -> usize {
    at.map_or(0, |at| text[..at.min(text.len())].matches('\n').count() + 1)
}

/// Finds the line that sets a key, be it under its section or dotted; 1 if the text hides it.
fn line_of_key(text: &str, key: &str) -> usize {
    let heads = |section: &str| section == key || section.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
    let sets = |(_, section, set): &(usize, &str, &str)| match *set {
        "" => heads(section),
        set => key == dotted(section, set) || key == set,
    };
    lines(text).find(sets).map_or(1, |(line, ..)| line)
}

/// Finds the line of a fault in `[policy]`: that of the field, of its rule, or of all rules.
fn line_of_admission(text: &str, error: &AdmissionError) -> usize {
    let Some(rule) = error.rule() else { return line_of_key(text, &format!("policy.{}", error.place())) };
    let field = error.place().split_once("].").map_or("", |(_, field)| field);
    let heads = text.lines().enumerate().filter(|(_, line)| line.trim().starts_with("[[policy.rules"));
    let Some((head, _)) = heads.clone().nth(rule) else { return line_of_key(text, "policy.rules") };
    let next = heads.map(|(line, _)| line).nth(rule + 1).unwrap_or(usize::MAX);
    let own = |(line, section, set): &(usize, &str, &str)| {
        (head + 1..=next).contains(line) && *section == "policy.rules" && *set == field
    };
    lines(text).find(own).map_or(head + 1, |(line, ..)| line)
}

/// Lists the lines that head a section or set a key: the number, the section, and what stands before `=`.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let mut section = "";
    text.lines().enumerate().map(move |(number, line)| {
        let line = line.trim();
        if line.starts_with('[') {
            section = line.split(']').next().unwrap_or_default().trim_start_matches('[').trim();
            return (number + 1, section, "");
        }
        (number + 1, section, line.split('=').next().unwrap_or_default().trim())
    })
}

fn dotted(section: &str, set: &str) -> String {
    if section.is_empty() { set.to_owned() } else { format!("{section}.{set}") }
}

/// Says which key a line sets, for errors that know the line alone.
fn key_at(text: &str, line: usize) -> String {
    let sets = text.lines().nth(line.saturating_sub(1)).is_some_and(|line| line.contains('='));
    match lines(text).nth(line.saturating_sub(1)) {
        Some((_, section, set)) if sets => format!("`{}`", dotted(section, set)),
        Some((_, section, _)) => format!("`{section}`"),
        None => "``".to_owned(),
    }
}

/// Says what is wrong with a configuration: file, line and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    file: String,
    line: usize,
    message: String,
}

impl ConfigError {
    /// Returns the line, counted from 1; 0 where it is the whole file.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}, line {line}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for ConfigError {}

/// Says whether a name falls under a pattern: the name itself, `namespace.*`, or `*`.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(stem) => name.starts_with(stem),
        None => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Config::parse(text, "f.toml").unwrap_err().to_string(), expected);
    }

    #[test]
    fn fault_names_file_line_and_key() {
        check(
            "[cache]\n\nmax_entires = 3\n",
            "f.toml, line 3: unknown key `cache.max_entires`, did you mean `cache.max_entries`?",
        );
        check("[cahce]\n", "f.toml, line 1: unknown key `cahce`, did you mean `cache`?");
        check("[cache]\nmax_entries = 0\n", "f.toml, line 2: `cache.max_entries`: must be more than zero");
        check(
            "[guard]\ntimeout = \"10m\"\nmax_timeout = \"1m\"\n",
            "f.toml, line 3: `guard.max_timeout`: must be at least guard.timeout (10m)",
        );
        check(
            "[policy]\ndeny = [\"Graph Expand\"]\n",
            "f.toml, line 2: `policy.deny`: `Graph Expand` is neither a tool name nor a `namespace.*`",
        );
    }

    #[test]
    fn fault_in_a_rule_names_its_line() {
        let rules = "[policy]\n[[policy.rules]]\nverdict = \"deny\"\ntools = [\"a.*\"]\n\n[[policy.rules]]\n";
        check(
            &format!("{rules}verdict = \"allow\"\ntools = []\n"),
            "f.toml, line 8: `policy.rules[1].tools`: is empty, so that nothing matches, but must hold a value, or be \
             left out to match all",
        );
        check(
            &format!("{rules}verdict = \"allow\"\ntools = [\"a.b\"]\n"),
            "f.toml, line 6: `policy.rules[1]`: can never decide: `rules[0]` covers all that it matches",
        );
        check(
            "[policy.known]\nglobex = [\"bob\"]\nacme = []\n",
            "f.toml, line 3: `policy.known.acme`: is empty, but must hold a principal",
        );
        check(
            "[policy]\n\nprincipal_rate = \"0/s\"\n",
            "f.toml, line 3: `policy.principal_rate`: allows 0 calls, but must allow at least 1",
        );
        check("[policy]\nmax_tenants = 0\n", "f.toml, line 2: `policy.max_tenants`: is 0, but must be 1 to 1000000");
    }

    #[test]
    fn unknown_word_in_a_rule_names_line_and_key() {
        #[track_caller]
        fn told(rule: &str, line: usize, parts: &[&str]) {
            let error = Config::parse(&format!("[[policy.rules]]\n{rule}"), "f.toml").unwrap_err();
            assert_eq!(error.line(), line, "{error}");
            parts.iter().for_each(|part| assert!(error.to_string().contains(part), "{error}"));
        }
        told("verdict = \"deny\"\neffects = [\"writing\"]\n", 3, &["`policy.rules.effects`", "`writing`", "`writes`"]);
        told("verdict = \"forbid\"\n", 2, &["`policy.rules.verdict`", "`forbid`", "`deny`"]);
        told("verdict = \"deny\"\ntool = [\"a.b\"]\n", 3, &["`policy.rules.tool`", "unknown field", "`tools`"]);
        told("tools = [\"a.b\"]\n", 1, &["`policy.rules`", "missing field `verdict`"]);
    }

    #[test]
    fn wrong_type_names_the_key() {
        let error = Config::parse("[cache]\nenabled = true\ndefault_ttl = 5\n", "f.toml").unwrap_err();
        assert_eq!(error.line(), 3);
        assert!(error.to_string().contains("`cache.default_ttl`"), "{error}");
        let error = Config::parse("[cache]\ndefault_ttl = \"soon\"\n", "f.toml").unwrap_err();
        assert!(error.to_string().contains("`soon` is not a duration"), "{error}");
    }

    #[test]
    fn malformed_file_names_the_line() {
        assert_eq!(Config::parse("[cache]\nenabled = \n", "f.toml").unwrap_err().line(), 2);
    }

    #[test]
    fn empty_file_is_the_default() {
        assert_eq!(Config::parse("", "f.toml").unwrap(), Config::default());
    }

    #[test]
    fn patterns_cover_names_and_namespaces() {
        assert!(matches("graph.*", "graph.path") && matches("*", "a.b") && matches("ci.get", "ci.get"));
        assert!(!matches("ci.get", "ci.get_by_code") && !matches("graph.*", "graphs.x"));
    }
}
