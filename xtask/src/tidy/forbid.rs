//! Does every crate forbid unsafe code?

use proc_macro2::TokenTree;
use syn::{Attribute, Meta};

use super::source::Source;
use super::violation::Violation;
use crate::workspace::Workspace;

/// Reports the libraries and programs of the workspace that do not forbid unsafe code.
pub(crate) fn check_all(workspace: &Workspace, sources: &[Source]) -> Vec<Violation> {
    let roots = workspace.crate_roots();
    sources.iter().filter(|source| roots.contains(&source.path)).filter_map(check).collect()
}

fn check(source: &Source) -> Option<Violation> {
    if source.file.attrs.iter().any(forbids_unsafe) {
        return None;
    }
    Some(Violation::new(&source.path, 1, "crate may use unsafe code", "`#![forbid(unsafe_code)]`"))
}

fn forbids_unsafe(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else { return false };
    let mut words = list.tokens.clone().into_iter();
    list.path.is_ident("forbid") && words.any(|word| matches!(word, TokenTree::Ident(name) if name == "unsafe_code"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(text: &str, is_violation: bool) {
        let source = Source::parse("crates/a/src/lib.rs", text.to_owned()).unwrap();
        assert_eq!(check(&source).is_some(), is_violation, "{text}");
    }

    #[test]
    fn forbid_passes() {
        expect("//! Docs.\n#![forbid(unsafe_code)]\nfn a() {}", false);
        expect("#![forbid(missing_docs, unsafe_code)]", false);
    }

    #[test]
    fn anything_weaker_fails() {
        expect("//! #![forbid(unsafe_code)]", true);
        expect("#![deny(unsafe_code)]", true);
        expect("#![forbid(missing_docs)]", true);
        expect("mod a { #![forbid(unsafe_code)] }", true);
    }
}
