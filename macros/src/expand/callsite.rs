//! The `static` with everything about a call site that is known at compile time.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{Expr, Ident};

use super::{at, hidden};
use crate::args::{Cancel, FieldArgs, Kind, Level, literal};
use crate::check::{STANDARD, defaults};
use crate::plan::{Limits, Plan, Show};

/// `static __CALLSITE: Callsite = …;`, which a macro of the runtime makes part of the list of all call sites. Only what is not as it
/// is by default is said: each expression in the initialiser costs the compiler time.
pub(super) fn expand(plan: &Plan) -> TokenStream {
    let ident = &plan.func.sig.ident;
    let function = ident.unraw().to_string();
    // `line!()` is the line of the outermost invocation: with the user's span, that of the function's name.
    let line = quote_spanned!(ident.span()=> ::core::line!());
    let name = plan.name.as_ref().map(|name| quote!(.named(#name)));
    let receiver = plan.func.has_receiver().then(|| quote!(.with_receiver()));
    let cancel = matches!(plan.cancel, Cancel::Error).then(|| quote!(.cancelled_is_error()));
    let common = common(plan.kind, plan.level, plan.limits);
    let measured = plan.metrics.map(|span| {
        // At the option: without the feature, this is an error that names it.
        let site = quote_spanned!(at(span)=> ::wirespan::__private::site!());
        quote!(.measured(#site))
    });
    let more = quote!(#name #receiver #cancel #common #measured);
    the_static(&function, &line, &parameters(plan), &more)
}

fn the_static(function: &str, line: &TokenStream, parameters: &str, more: &TokenStream) -> TokenStream {
    let callsite = hidden("__CALLSITE");
    quote!(::wirespan::__private::callsite! { #callsite = #function, #line, #parameters; #more })
}

/// What both kinds of call sites may say.
fn common(kind: Kind, level: Level, limits: Limits) -> TokenStream {
    let kind = kind_of(kind).map(|kind| quote!(.of_kind(::wirespan::__private::Kind::#kind)));
    let level = level_of(level).map(|level| quote!(.at_level(::wirespan::__private::Level::#level)));
    let limits = (limits != STANDARD).then(|| {
        let max_value = Literal::u32_unsuffixed(limits.max_value);
        let max_span = Literal::u32_unsuffixed(limits.max_span);
        quote!(.limited(#max_value, #max_span))
    });
    quote!(#kind #level #limits)
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

/// The variant's name, unless it is the default.
fn level_of(level: Level) -> Option<Ident> {
    let word = match level {
        Level::Info => return None,
        Level::Error => "Error",
        Level::Warn => "Warn",
        Level::Debug => "Debug",
        Level::Trace => "Trace",
    };
    Some(hidden(word))
}

/// The variant's name, unless it is the default.
fn kind_of(kind: Kind) -> Option<Ident> {
    let word = match kind {
        Kind::Internal => return None,
        Kind::Server => "Server",
        Kind::Client => "Client",
        Kind::Producer => "Producer",
        Kind::Consumer => "Consumer",
    };
    Some(hidden(word))
}

/// A span that stands in the source by itself.
pub(crate) struct ByHand<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: Kind,
    pub(crate) level: Level,
    pub(crate) fields: &'a [FieldArgs],
}

/// The call site of such a span. The function around it is known from the subject only.
pub(crate) fn by_hand(span: &ByHand<'_>) -> TokenStream {
    let mut parameters = String::new();
    span.fields.iter().for_each(|field| add_field(&mut parameters, &field.key.value, &field.expr));
    let (name, common) = (span.name, common(span.kind, span.level, defaults()));
    the_static("", &quote!(::core::line!()), &parameters, &quote!(.named(#name) #common))
}
