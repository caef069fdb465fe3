//! The `static` with everything about a call site that is known at compile time.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;
use syn::ext::IdentExt as _;

use super::{at, hidden};
use crate::args::{Cancel, FieldArgs, Kind, Level, literal};
use crate::check::defaults;
use crate::plan::{Limits, Plan, Show};

/// `static __CALLSITE: Callsite = …;`, which a macro of the runtime makes part of the list of all call sites.
pub(super) fn expand(plan: &Plan) -> TokenStream {
    let callsite = hidden("__CALLSITE");
    let ident = &plan.func.sig.ident;
    let function = ident.unraw().to_string();
    // `line!()` is the line of the outermost invocation: with the user's span, that of the function's name.
    let line = quote_spanned!(ident.span()=> ::core::line!());
    let name = plan.name.as_ref().map_or_else(
        || quote!(::core::option::Option::None),
        |name| quote!(::core::option::Option::Some(#name)),
    );
    let (kind, level, cancel) = (kind(plan.kind), level(plan.level), cancel(plan.cancel));
    let receiver = plan.func.has_receiver();
    let parameters = parameters(plan);
    let max_value = Literal::u32_unsuffixed(plan.limits.max_value);
    let max_span = Literal::u32_unsuffixed(plan.limits.max_span);
    let measured = plan.metrics.map(|span| {
        // At the option: without the feature, this is an error that names it.
        let site = quote_spanned!(at(span)=> ::wirespan::__private::site!());
        quote!(; #site)
    });
    quote! {
        ::wirespan::__private::callsite! { #callsite =
            ::wirespan::__private::Source {
                function: #function,
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: #line,
                package: ::core::option_env!("CARGO_PKG_NAME"),
                version: ::core::option_env!("CARGO_PKG_VERSION"),
            }; ::wirespan::__private::Options {
                name: #name,
                kind: #kind,
                level: #level,
                receiver: #receiver,
                parameters: #parameters,
                max_value: #max_value,
                max_span: #max_span,
                cancel: #cancel,
            } #measured
        }
    }
}

/// What becomes of each parameter and field, as one text: a mark, the name, a zero byte. `wirespan::Parameter` reads it. A
/// literal value of a field stands between the last two.
fn parameters(plan: &Plan) -> String {
    let mut all = String::new();
    for binding in plan.func.bindings() {
        let shown = plan.captures.iter().find(|capture| capture.ident == binding.ident);
        let mark = match shown.map(|capture| capture.show) {
            Some(Show::Excluded) => '-',
            Some(_) => '=',
            None if plan.redacted.contains(&binding.name) => '!',
            None => '_',
        };
        add(&mut all, mark, &binding.name);
    }
    for field in &plan.fields {
        add_field(&mut all, &field.name, &field.expr);
    }
    if plan.ret {
        add(&mut all, '.', "return");
    }
    all
}

fn add(all: &mut String, mark: char, name: &str) {
    all.push(mark);
    all.push_str(&name.replace('\0', "\u{fffd}"));
    all.push('\0');
}

/// A field; one whose value stands in the source has that value behind its name.
fn add_field(all: &mut String, name: &str, expr: &Expr) {
    add(all, '.', &name.replace('\u{1}', "\u{fffd}"));
    if let Some(literal) = literal(expr) {
        all.pop();
        all.extend(["\u{1}", &literal, "\0"]);
    }
}

fn level(level: Level) -> TokenStream {
    match level {
        Level::Error => quote!(::wirespan::__private::Level::Error),
        Level::Warn => quote!(::wirespan::__private::Level::Warn),
        Level::Info => quote!(::wirespan::__private::Level::Info),
        Level::Debug => quote!(::wirespan::__private::Level::Debug),
        Level::Trace => quote!(::wirespan::__private::Level::Trace),
    }
}

/// A span that stands in the source by itself.
pub(crate) struct ByHand<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: Kind,
    pub(crate) fields: &'a [FieldArgs],
}

/// The call site of such a span. The function around it is known from the subject only.
pub(crate) fn by_hand(span: &ByHand<'_>) -> TokenStream {
    let callsite = hidden("__CALLSITE");
    let (name, kind, level) = (span.name, kind(span.kind), level(Level::Info));
    let mut parameters = String::new();
    span.fields.iter().for_each(|field| add_field(&mut parameters, &field.key.value, &field.expr));
    let Limits { max_value, max_span } = defaults();
    quote! {
        ::wirespan::__private::callsite! { #callsite =
            ::wirespan::__private::Source {
                function: "",
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                package: ::core::option_env!("CARGO_PKG_NAME"),
                version: ::core::option_env!("CARGO_PKG_VERSION"),
            }; ::wirespan::__private::Options {
                name: ::core::option::Option::Some(#name),
                kind: #kind,
                level: #level,
                receiver: false,
                parameters: #parameters,
                max_value: #max_value,
                max_span: #max_span,
                cancel: ::wirespan::__private::Cancel::Unset,
            }
        }
    }
}

fn kind(kind: Kind) -> TokenStream {
    match kind {
        Kind::Internal => quote!(::wirespan::__private::Kind::Internal),
        Kind::Server => quote!(::wirespan::__private::Kind::Server),
        Kind::Client => quote!(::wirespan::__private::Kind::Client),
        Kind::Producer => quote!(::wirespan::__private::Kind::Producer),
        Kind::Consumer => quote!(::wirespan::__private::Kind::Consumer),
    }
}

fn cancel(cancel: Cancel) -> TokenStream {
    match cancel {
        Cancel::Unset => quote!(::wirespan::__private::Cancel::Unset),
        Cancel::Error => quote!(::wirespan::__private::Cancel::Error),
    }
}
