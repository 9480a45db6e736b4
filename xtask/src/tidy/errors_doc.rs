//! Does every public fallible function say when it fails?

use syn::visit::{self, Visit};
use syn::{
    Attribute, Expr, GenericArgument, ImplItemFn, ItemFn, ItemImpl, ItemMod, ItemTrait, Lit, Meta, PathArguments,
    PathSegment, ReturnType, Signature, TraitItem, Type, TypeParamBound, Visibility,
};

use super::source::Source;
use super::violation::Violation;

/// Reports public functions that may fail and have no `# Errors` section; tests, benches and xtask are free.
pub(crate) fn check(source: &Source) -> Vec<Violation> {
    if !source.is_published_code() {
        return Vec::new();
    }
    let mut functions = Functions { path: &source.path, violations: Vec::new() };
    functions.visit_file(&source.file);
    functions.violations
}

/// Finds undocumented fallible functions.
struct Functions<'a> {
    path: &'a str,
    violations: Vec<Violation>,
}

impl Functions<'_> {
    fn check(&mut self, visibility: &Visibility, attributes: &[Attribute], signature: &Signature) {
        let is_public = matches!(visibility, Visibility::Public(_));
        if !is_public || !may_fail(&signature.output) || has_errors_section(attributes) {
            return;
        }
        let what = format!("public fallible function `{}` does not say when it fails", signature.ident);
        let line = signature.fn_token.span.start().line;
        self.violations.push(Violation::new(self.path, line, what, "an `# Errors` section"));
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !module.attrs.iter().any(is_cfg_test) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.check(&function.vis, &function.attrs, &function.sig);
    }

    fn visit_item_impl(&mut self, block: &'ast ItemImpl) {
        // Implementations inherit the words of their trait.
        if block.trait_.is_none() {
            visit::visit_item_impl(self, block);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.check(&function.vis, &function.attrs, &function.sig);
    }

    fn visit_item_trait(&mut self, item: &'ast ItemTrait) {
        for member in &item.items {
            if let TraitItem::Fn(function) = member {
                self.check(&item.vis, &function.attrs, &function.sig);
            }
        }
    }
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("cfg") && list.tokens.to_string() == "test")
}

fn has_errors_section(attributes: &[Attribute]) -> bool {
    attributes.iter().filter_map(doc_text).any(|text| text.lines().any(|line| line.trim() == "# Errors"))
}

fn doc_text(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(literal) if pair.path.is_ident("doc") => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

fn may_fail(output: &ReturnType) -> bool {
    matches!(output, ReturnType::Type(_, returned) if is_result(returned))
}

/// Returns whether a type is, by its name, a result or the future of one.
fn is_result(returned: &Type) -> bool {
    match returned {
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|name| name.ident == "Result" || name.ident == "ToolResult")
        }
        Type::ImplTrait(future) => future.bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(outputs_result),
            _ => false,
        }),
        _ => false,
    }
}

/// Returns whether a bound is `…<Output = a result>`.
fn outputs_result(bound: &PathSegment) -> bool {
    let PathArguments::AngleBracketed(arguments) = &bound.arguments else { return false };
    arguments.args.iter().any(|argument| match argument {
        GenericArgument::AssocType(output) => output.ident == "Output" && is_result(&output.ty),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect_in(path: &str, text: &str, lines: &[usize]) {
        let source = Source::parse(path, text.to_owned()).unwrap();
        let found: Vec<_> = check(&source).iter().map(|violation| violation.line).collect();
        assert_eq!(found, lines, "{text}");
    }

    #[track_caller]
    fn expect(text: &str, lines: &[usize]) {
        expect_in("crates/a/src/lib.rs", text, lines);
    }

    #[test]
    fn undocumented_failure_is_found() {
        expect("/// Reads.\npub fn read() -> io::Result<()> { a() }\n", &[2]);
        expect("impl A {\n    /// Reads.\n    pub async fn read(&self) -> Result<(), E> { a() }\n}\n", &[3]);
        expect("mod inner {\n    pub fn read() -> ToolResult { a() }\n}\n", &[2]);
    }

    #[test]
    fn public_trait_promises_too() {
        let methods =
            "\n    fn a(&self) -> Result<A, E>;\n    fn b(&self) -> impl Future<Output = ToolResult> + Send;\n";
        expect(&format!("pub trait A {{{methods}}}"), &[2, 3]);
        expect(&format!("pub(crate) trait A {{{methods}}}"), &[]);
    }

    #[test]
    fn errors_section_passes() {
        expect("/// Reads.\n///\n/// # Errors\n///\n/// If it must.\npub fn read() -> Result<(), E> { a() }\n", &[]);
        expect("/** Reads.\n\n # Errors\n\n If it must. */\npub fn read() -> Result<(), E> { a() }\n", &[]);
        expect("/// Not under # Errors.\npub fn read() -> Result<(), E> { a() }\n", &[2]);
    }

    #[test]
    fn private_and_infallible_pass() {
        expect("fn a() -> Result<(), E> { b() }\npub(crate) fn c() -> Result<(), E> { b() }\n", &[]);
        expect(
            "pub fn a() -> Option<u8> { b() }\npub fn b() {}\npub fn c() -> impl Future<Output = u8> { d() }\n",
            &[],
        );
        expect("impl Read for A {\n    fn read(&self) -> Result<(), E> { b() }\n}\n", &[]);
    }

    #[test]
    fn tests_and_tools_are_free() {
        let text = "pub fn a() -> Result<(), E> { b() }\n";
        expect_in("xtask/src/run.rs", text, &[]);
        expect_in("crates/a/tests/it/main.rs", text, &[]);
        expect(&format!("#[cfg(test)]\nmod tests {{ {text} }}\n"), &[]);
        expect(&format!("#[cfg(feature = \"test-util\")]\nmod testing {{ {text} }}\n"), &[2]);
    }
}
