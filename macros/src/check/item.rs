//! What `#[traced]` can stand on: functions with a body that may run code before and after it.

use syn::{Attribute, LitStr, Meta};

use crate::diag::{Diags, Spot};
use crate::sig::{Func, Other, is_traced};

/// Places of the item's tokens: attributes come first, then qualifiers.
const ATTRIBUTES: usize = 0;
const QUALIFIERS: usize = 1 << 10;

/// The item is no function.
pub(super) fn reject_other(other: &Other, diags: &mut Diags) {
    let help = match other.what {
        "a struct" | "an enum" | "a union" => {
            "put it on a function; to record values of a type, write `#[derive(Capture)]` on the type"
        }
        "a trait" => "put it on each method that is to be traced",
        "a module" => "put it on each function that is to be traced",
        "a closure" | "a `let`" | "an expression" => {
            "move the code into a function and put `#[traced]` on that"
        }
        "a macro" | "a macro's call" => "put it on the function that the macro writes",
        "a function of this form" => "move the code into a plain `fn` and put `#[traced]` on that",
        _ => "put it on a function",
    };
    diags.report(Spot::item(other.span, QUALIFIERS), format!("`#[traced]` cannot wrap {}", other.what), help);
}

/// The function is of a kind that cannot run code around its body.
pub(super) fn reject_unsupported(func: &Func, diags: &mut Diags) {
    let name = &func.sig.ident;
    for (index, attribute) in func.attrs.iter().enumerate() {
        reject_attribute(attribute, &name.to_string(), ATTRIBUTES + index, diags);
    }
    if let Some(token) = &func.sig.constness {
        diags.report(
            Spot::item(token.span, QUALIFIERS),
            "`#[traced]` cannot wrap a `const fn`: a span reads the clock when it starts",
            if func.in_block {
                "write `#[traced(off)]` on it, or remove `const`".to_owned()
            } else {
                format!("remove `const`, or put `#[traced]` on a function that calls `{name}`")
            },
        );
    }
    if let Some(abi) = func.sig.abi.as_ref().filter(|abi| !is_rust(abi.name.as_ref())) {
        let written = abi
            .name
            .as_ref()
            .map_or_else(|| "extern".to_owned(), |name| format!("extern {:?}", name.value()));
        diags.report(
            Spot::item(abi.extern_token.span, QUALIFIERS + 1),
            format!("`#[traced]` cannot wrap an `{written}` function: a panic must not cross it"),
            format!("put `#[traced]` on a Rust function that `{name}` calls"),
        );
    }
    if func.body.is_none() {
        diags.report(
            Spot::item(name.span(), QUALIFIERS + 2),
            format!("`#[traced]` cannot wrap `{name}`: it has no body"),
            "put `#[traced]` on its implementations, or give it a default body",
        );
    }
}

fn reject_attribute(attribute: &Attribute, name: &str, at: usize, diags: &mut Diags) {
    let Some(last) = attribute.path().segments.last() else { return };
    let spot = Spot::item(last.ident.span(), at);
    if is_traced(attribute) {
        diags.report(
            spot,
            format!("`#[traced]` is on `{name}` twice"),
            "remove one of the two, and join their options",
        );
    }
    if attribute.path().is_ident("track_caller") {
        diags.report(
            spot,
            "`#[traced]` cannot keep `#[track_caller]`: the caller would be the span, not your caller",
            "remove one of the two",
        );
    }
    if attribute.path().is_ident("naked") || is_unsafe_naked(&attribute.meta) {
        diags.report(
            spot,
            "`#[traced]` cannot wrap a naked function",
            format!("put it on a function that calls `{name}`"),
        );
    }
}

/// `#[unsafe(naked)]`.
fn is_unsafe_naked(meta: &Meta) -> bool {
    let Meta::List(list) = meta else { return false };
    list.path.is_ident("unsafe") && list.tokens.to_string() == "naked"
}

fn is_rust(abi: Option<&LitStr>) -> bool {
    abi.is_some_and(|abi| abi.value() == "Rust")
}
