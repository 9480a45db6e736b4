//! Is something unfinished, left over or switched off?

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::source::Source;
use super::violation::Violation;

/// Reports `todo!`, `dbg!` and `#[ignore]`, inside macros too.
pub(crate) fn check(source: &Source) -> Vec<Violation> {
    let mut violations = Vec::new();
    walk(source.tokens.clone(), &mut |line, what, expected| {
        violations.push(Violation::new(&source.path, line, what, expected));
    });
    violations
}

/// Calls `report` for every place where something banned begins.
fn walk(tokens: TokenStream, report: &mut impl FnMut(usize, String, &str)) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for index in 0..tokens.len() {
        match &tokens[index..] {
            [TokenTree::Ident(name), TokenTree::Punct(mark), TokenTree::Group(_), ..]
                if mark.as_char() == '!' && (name == "todo" || name == "dbg") =>
            {
                report(name.span().start().line, format!("`{name}!`"), "finished code");
            }
            [TokenTree::Punct(mark), TokenTree::Group(group), ..] if mark.as_char() == '#' && ignores(group) => {
                report(group.span().start().line, "an ignored test".to_owned(), "a test that runs, or none");
            }
            _ => {}
        }
    }
    for token in tokens {
        if let TokenTree::Group(group) = token {
            walk(group.stream(), report);
        }
    }
}

/// Returns whether the brackets of an attribute hold `ignore`, conditional or not.
fn ignores(brackets: &Group) -> bool {
    if brackets.delimiter() != Delimiter::Bracket {
        return false;
    }
    let mut tokens = brackets.stream().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(name)), _) if name == "ignore" => true,
        (Some(TokenTree::Ident(name)), Some(TokenTree::Group(arguments))) if name == "cfg_attr" => {
            arguments.stream().into_iter().any(|token| matches!(token, TokenTree::Ident(name) if name == "ignore"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(text: &str, lines: &[usize]) {
        let source = Source::parse("crates/a/src/lib.rs", text.to_owned()).unwrap();
        let found: Vec<_> = check(&source).iter().map(|violation| violation.line).collect();
        assert_eq!(found, lines, "{text}");
    }

    #[test]
    fn unfinished_code_is_found() {
        expect("fn a() {\n    todo!()\n}\nfn b() { assert!(\n dbg!(1) == 1); }\n", &[2, 5]);
    }

    #[test]
    fn ignored_tests_are_found() {
        expect("#[test]\n#[ignore]\nfn a() {}\n", &[2]);
        expect("#[ignore = \"slow\"]\nfn a() {}\n", &[1]);
        expect("#[cfg_attr(unix, ignore)]\nfn a() {}\n", &[1]);
        expect("proptest! {\n    #[test]\n    #[ignore]\n    fn a(x in 0..3) {}\n}\n", &[3]);
    }

    #[test]
    fn words_alone_pass() {
        expect("/// todo!() and #[ignore]\nfn ignore(todo: bool) -> bool { !todo }\n", &[]);
        expect("const TEXT: &str = \"dbg!(1) #[ignore]\";\n#[cfg_attr(unix, inline)]\nfn a() { todo != dbg; }\n", &[]);
    }
}
