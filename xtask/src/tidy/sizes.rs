//! Is a file or a function too long to answer one question?

use proc_macro2::Span;
use syn::visit::{self, Visit};
use syn::{Block, ImplItemFn, ItemFn, Signature, TraitItemFn};

use super::source::Source;
use super::violation::Violation;

/// Most lines of a function, from `fn` to the closing brace.
const MAX_FUNCTION: usize = 70;

/// Most lines of a file.
const MAX_FILE: usize = 800;

/// What a longer file must say in its leading `//!`, and why.
const MARKER: &str = "one data structure";

/// Reports a file and functions beyond the hard stops.
pub(crate) fn check(source: &Source) -> Vec<Violation> {
    let mut functions = Functions { path: &source.path, violations: Vec::new() };
    functions.visit_file(&source.file);
    functions.violations.extend(check_file(source));
    functions.violations
}

fn check_file(source: &Source) -> Option<Violation> {
    let lines = source.text.lines().count();
    if lines <= MAX_FILE || is_one_data_structure(&source.text) {
        return None;
    }
    let expected = format!("at most {MAX_FILE}, or a leading `//!` saying why it is {MARKER}");
    Some(Violation::new(&source.path, 1, format!("file of {lines} lines"), expected))
}

fn is_one_data_structure(text: &str) -> bool {
    let mut leading = text.lines().take_while(|line| line.starts_with("//!"));
    leading.any(|line| line.contains(MARKER))
}

/// Finds long functions.
struct Functions<'a> {
    path: &'a str,
    violations: Vec<Violation>,
}

impl Functions<'_> {
    fn measure(&mut self, signature: &Signature, block: &Block) {
        let first = line(signature.fn_token.span);
        let lines = line(block.brace_token.span.close()) + 1 - first;
        if lines > MAX_FUNCTION {
            let what = format!("function `{}` of {lines} lines", signature.ident);
            self.violations.push(Violation::new(self.path, first, what, format!("at most {MAX_FUNCTION}")));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.measure(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

fn line(span: Span) -> usize {
    span.start().line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that a text has exactly the violations of these lines and words.
    #[track_caller]
    fn expect(text: &str, expected: &[(usize, &str)]) {
        let source = Source::parse("crates/a/src/lib.rs", text.to_owned()).unwrap();
        let found = check(&source);
        let found: Vec<_> = found.iter().map(|violation| (violation.line, violation.what.as_str())).collect();
        assert_eq!(found, expected);
    }

    /// Returns a function of that many lines, braces included.
    fn function(lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    step();\n".repeat(lines - 2))
    }

    #[test]
    fn function_of_70_lines_passes() {
        expect(&function(70), &[]);
    }

    #[test]
    fn function_of_71_lines_fails() {
        expect(&format!("\n/// Docs do not count.\n{}", function(71)), &[(3, "function `long` of 71 lines")]);
    }

    #[test]
    fn methods_count_too() {
        let long = function(71);
        let text = format!("impl A {{\n{long}}}\ntrait B {{\n{long}}}\nmod c {{\n{long}}}\n");
        let what = "function `long` of 71 lines";
        expect(&text, &[(2, what), (75, what), (148, what)]);
    }

    #[test]
    fn file_of_800_lines_passes() {
        expect(&"// a\n".repeat(800), &[]);
    }

    #[test]
    fn file_of_801_lines_fails() {
        expect(&"// a\n".repeat(801), &[(1, "file of 801 lines")]);
        expect(&format!("// one data structure\n{}", "// a\n".repeat(800)), &[(1, "file of 801 lines")]);
    }

    #[test]
    fn long_file_may_say_why() {
        expect(&format!("//! A tree.\n//! It is one data structure: …\n{}", "// a\n".repeat(800)), &[]);
    }
}
