//! No panic reaches C or Node: every export is written so that one catches it. This reads the sources and
//! fails where an export is not.

use crate::support;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Expr, ImplItemFn, ItemFn, ItemImpl, Macro, Signature, Stmt};

/// The only files that may catch a panic; the exports of their folders go through them.
const CATCHING: [&str; 2] = ["src/capi/boundary.rs", "src/node/boundary.rs"];

/// The files in which `unsafe` may be written (DESIGN: the C helper, the C library, the hot callback of the addon
/// and, in test builds, its counting allocator).
const UNSAFE: [&str; 4] = ["src/helper/", "src/capi/", "src/node/hot.rs", "src/hooks.rs"];

/// Reads one file and notes what breaks the rules.
struct Reader<'a> {
    file: &'a str,
    in_task: bool,
    violations: Vec<String>,
}

/// The violations in the text of one file.
fn violations(file: &str, text: &str) -> Vec<String> {
    let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut reader = Reader { file, in_task: false, violations: Vec::new() };
    reader.visit_file(&syntax);
    reader.violations
}

impl Reader<'_> {
    fn report(&mut self, place: &impl Spanned, what: impl std::fmt::Display) {
        let line = place.span().start().line;
        self.violations.push(format!("{}:{line}: {what}", self.file));
    }

    fn is_in(&self, folder: &str) -> bool {
        self.file.starts_with(folder)
    }

    fn function(&mut self, attributes: &[Attribute], signature: &Signature, body: &Block) {
        let name = &signature.ident;
        let exported = attributes.iter().any(|attribute| mentions(attribute, &["no_mangle", "export_name"]));
        if signature.abi.is_some() || exported {
            match () {
                () if self.is_in("src/capi/") && !is_one_call(body, "boundary") => {
                    self.report(
                        signature,
                        format_args!("the body of {name} is not one call of boundary(..)"),
                    );
                }
                () if self.is_in("src/node/") && !starts_with_call(body, "caught") => {
                    self.report(signature, format_args!("{name} does not start with caught(..)"));
                }
                () if !self.is_in("src/capi/") && !self.is_in("src/node/") => {
                    self.report(signature, format_args!("{name} is an export outside of the surfaces"));
                }
                () => {}
            }
        }
        if exported && signature.abi.is_none() {
            self.report(signature, format_args!("{name} is exported without a C interface"));
        }
        let napi = attributes.iter().any(|attribute| mentions(attribute, &["napi"]));
        if napi && !attributes.iter().any(|attribute| mentions(attribute, &["catch_unwind"])) {
            self.report(signature, format_args!("{name} is #[napi] without catch_unwind"));
        }
        if self.in_task && name == "compute" && !starts_with_call(body, "caught") {
            self.report(
                signature,
                "compute does not start with caught(..): napi catches nothing on its threads",
            );
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        let name = item.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
        let outer = std::mem::replace(
            &mut self.in_task,
            name.is_some_and(|name| name.ident.to_string().ends_with("Task")),
        );
        visit::visit_item_impl(self, item);
        self.in_task = outer;
    }

    fn visit_ident(&mut self, ident: &'ast proc_macro2::Ident) {
        if ident == "catch_unwind" && !CATCHING.contains(&self.file) {
            self.report(ident, "catch_unwind outside of the two boundaries");
        }
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let lifts = ["allow", "expect", "warn"].iter().any(|level| attribute.path().is_ident(level));
        if lifts && mentions(attribute, &["unsafe_code"]) && !UNSAFE.iter().any(|place| self.is_in(place)) {
            self.report(attribute, "unsafe code outside of its places");
        }
        // Not the default visit: `#[napi(catch_unwind)]` is no use of the function.
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        // What a macro writes cannot be read here, so it may not write anything that is judged here.
        for word in ["catch_unwind", "no_mangle", "extern"] {
            if has_word(&item.tokens, word) {
                self.report(item, format_args!("a macro hides {word}"));
            }
        }
        visit::visit_macro(self, item);
    }
}

fn has_word(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => has_word(&group.stream(), word),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Whether an attribute is one of these, or holds one of these words, as in `#[unsafe(no_mangle)]` and
/// `#[cfg_attr(.., napi(catch_unwind))]`.
fn mentions(attribute: &Attribute, words: &[&str]) -> bool {
    let inside = match &attribute.meta {
        syn::Meta::List(list) => list.tokens.clone(),
        syn::Meta::Path(_) | syn::Meta::NameValue(_) => TokenStream::new(),
    };
    let last = attribute.path().segments.last();
    words.iter().any(|word| last.is_some_and(|last| last.ident == word) || has_word(&inside, word))
}

/// Whether `expression` is a call of the plain function `name` with one closure.
fn is_call(expression: &Expr, name: &str) -> bool {
    let Expr::Call(call) = expression else { return false };
    let Expr::Path(function) = &*call.func else { return false };
    function.path.is_ident(name)
        && call.args.len() == 1
        && matches!(call.args.first(), Some(Expr::Closure(_)))
}

fn is_one_call(body: &Block, name: &str) -> bool {
    matches!(&body.stmts[..], [Stmt::Expr(expression, None)] if is_call(expression, name))
}

/// Whether the first thing that a body does is the call: `caught(..)`, `caught(..).map(..)`, `let x = caught(..);`,
/// `match caught(..) { .. }`.
fn starts_with_call(body: &Block, name: &str) -> bool {
    fn first(expression: &Expr, name: &str) -> bool {
        match expression {
            Expr::Match(inner) => first(&inner.expr, name),
            Expr::MethodCall(inner) => first(&inner.receiver, name),
            Expr::Try(inner) => first(&inner.expr, name),
            Expr::Let(inner) => first(&inner.expr, name),
            Expr::If(inner) => first(&inner.cond, name),
            call => is_call(call, name),
        }
    }
    match body.stmts.first() {
        Some(Stmt::Expr(expression, _)) => first(expression, name),
        Some(Stmt::Local(local)) => local.init.as_ref().is_some_and(|init| first(&init.expr, name)),
        _ => false,
    }
}

#[test]
fn every_export_catches_panics() {
    let files = support::rust_files("src");
    let violations: Vec<String> = files.iter().flat_map(|(file, text)| violations(file, text)).collect();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[test]
fn the_exports_are_where_this_looks() {
    let files: BTreeSet<String> = support::rust_files("src").into_iter().map(|(file, _)| file).collect();
    for file in CATCHING {
        assert!(files.contains(file), "{file} has moved");
    }
    let exports = |folder: &str, mark: &str| -> usize {
        support::rust_files(folder).iter().map(|(_, text)| text.matches(mark).count()).sum()
    };
    assert!(exports("src/capi", "extern \"C\" fn callgate_") > 10);
    assert!(exports("src/node", "#[napi(") > 5);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn planted_violations_are_found() {
    for (file, text, expected) in [
        // The C library.
        ("src/capi/x.rs", "#[unsafe(no_mangle)] pub extern \"C\" fn f() -> i32 { boundary(|| Ok(0)) }", None),
        ("src/capi/x.rs", "pub extern \"C\" fn f() -> i32 { 0 }", Some("not one call of boundary")),
        (
            "src/capi/x.rs",
            "pub unsafe extern \"C\" fn f(p: &i32) -> i32 { let x = *p; boundary(|| Ok(x)) }",
            Some("not one call"),
        ),
        (
            "src/capi/x.rs",
            "extern \"C\" fn f() -> i32 { boundary(|| Ok(0)); 0 }",
            Some("not one call of boundary"),
        ),
        (
            "src/capi/x.rs",
            "extern \"C\" fn f() -> i32 { boundary(work()) }",
            Some("not one call of boundary"),
        ),
        (
            "src/capi/x.rs",
            "extern \"C\" fn f() -> i32 { other::boundary(|| Ok(0)) }",
            Some("not one call of boundary"),
        ),
        ("src/capi/x.rs", "extern \"system\" fn f() -> i32 { 0 }", Some("not one call of boundary")),
        (
            "src/capi/x.rs",
            "struct S; impl S { extern \"C\" fn f() -> i32 { 0 } }",
            Some("not one call of boundary"),
        ),
        ("src/capi/x.rs", "mod m { extern \"C\" fn f() -> i32 { 0 } }", Some("not one call of boundary")),
        (
            "src/capi/x.rs",
            "#[unsafe(no_mangle)] pub fn f() -> i32 { boundary(|| Ok(0)) }",
            Some("without a C interface"),
        ),
        (
            "src/capi/x.rs",
            "#[unsafe(export_name = \"f\")] fn f() -> i32 { boundary(|| Ok(0)) }",
            Some("without a C interface"),
        ),
        ("src/capi/x.rs", "export! { extern \"C\" fn f() -> i32 { 0 } }", Some("a macro hides extern")),
        (
            "src/capi/x.rs",
            "macro_rules! m { () => { #[no_mangle] fn f() {} } }",
            Some("a macro hides no_mangle"),
        ),
        ("src/capi/x.rs", "use std::panic::catch_unwind;", Some("outside of the two boundaries")),
        (
            "src/capi/x.rs",
            "fn f() { let _ = std::panic::catch_unwind(|| 0); }",
            Some("outside of the two boundaries"),
        ),
        ("src/capi/boundary.rs", "use std::panic::catch_unwind;", None),
        ("src/capi/x.rs", "#![expect(unsafe_code, reason = \"C\")]", None),
        // The addon.
        ("src/node/x.rs", "#[napi(catch_unwind)] pub fn f() {}", None),
        ("src/node/x.rs", "#[napi] pub fn f() {}", Some("#[napi] without catch_unwind")),
        ("src/node/x.rs", "#[napi(js_name = \"g\")] pub fn f() {}", Some("#[napi] without catch_unwind")),
        ("src/node/x.rs", "#[napi_derive::napi] pub fn f() {}", Some("#[napi] without catch_unwind")),
        (
            "src/node/x.rs",
            "#[cfg_attr(feature = \"node\", napi)] pub fn f() {}",
            Some("#[napi] without catch_unwind"),
        ),
        (
            "src/node/x.rs",
            "#[napi] impl S { #[napi] pub fn f(&self) {} }",
            Some("#[napi] without catch_unwind"),
        ),
        ("src/node/x.rs", "#[napi] impl S { #[napi(catch_unwind)] pub fn f(&self) {} }", None),
        (
            "src/node/x.rs",
            "impl Task for T { fn compute(&mut self) -> R { caught(|| work()).ok_or(E) } }",
            None,
        ),
        (
            "src/node/x.rs",
            "impl Task for T { fn compute(&mut self) -> R { match caught(|| work()) { x => x } } }",
            None,
        ),
        (
            "src/node/x.rs",
            "impl napi::Task for T { fn compute(&mut self) -> R { work() } }",
            Some("compute does not start"),
        ),
        (
            "src/node/x.rs",
            "impl ScopedTask<'_> for T { fn compute(&mut self) -> R { work() } }",
            Some("compute does not start"),
        ),
        (
            "src/node/x.rs",
            "impl Task for T { fn compute(&mut self) -> R { work(); caught(|| 1) } }",
            Some("compute does not start"),
        ),
        (
            "src/node/x.rs",
            "unsafe extern \"C\" fn f(env: E) -> V { work(env) }",
            Some("does not start with caught"),
        ),
        (
            "src/node/x.rs",
            "unsafe extern \"C\" fn f(env: E) -> V { match caught(|| work(env)) { x => x } }",
            None,
        ),
        ("src/node/x.rs", "fn f() { let _ = catch_unwind(|| 0); }", Some("outside of the two boundaries")),
        ("src/node/x.rs", "fn f() { m!(catch_unwind(|| 0)); }", Some("a macro hides catch_unwind")),
        (
            "src/node/x.rs",
            "#![expect(unsafe_code, reason = \"fast\")]",
            Some("unsafe code outside of its places"),
        ),
        ("src/node/hot.rs", "#![expect(unsafe_code, reason = \"fast\")]", None),
        // Everything else.
        ("src/audit/x.rs", "#[allow(unsafe_code)] fn f() {}", Some("unsafe code outside of its places")),
        (
            "src/audit/x.rs",
            "pub extern \"C\" fn f() -> i32 { boundary(|| Ok(0)) }",
            Some("outside of the surfaces"),
        ),
        (
            "src/audit/x.rs",
            "use std::panic;\nfn f() { panic::catch_unwind(|| 0); }",
            Some("x.rs:2: catch_unwind outside"),
        ),
        ("src/helper/x.rs", "unsafe extern \"C\" { pub fn cg_json_index(); }", None),
        ("src/audit/x.rs", "type F = extern \"C\" fn();", None),
    ] {
        let found = violations(file, text);
        match expected {
            None => assert!(found.is_empty(), "{text}: {found:?}"),
            Some(what) => assert!(found.iter().any(|found| found.contains(what)), "{text}: {found:?}"),
        }
    }
}

/// The lines of a manifest that make a panic abort the process.
fn aborts(manifest: &str) -> Vec<&str> {
    let code = |line: &str| line.split('#').next().unwrap_or_default().replace([' ', '\t', '"', '\''], "");
    manifest.lines().filter(|line| code(line).contains("panic=abort")).collect()
}

#[test]
fn panics_unwind_in_every_profile() {
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        assert_eq!(aborts(&support::read(manifest)), [""; 0], "{manifest}: every boundary would be dead");
    }
    for (line, found) in [
        ("panic = \"abort\"", true),
        ("panic='abort'", true),
        ("release = { lto = true, panic = \"abort\" }", true),
        ("panic = \"deny\"", false),
        ("# No `panic = \"abort\"`: every boundary catches panics", false),
    ] {
        assert_eq!(!aborts(line).is_empty(), found, "{line}");
    }
}
