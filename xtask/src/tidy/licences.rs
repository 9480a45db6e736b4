//! May we build on every crate that we build on?

use std::fs;

use cargo_metadata::Package;
use serde::Deserialize;

use super::violation::Violation;
use crate::error::Result;
use crate::workspace::Workspace;

/// What we read of `deny.toml`, which cargo-deny reads too.
#[derive(Debug, Deserialize)]
struct Deny {
    licenses: Allowed,
}

/// The licences we accept.
#[derive(Debug, Deserialize)]
struct Allowed {
    allow: Vec<String>,
}

/// Reports packages whose licence expression the allow-list of `deny.toml` does not satisfy.
///
/// # Errors
///
/// If `deny.toml` cannot be read.
pub(crate) fn check_all(workspace: &Workspace) -> Result<Vec<Violation>> {
    let allowed = toml::from_str::<Deny>(&fs::read_to_string(workspace.root().join("deny.toml"))?)?.licenses.allow;
    let lock = fs::read_to_string(workspace.root().join("Cargo.lock"))?;
    let check = |package: &Package| {
        let what = check(package.license.as_deref(), &allowed)?;
        let declaration = format!("name = \"{}\"", package.name);
        let line = lock.lines().position(|line| line == declaration).map_or(1, |index| index + 1);
        let what = format!("{} {} {what}", package.name, package.version);
        Some(Violation::new("Cargo.lock", line, what, "one that deny.toml allows"))
    };
    Ok(workspace.packages().iter().filter_map(check).collect())
}

/// Returns what is wrong with a licence expression.
fn check(expression: Option<&str>, allowed: &[String]) -> Option<String> {
    let Some(expression) = expression else { return Some("names no licence".to_owned()) };
    match is_satisfied(expression, allowed) {
        Some(true) => None,
        Some(false) => Some(format!("is under `{expression}`")),
        None => Some(format!("has the malformed licence expression `{expression}`")),
    }
}

/// Evaluates a licence expression: an allowed licence is true; `None` if it is malformed.
///
/// Source: SPDX specification 2.3, annex D; the `/` of old manifests is an `OR`.
fn is_satisfied(expression: &str, allowed: &[String]) -> Option<bool> {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = expression.split_whitespace().collect();
    let mut parser = Parser { words: &words, allowed };
    let value = parser.any_of()?;
    parser.words.is_empty().then_some(value)
}

/// Reads an expression from left to right.
struct Parser<'a> {
    words: &'a [&'a str],
    allowed: &'a [String],
}

impl Parser<'_> {
    /// Reads `all OR all OR …`.
    fn any_of(&mut self) -> Option<bool> {
        let mut value = self.all_of()?;
        while self.take("OR") {
            value |= self.all_of()?;
        }
        Some(value)
    }

    /// Reads `one AND one AND …`, which binds closer.
    fn all_of(&mut self) -> Option<bool> {
        let mut value = self.one()?;
        while self.take("AND") {
            value &= self.one()?;
        }
        Some(value)
    }

    /// Reads `( any )`, `LICENCE` or `LICENCE WITH EXCEPTION`.
    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let value = self.any_of()?;
            return self.take(")").then_some(value);
        }
        let mut name = self.name()?;
        if self.take("WITH") {
            name = format!("{name} WITH {}", self.name()?);
        }
        Some(self.allowed.contains(&name))
    }

    fn name(&mut self) -> Option<String> {
        let (first, rest) = self.words.split_first()?;
        let is_name = !matches!(*first, "(" | ")" | "OR" | "AND" | "WITH");
        self.words = rest;
        is_name.then(|| (*first).to_owned())
    }

    fn take(&mut self, word: &str) -> bool {
        let is_next = self.words.first() == Some(&word);
        if is_next {
            self.words = &self.words[1..];
        }
        is_next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(expression: &str, expected: Option<bool>) {
        let allowed = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
        assert_eq!(is_satisfied(expression, &allowed), expected, "{expression}");
    }

    #[test]
    fn one_choice_is_enough() {
        expect("MIT", Some(true));
        expect("GPL-3.0 OR MIT", Some(true));
        expect("Unlicense/MIT", Some(true));
        expect("GPL-3.0", Some(false));
        expect("GPL-3.0 OR Apache-2.0", Some(false));
    }

    #[test]
    fn every_part_is_needed() {
        expect("MIT AND Zlib", Some(true));
        expect("MIT AND GPL-3.0", Some(false));
        expect("(MIT OR GPL-3.0) AND Zlib", Some(true));
        expect("MIT AND (GPL-3.0 OR Apache-2.0)", Some(false));
    }

    #[test]
    fn and_binds_closer_than_or() {
        expect("MIT OR Zlib AND GPL-3.0", Some(true));
        expect("GPL-3.0 AND Zlib OR GPL-3.0", Some(false));
    }

    #[test]
    fn exception_is_part_of_the_licence() {
        expect("Apache-2.0 WITH LLVM-exception", Some(true));
        expect("MIT WITH LLVM-exception", Some(false));
    }

    #[test]
    fn malformed_expression_is_not_evaluated() {
        for expression in ["", "MIT OR", "(MIT", "MIT)", "MIT Zlib", "AND MIT", "MIT WITH"] {
            expect(expression, None);
        }
    }

    #[test]
    fn missing_licence_is_said() {
        assert_eq!(check(None, &[]).as_deref(), Some("names no licence"));
        assert_eq!(check(Some("GPL-3.0"), &[]).as_deref(), Some("is under `GPL-3.0`"));
    }
}
